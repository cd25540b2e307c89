namespace RedisToolkit.Client;

/// <content>Hashes.</content>
public static partial class RedisClientExtensions
{
    /// <inheritdoc cref="RedisHashes.Get"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key of the hash.</param>
    /// <param name="field">The field.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The text, or null if the hash or the field is missing. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<string?> HashGetAsync(this IRedisClient redis, RedisArgument key, RedisArgument field, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisHashes.Get(key, field), cancellationToken);

    /// <inheritdoc cref="RedisHashes.GetMany"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key of the hash.</param>
    /// <param name="fields">1 or more fields.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A text for each field in the order given, null for one that is missing. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<string?[]> HashGetManyAsync(this IRedisClient redis, RedisArgument key, ReadOnlySpan<RedisArgument> fields, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisHashes.GetMany(key, fields), cancellationToken);

    /// <inheritdoc cref="RedisHashes.GetAll"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key of the hash.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>All fields and values; empty if the hash is missing. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<Dictionary<string, string>> HashGetAllAsync(this IRedisClient redis, RedisArgument key, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisHashes.GetAll(key), cancellationToken);

    /// <inheritdoc cref="RedisHashes.Set"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key of the hash.</param>
    /// <param name="field">The field.</param>
    /// <param name="value">The value.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>True if the field is new. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<bool> HashSetAsync(this IRedisClient redis, RedisArgument key, RedisArgument field, RedisArgument value, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisHashes.Set(key, field, value), cancellationToken);

    /// <inheritdoc cref="RedisHashes.SetMany"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key of the hash.</param>
    /// <param name="fields">1 or more fields and values.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>How many fields are new. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<long> HashSetManyAsync(this IRedisClient redis, RedisArgument key, ReadOnlySpan<(RedisArgument Field, RedisArgument Value)> fields, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisHashes.SetMany(key, fields), cancellationToken);

    /// <inheritdoc cref="RedisHashes.Delete"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key of the hash.</param>
    /// <param name="fields">1 or more fields.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>How many of them there were. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<long> HashDeleteAsync(this IRedisClient redis, RedisArgument key, ReadOnlySpan<RedisArgument> fields, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisHashes.Delete(key, fields), cancellationToken);

    /// <inheritdoc cref="RedisHashes.Exists"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key of the hash.</param>
    /// <param name="field">The field.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether the hash has the field. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<bool> HashExistsAsync(this IRedisClient redis, RedisArgument key, RedisArgument field, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisHashes.Exists(key, field), cancellationToken);

    /// <inheritdoc cref="RedisHashes.Increment(RedisArgument, RedisArgument, long)"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key of the hash.</param>
    /// <param name="field">The field.</param>
    /// <param name="by">What to add; negative to subtract.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>The sum. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<long> HashIncrementAsync(this IRedisClient redis, RedisArgument key, RedisArgument field, long by = 1, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisHashes.Increment(key, field, by), cancellationToken);

    /// <inheritdoc cref="RedisHashes.Count"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key of the hash.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The number of fields; 0 if the hash is missing. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<long> HashCountAsync(this IRedisClient redis, RedisArgument key, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisHashes.Count(key), cancellationToken);
}
