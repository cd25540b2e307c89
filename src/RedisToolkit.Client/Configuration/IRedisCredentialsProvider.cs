namespace RedisToolkit.Client;

/// <summary>
/// Hands out credentials that change while the process runs: rotated passwords, tokens of a cloud's identity service.
/// Asked at each connect and reconnect, and again after <see cref="RedisCredentials.RefreshAfter"/>.
/// </summary>
public interface IRedisCredentialsProvider
{
    /// <summary>Gets the credentials for a server. Called by several connections at once.</summary>
    /// <param name="endpoint">The server that will be signed in to.</param>
    /// <param name="cancellationToken">Ends with the connect's own time limit, <see cref="RedisClientOptions.ConnectTimeout"/>.</param>
    ValueTask<RedisCredentials> GetCredentialsAsync(RedisEndpoint endpoint, CancellationToken cancellationToken);
}
