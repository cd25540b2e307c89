namespace RedisToolkit.Client;

/// <summary>The commands that are used most, as methods of the client.</summary>
public static partial class RedisClientExtensions
{
    /// <summary>Sends a command whose shape of reply it carries.</summary>
    /// <typeparam name="T">What the reply becomes.</typeparam>
    /// <param name="redis">The client.</param>
    /// <param name="command">The command and the shape of its reply.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>The reply. Await it once. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<T> ExecuteAsync<T>(this IRedisClient redis, RedisCommand<T> command, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(redis);
        return redis.ExecuteAsync(command.Command, command.Reply, cancellationToken);
    }

    /// <inheritdoc cref="RedisStrings.Get"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The text, or null if the key is missing. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<string?> GetAsync(this IRedisClient redis, RedisArgument key, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisStrings.Get(key), cancellationToken);

    /// <inheritdoc cref="RedisStrings.GetBytes"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The bytes, or null if the key is missing. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<byte[]?> GetBytesAsync(this IRedisClient redis, RedisArgument key, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisStrings.GetBytes(key), cancellationToken);

    /// <inheritdoc cref="RedisStrings.GetPooled"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The bytes, to be disposed. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<PooledBytes> GetPooledAsync(this IRedisClient redis, RedisArgument key, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisStrings.GetPooled(key), cancellationToken);

    /// <inheritdoc cref="RedisStrings.Set(RedisArgument, RedisArgument)"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>When the server has written it. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<bool> SetAsync(this IRedisClient redis, RedisArgument key, RedisArgument value, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisStrings.Set(key, value), cancellationToken);
}
