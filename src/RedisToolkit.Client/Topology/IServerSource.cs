namespace RedisToolkit.Client;

/// <summary>Knows where the server of a <see cref="ServerNode"/> is: an address of the options, what sentinels say, a node of a cluster.</summary>
internal interface IServerSource
{
    /// <summary>Gets the server that the next attempt most likely goes to, for measurements and messages.</summary>
    RedisEndpoint Likely { get; }

    /// <summary>Gets how many attempts in a row must fail until every address has been tried.</summary>
    int Candidates { get; }

    /// <summary>Gets a value indicating whether the server may be elsewhere in a moment: then who finds none waits for it, within his deadline.</summary>
    bool Moves { get; }

    /// <summary>Finds the server for one attempt.</summary>
    /// <param name="attempt">How many have failed in a row, counted from where this party began.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="RedisConnectionException">It is not known where the server is; tells why.</exception>
    ValueTask<RedisEndpoint> LocateAsync(int attempt, CancellationToken cancellationToken);

    /// <summary>Makes sure, on a connection that is signed in and that nobody uses yet, that this is the server meant.</summary>
    /// <exception cref="RedisException">It is not, or it did not say.</exception>
    ValueTask VerifyAsync(RedisConnection connection, CancellationToken cancellationToken);
}
