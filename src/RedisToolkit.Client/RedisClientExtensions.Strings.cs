namespace RedisToolkit.Client;

/// <content>Strings.</content>
public static partial class RedisClientExtensions
{
    /// <inheritdoc cref="RedisStrings.Set(RedisArgument, RedisArgument, Expiry, SetWhen)"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="expiry">How long to keep it; a <see cref="TimeSpan"/> will do.</param>
    /// <param name="when">What must hold.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>Whether it was written: false if the condition did not hold. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<bool> SetAsync(this IRedisClient redis, RedisArgument key, RedisArgument value, Expiry expiry, SetWhen when = SetWhen.Always, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisStrings.Set(key, value, expiry, when), cancellationToken);

    /// <inheritdoc cref="RedisStrings.SetAndGet"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="expiry">How long to keep it; a <see cref="TimeSpan"/> will do.</param>
    /// <param name="when">What must hold.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>The former text, or null if the key was missing. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<string?> SetAndGetAsync(this IRedisClient redis, RedisArgument key, RedisArgument value, Expiry expiry = default, SetWhen when = SetWhen.Always, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisStrings.SetAndGet(key, value, expiry, when), cancellationToken);

    /// <inheritdoc cref="RedisStrings.GetMany"/>
    /// <param name="redis">The client.</param>
    /// <param name="keys">1 or more keys; in a cluster, of one slot.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A text for each key in the order given, null for one that is missing or no string. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<string?[]> GetManyAsync(this IRedisClient redis, ReadOnlySpan<RedisArgument> keys, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisStrings.GetMany(keys), cancellationToken);

    /// <inheritdoc cref="RedisStrings.SetMany"/>
    /// <param name="redis">The client.</param>
    /// <param name="pairs">1 or more keys and values; in a cluster, of one slot.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>When the server has written them. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<bool> SetManyAsync(this IRedisClient redis, ReadOnlySpan<(RedisArgument Key, RedisArgument Value)> pairs, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisStrings.SetMany(pairs), cancellationToken);

    /// <inheritdoc cref="RedisStrings.GetDelete"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The text, or null if the key is missing. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<string?> GetDeleteAsync(this IRedisClient redis, RedisArgument key, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisStrings.GetDelete(key), cancellationToken);

    /// <inheritdoc cref="RedisStrings.GetExpire"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key.</param>
    /// <param name="expiry">How long to keep it; a <see cref="TimeSpan"/> will do.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The text, or null if the key is missing. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<string?> GetExpireAsync(this IRedisClient redis, RedisArgument key, Expiry expiry, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisStrings.GetExpire(key, expiry), cancellationToken);

    /// <inheritdoc cref="RedisStrings.Increment(RedisArgument, long)"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key.</param>
    /// <param name="by">What to add; negative to subtract.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>The sum. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<long> IncrementAsync(this IRedisClient redis, RedisArgument key, long by = 1, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisStrings.Increment(key, by), cancellationToken);

    /// <inheritdoc cref="RedisStrings.Increment(RedisArgument, double)"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key.</param>
    /// <param name="by">What to add; negative to subtract.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>The sum. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<double> IncrementAsync(this IRedisClient redis, RedisArgument key, double by, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisStrings.Increment(key, by), cancellationToken);
}
