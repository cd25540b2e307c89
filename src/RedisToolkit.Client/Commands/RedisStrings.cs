namespace RedisToolkit.Client;

/// <summary>Commands on strings, for <see cref="IRedisClient"/> as well as for batches and transactions.</summary>
public static class RedisStrings
{
    private static readonly CommandHeader GetHeader = CommandHeader.Of("GET");
    private static readonly CommandHeader SetHeader = CommandHeader.Of("SET");

    /// <summary>Reads a string as text (UTF-8).</summary>
    /// <param name="key">The key.</param>
    /// <returns>The command; its reply is null if the key is missing. <c>GET</c>, O(1), Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<string?> Get(RedisArgument key) => new(new RedisCommand(GetHeader, key), Replies.Text);

    /// <summary>Reads a string as bytes.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The command; its reply is null if the key is missing. <c>GET</c>, O(1), Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<byte[]?> GetBytes(RedisArgument key) => new(new RedisCommand(GetHeader, key), Replies.Bytes);

    /// <summary>Reads a string into pooled memory.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The command; its reply is to be disposed, and <see cref="PooledBytes.IsNull"/> if the key is missing. <c>GET</c>, O(1), Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<PooledBytes> GetPooled(RedisArgument key) => new(new RedisCommand(GetHeader, key), Replies.Pooled);

    /// <summary>Writes a string that is kept until it is deleted; a time to live that the key had is lost.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <returns>The command. <c>SET</c>, O(1), Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<bool> Set(RedisArgument key, RedisArgument value) => new(new RedisCommand(SetHeader, key, value), Replies.Done);
}
