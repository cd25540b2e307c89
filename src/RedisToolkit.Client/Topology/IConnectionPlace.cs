namespace RedisToolkit.Client;

/// <summary>Where somebody gets connections that he keeps to himself.</summary>
internal interface IConnectionPlace
{
    /// <summary>Gets the server that the next attempt most likely goes to, for messages.</summary>
    RedisEndpoint Likely { get; }

    /// <summary>Finds the server for one attempt.</summary>
    ValueTask<RedisEndpoint> LocateAsync(int attempt, CancellationToken cancellationToken);

    /// <summary>Opens a connection to it.</summary>
    /// <exception cref="RedisConnectionException">No connection; tells why.</exception>
    Task<RedisConnection> OpenAsync(RedisEndpoint endpoint, Action<RedisConnection>? prepare, int? ringCapacity, CancellationToken cancellationToken);
}
