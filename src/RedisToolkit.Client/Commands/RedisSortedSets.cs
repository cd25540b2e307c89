namespace RedisToolkit.Client;

/// <summary>
/// Commands on sorted sets, for <see cref="IRedisClient"/> as well as for batches and transactions. Members stand in the order of their
/// scores, those with equal scores in the order of their bytes; ranks count from 0.
/// </summary>
public static class RedisSortedSets
{
    private static readonly CommandHeader ZAddHeader = CommandHeader.Of("ZADD");
    private static readonly CommandHeader ZCardHeader = CommandHeader.Of("ZCARD");
    private static readonly CommandHeader ZIncrByHeader = CommandHeader.Of("ZINCRBY");
    private static readonly CommandHeader ZPopMinHeader = CommandHeader.Of("ZPOPMIN");
    private static readonly CommandHeader ZRangeHeader = CommandHeader.Of("ZRANGE");
    private static readonly CommandHeader ZRankHeader = CommandHeader.Of("ZRANK");
    private static readonly CommandHeader ZRemHeader = CommandHeader.Of("ZREM");
    private static readonly CommandHeader ZRemRangeByScoreHeader = CommandHeader.Of("ZREMRANGEBYSCORE");
    private static readonly CommandHeader ZRevRankHeader = CommandHeader.Of("ZREVRANK");
    private static readonly CommandHeader ZScoreHeader = CommandHeader.Of("ZSCORE");

    /// <summary>Adds a member, or gives it another score.</summary>
    /// <param name="key">The key of the sorted set, which is made if it is missing.</param>
    /// <param name="member">The member.</param>
    /// <param name="score">Its score; not NaN.</param>
    /// <returns>The command; its reply is true if the member is new. <c>ZADD</c>, O(log N), Redis 1.2, Valkey 7.2.</returns>
    public static RedisCommand<bool> Add(RedisArgument key, RedisArgument member, double score) => new(new RedisCommand(ZAddHeader, key, score, member), Replies.Boolean);

    /// <summary>Adds members, or gives them other scores, as one.</summary>
    /// <param name="key">The key of the sorted set, which is made if it is missing.</param>
    /// <param name="members">1 or more members with their scores.</param>
    /// <returns>The command; its reply is how many are new. <c>ZADD</c>, O(log N) for each, Redis 2.4, Valkey 7.2.</returns>
    public static RedisCommand<long> AddMany(RedisArgument key, params ReadOnlySpan<(RedisArgument Member, double Score)> members)
    {
        Words.RequireSome(members.Length, nameof(members));
        var words = new RedisArgument[members.Length * 2];
        for (int i = 0; i < members.Length; i++) (words[(2 * i) + 1], words[2 * i]) = members[i];
        return new(new RedisCommand(ZAddHeader, [key], words), Replies.Integer);
    }

    /// <summary>Adds to a member's score; a missing member counts as having 0.</summary>
    /// <param name="key">The key of the sorted set, which is made if it is missing.</param>
    /// <param name="member">The member.</param>
    /// <param name="by">What to add; negative to subtract.</param>
    /// <returns>The command; its reply is the new score. <c>ZINCRBY</c>, O(log N), Redis 1.2, Valkey 7.2.</returns>
    public static RedisCommand<double> Increment(RedisArgument key, RedisArgument member, double by) => new(new RedisCommand(ZIncrByHeader, key, by, member), Replies.Double);

    /// <summary>Reads a member's score.</summary>
    /// <param name="key">The key of the sorted set.</param>
    /// <param name="member">The member.</param>
    /// <returns>The command; its reply is null if the set or the member is missing. <c>ZSCORE</c>, O(1), Redis 1.2, Valkey 7.2.</returns>
    public static RedisCommand<double?> Score(RedisArgument key, RedisArgument member) => new(new RedisCommand(ZScoreHeader, key, member), Replies.DoubleOrNull);

    /// <summary>Reads a member's rank.</summary>
    /// <param name="key">The key of the sorted set.</param>
    /// <param name="member">The member.</param>
    /// <param name="descending">Whether to count from the highest score.</param>
    /// <returns>The command; its reply is null if the set or the member is missing. <c>ZRANK</c> or <c>ZREVRANK</c>, O(log N), Redis 2.0, Valkey 7.2.</returns>
    public static RedisCommand<long?> Rank(RedisArgument key, RedisArgument member, bool descending = false) =>
        new(new RedisCommand(descending ? ZRevRankHeader : ZRankHeader, key, member), Replies.IntegerOrNull);

