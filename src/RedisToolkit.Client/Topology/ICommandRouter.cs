namespace RedisToolkit.Client;

/// <summary>Decides which connection serves a command. One implementation for each way of running servers.</summary>
internal interface ICommandRouter : IAsyncDisposable
{
    /// <summary>Gets the server that the next command most likely goes to, for measurements.</summary>
    ServerIdentity CurrentServer { get; }

    /// <summary>Gets how many commands wait for a connection, or for room on one.</summary>
    int WaitingCount { get; }

    /// <summary>Sends a command, now or when there is a connection with room for it; settles it in any case.</summary>
    void Route(PendingReply pending);

    /// <summary>Waits for the first connection.</summary>
    /// <exception cref="RedisConnectionException">The first attempt failed.</exception>
    Task WaitUntilConnectedAsync(CancellationToken cancellationToken);

    /// <summary>Takes a connection of its own for a command that blocks, or for several that must not be disturbed.</summary>
    /// <exception cref="RedisPoolExhaustedException">None came free in time.</exception>
    ValueTask<DedicatedLease> LeaseAsync(string purpose, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>Gets a number that rises whenever a shared connection is new: what was learned of a server before may no longer hold.</summary>
    long Generation { get; }

    /// <summary>Gets a shared connection that works, for what it knows of its server; null if there is none.</summary>
    RedisConnection? Any { get; }

    /// <summary>Chooses the server for a connection that somebody keeps to himself: the one in use, or the next to be tried.</summary>
    /// <param name="attempt">How many attempts have failed in a row.</param>
    RedisEndpoint EndpointFor(int attempt);
}
