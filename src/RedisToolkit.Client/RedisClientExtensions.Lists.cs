namespace RedisToolkit.Client;

/// <content>Lists.</content>
public static partial class RedisClientExtensions
{
    /// <inheritdoc cref="RedisLists.PushLeft"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key of the list.</param>
    /// <param name="elements">1 or more elements.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>The new length. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<long> ListPushLeftAsync(this IRedisClient redis, RedisArgument key, ReadOnlySpan<RedisArgument> elements, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisLists.PushLeft(key, elements), cancellationToken);

    /// <inheritdoc cref="RedisLists.PushRight"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key of the list.</param>
    /// <param name="elements">1 or more elements.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>The new length. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<long> ListPushRightAsync(this IRedisClient redis, RedisArgument key, ReadOnlySpan<RedisArgument> elements, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisLists.PushRight(key, elements), cancellationToken);

    /// <inheritdoc cref="RedisLists.PopLeft"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key of the list.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>The first element, or null if the list is missing. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<string?> ListPopLeftAsync(this IRedisClient redis, RedisArgument key, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisLists.PopLeft(key), cancellationToken);

    /// <inheritdoc cref="RedisLists.PopRight"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key of the list.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>The last element, or null if the list is missing. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<string?> ListPopRightAsync(this IRedisClient redis, RedisArgument key, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisLists.PopRight(key), cancellationToken);

    /// <inheritdoc cref="RedisLists.Range"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key of the list.</param>
    /// <param name="first">The first one, from 0; negative from the end, -1 for the last.</param>
    /// <param name="last">The last one, which is included, counted the same way.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The elements; empty if the list is missing or the range is. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<string[]> ListRangeAsync(this IRedisClient redis, RedisArgument key, long first = 0, long last = -1, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisLists.Range(key, first, last), cancellationToken);

    /// <inheritdoc cref="RedisLists.Count"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key of the list.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The number of elements; 0 if the list is missing. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<long> ListCountAsync(this IRedisClient redis, RedisArgument key, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisLists.Count(key), cancellationToken);
}