    /// <summary>Reads members by rank.</summary>
    /// <param name="key">The key of the sorted set.</param>
    /// <param name="first">The first rank, from 0; negative from the end, -1 for the last.</param>
    /// <param name="last">The last rank, which is included, counted the same way.</param>
    /// <param name="descending">Whether to begin with the highest score. Redis 6.2.</param>
    /// <returns>The command; its reply is empty if the set is missing or the range is. <c>ZRANGE</c>, O(log N + M) for M members, Redis 1.2, Valkey 7.2.</returns>
    public static RedisCommand<string[]> Range(RedisArgument key, long first = 0, long last = -1, bool descending = false) =>
        new(descending ? new RedisCommand(ZRangeHeader, key, first, last, Words.Reverse) : new RedisCommand(ZRangeHeader, key, first, last), Shapes.Texts);

    /// <summary>Reads members by rank, with their scores.</summary>
    /// <param name="key">The key of the sorted set.</param>
    /// <param name="first">The first rank, from 0; negative from the end, -1 for the last.</param>
    /// <param name="last">The last rank, which is included, counted the same way.</param>
    /// <param name="descending">Whether to begin with the highest score. Redis 6.2.</param>
    /// <returns>The command; its reply is empty if the set is missing or the range is. <c>ZRANGE … WITHSCORES</c>, O(log N + M) for M members, Redis 1.2, Valkey 7.2.</returns>
    public static RedisCommand<(string Member, double Score)[]> RangeWithScores(RedisArgument key, long first = 0, long last = -1, bool descending = false) =>
        new(
            descending
                ? new RedisCommand(ZRangeHeader, [key, first, last, Words.Reverse, Words.WithScores])
                : new RedisCommand(ZRangeHeader, key, first, last, Words.WithScores),
            Shapes.Scored);

    /// <summary>Reads members by score, lowest first, with their scores.</summary>
    /// <param name="key">The key of the sorted set.</param>
    /// <param name="lowest">The lowest score, which is included; may be infinite.</param>
    /// <param name="highest">The highest score, which is included; may be infinite.</param>
    /// <returns>The command; its reply is empty if the set is missing or the range is. <c>ZRANGE … BYSCORE WITHSCORES</c>, O(log N + M) for M members, Redis 6.2, Valkey 7.2.</returns>
    public static RedisCommand<(string Member, double Score)[]> RangeByScore(RedisArgument key, double lowest, double highest) =>
        new(new RedisCommand(ZRangeHeader, [key, lowest, highest, Words.ByScore, Words.WithScores]), Shapes.Scored);

    /// <summary>Takes out the member with the lowest score.</summary>
    /// <param name="key">The key of the sorted set.</param>
    /// <returns>The command; its reply has that member, or none if the set is missing. <c>ZPOPMIN</c>, O(log N), Redis 5.0, Valkey 7.2.</returns>
    public static RedisCommand<(string Member, double Score)[]> PopLowest(RedisArgument key) => new(new RedisCommand(ZPopMinHeader, key), Shapes.Scored);

    /// <summary>Removes members; with its last member the set is gone.</summary>
    /// <param name="key">The key of the sorted set.</param>
    /// <param name="members">1 or more members.</param>
    /// <returns>The command; its reply is how many of them there were. <c>ZREM</c>, O(M·log N), Redis 1.2, Valkey 7.2.</returns>
    public static RedisCommand<long> Remove(RedisArgument key, params ReadOnlySpan<RedisArgument> members)
    {
        Words.RequireSome(members.Length, nameof(members));
        return new(new RedisCommand(ZRemHeader, [key], members), Replies.Integer);
    }

    /// <summary>Removes the members whose scores lie in a range.</summary>
    /// <param name="key">The key of the sorted set.</param>
    /// <param name="lowest">The lowest score, which is included; may be infinite.</param>
    /// <param name="highest">The highest score, which is included; may be infinite.</param>
    /// <returns>The command; its reply is how many were removed. <c>ZREMRANGEBYSCORE</c>, O(log N + M) for M members, Redis 1.2, Valkey 7.2.</returns>
    public static RedisCommand<long> RemoveRangeByScore(RedisArgument key, double lowest, double highest) =>
        new(new RedisCommand(ZRemRangeByScoreHeader, key, lowest, highest), Replies.Integer);

    /// <summary>Counts the members.</summary>
    /// <param name="key">The key of the sorted set.</param>
    /// <returns>The command; its reply is 0 if the set is missing. <c>ZCARD</c>, O(1), Redis 1.2, Valkey 7.2.</returns>
    public static RedisCommand<long> Count(RedisArgument key) => new(new RedisCommand(ZCardHeader, key), Replies.Integer);
}
