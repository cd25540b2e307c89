namespace RedisToolkit.Client;

/// <content>Sets.</content>
public static partial class RedisClientExtensions
{
    /// <inheritdoc cref="RedisSets.Add"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key of the set.</param>
    /// <param name="members">1 or more members.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>How many are new. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<long> SetAddAsync(this IRedisClient redis, RedisArgument key, ReadOnlySpan<RedisArgument> members, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisSets.Add(key, members), cancellationToken);

    /// <inheritdoc cref="RedisSets.Remove"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key of the set.</param>
    /// <param name="members">1 or more members.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>How many of them there were. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<long> SetRemoveAsync(this IRedisClient redis, RedisArgument key, ReadOnlySpan<RedisArgument> members, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisSets.Remove(key, members), cancellationToken);

    /// <inheritdoc cref="RedisSets.Contains"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key of the set.</param>
    /// <param name="member">The member.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether the set has the member. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<bool> SetContainsAsync(this IRedisClient redis, RedisArgument key, RedisArgument member, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisSets.Contains(key, member), cancellationToken);

    /// <inheritdoc cref="RedisSets.Members"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key of the set.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>All members, in no order; empty if the set is missing. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<string[]> SetMembersAsync(this IRedisClient redis, RedisArgument key, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisSets.Members(key), cancellationToken);

    /// <inheritdoc cref="RedisSets.Count"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key of the set.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The number of members; 0 if the set is missing. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<long> SetCountAsync(this IRedisClient redis, RedisArgument key, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisSets.Count(key), cancellationToken);
}
