namespace RedisToolkit.Client;

/// <content>Keys of every type.</content>
public static partial class RedisClientExtensions
{
    /// <inheritdoc cref="RedisKeys.Delete"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>Whether the key existed. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<bool> DeleteAsync(this IRedisClient redis, RedisArgument key, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisKeys.Delete(key), cancellationToken);

    /// <inheritdoc cref="RedisKeys.DeleteMany"/>
    /// <param name="redis">The client.</param>
    /// <param name="keys">1 or more keys; in a cluster, of one slot.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>How many of them existed. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<long> DeleteManyAsync(this IRedisClient redis, ReadOnlySpan<RedisArgument> keys, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisKeys.DeleteMany(keys), cancellationToken);

    /// <inheritdoc cref="RedisKeys.Exists"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether the key exists. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<bool> ExistsAsync(this IRedisClient redis, RedisArgument key, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisKeys.Exists(key), cancellationToken);

    /// <inheritdoc cref="RedisKeys.Expire"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key.</param>
    /// <param name="timeToLive">1 ms or more; a part of a millisecond counts as a whole one.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>False if the key is missing. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<bool> ExpireAsync(this IRedisClient redis, RedisArgument key, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisKeys.Expire(key, timeToLive), cancellationToken);

    /// <inheritdoc cref="RedisKeys.Persist"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>False if the key is missing or had no time to live. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<bool> PersistAsync(this IRedisClient redis, RedisArgument key, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisKeys.Persist(key), cancellationToken);

    /// <inheritdoc cref="RedisKeys.TimeToLive"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether the key exists, and how long it will be kept. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<KeyTimeToLive> TimeToLiveAsync(this IRedisClient redis, RedisArgument key, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisKeys.TimeToLive(key), cancellationToken);
}
