namespace RedisToolkit.Client;

/// <summary>Decides which connection serves a command. One implementation for each way of running servers.</summary>
internal interface ICommandRouter : IResubmitter, IAsyncDisposable
{
    /// <summary>Gets the server that the next command most likely goes to, for measurements.</summary>
    ServerIdentity CurrentServer { get; }

    /// <summary>Gets how many commands wait for a connection, or for room on one.</summary>
    int WaitingCount { get; }

    /// <summary>Waits for the first connection.</summary>
    /// <exception cref="RedisConnectionException">The first attempt failed.</exception>
    Task WaitUntilConnectedAsync(CancellationToken cancellationToken);

    /// <summary>Finds the node that serves a command, for whoever wants a connection to himself: see <see cref="ServerNode.LeaseAsync"/>.</summary>
    ServerNode NodeFor(in RedisCommand command);

    /// <summary>Finds a node for a connection that somebody keeps: to listen, or to track what it reads.</summary>
    /// <param name="attempt">How many attempts have failed in a row.</param>
    ServerNode ListeningNode(int attempt);

    /// <summary>A command on a connection that somebody has to himself was refused with an error that redirects: the router takes note of it.</summary>
    /// <returns>True if it makes sense to try again on another connection, within the command's deadline.</returns>
    bool TryFollow(RedisServerException refusal, RedisConnection from);

    /// <summary>Gets a number that rises whenever a shared connection is new: what was learned of a server before may no longer hold.</summary>
    long Generation { get; }

    /// <summary>Gets a shared connection that works, for what it knows of its server; null if there is none.</summary>
    RedisConnection? Any { get; }
}
