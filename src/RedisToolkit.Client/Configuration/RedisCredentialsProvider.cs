namespace RedisToolkit.Client;

/// <summary>Makes an <see cref="IRedisCredentialsProvider"/> from a delegate.</summary>
public static class RedisCredentialsProvider
{
    /// <summary>Makes a provider that asks <paramref name="get"/> each time.</summary>
    /// <param name="get">Gets the credentials for a server. Called by several connections at once.</param>
    public static IRedisCredentialsProvider Create(Func<RedisEndpoint, CancellationToken, ValueTask<RedisCredentials>> get)
    {
        ArgumentNullException.ThrowIfNull(get);
        return new FromDelegate(get);
    }

    private sealed class FromDelegate(Func<RedisEndpoint, CancellationToken, ValueTask<RedisCredentials>> get) : IRedisCredentialsProvider
    {
        public ValueTask<RedisCredentials> GetCredentialsAsync(RedisEndpoint endpoint, CancellationToken cancellationToken) =>
            get(endpoint, cancellationToken);
    }
}
