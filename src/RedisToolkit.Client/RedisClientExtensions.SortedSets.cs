namespace RedisToolkit.Client;

/// <content>Sorted sets.</content>
public static partial class RedisClientExtensions
{
    /// <inheritdoc cref="RedisSortedSets.Add"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key of the sorted set.</param>
    /// <param name="member">The member.</param>
    /// <param name="score">Its score; not NaN.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>True if the member is new. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<bool> SortedSetAddAsync(this IRedisClient redis, RedisArgument key, RedisArgument member, double score, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisSortedSets.Add(key, member, score), cancellationToken);

    /// <inheritdoc cref="RedisSortedSets.AddMany"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key of the sorted set.</param>
    /// <param name="members">1 or more members.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>How many are new. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<long> SortedSetAddManyAsync(this IRedisClient redis, RedisArgument key, ReadOnlySpan<(RedisArgument Member, double Score)> members, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisSortedSets.AddMany(key, members), cancellationToken);

    /// <inheritdoc cref="RedisSortedSets.Increment"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key of the sorted set.</param>
    /// <param name="member">The member.</param>
    /// <param name="by">What to add; negative to subtract.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>The new score. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<double> SortedSetIncrementAsync(this IRedisClient redis, RedisArgument key, RedisArgument member, double by, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisSortedSets.Increment(key, member, by), cancellationToken);

    /// <inheritdoc cref="RedisSortedSets.Score"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key of the sorted set.</param>
    /// <param name="member">The member.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The score, or null if the set or the member is missing. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<double?> SortedSetScoreAsync(this IRedisClient redis, RedisArgument key, RedisArgument member, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisSortedSets.Score(key, member), cancellationToken);

    /// <inheritdoc cref="RedisSortedSets.Rank"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key of the sorted set.</param>
    /// <param name="member">The member.</param>
    /// <param name="descending">Whether to begin with the highest score.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The rank from 0, or null if the set or the member is missing. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<long?> SortedSetRankAsync(this IRedisClient redis, RedisArgument key, RedisArgument member, bool descending = false, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisSortedSets.Rank(key, member, descending), cancellationToken);

    /// <inheritdoc cref="RedisSortedSets.Range"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key of the sorted set.</param>
    /// <param name="first">The first one, from 0; negative from the end, -1 for the last.</param>
    /// <param name="last">The last one, which is included, counted the same way.</param>
    /// <param name="descending">Whether to begin with the highest score.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The members; empty if the set is missing or the range is. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<string[]> SortedSetRangeAsync(this IRedisClient redis, RedisArgument key, long first = 0, long last = -1, bool descending = false, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisSortedSets.Range(key, first, last, descending), cancellationToken);

    /// <inheritdoc cref="RedisSortedSets.RangeWithScores"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key of the sorted set.</param>
    /// <param name="first">The first one, from 0; negative from the end, -1 for the last.</param>
    /// <param name="last">The last one, which is included, counted the same way.</param>
    /// <param name="descending">Whether to begin with the highest score.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The members with their scores; empty if the set is missing or the range is. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<(string Member, double Score)[]> SortedSetRangeWithScoresAsync(this IRedisClient redis, RedisArgument key, long first = 0, long last = -1, bool descending = false, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisSortedSets.RangeWithScores(key, first, last, descending), cancellationToken);

    /// <inheritdoc cref="RedisSortedSets.Remove"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key of the sorted set.</param>
    /// <param name="members">1 or more members.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>How many of them there were. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<long> SortedSetRemoveAsync(this IRedisClient redis, RedisArgument key, ReadOnlySpan<RedisArgument> members, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisSortedSets.Remove(key, members), cancellationToken);

    /// <inheritdoc cref="RedisSortedSets.Count"/>
    /// <param name="redis">The client.</param>
    /// <param name="key">The key of the sorted set.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The number of members; 0 if the set is missing. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<long> SortedSetCountAsync(this IRedisClient redis, RedisArgument key, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisSortedSets.Count(key), cancellationToken);
}
