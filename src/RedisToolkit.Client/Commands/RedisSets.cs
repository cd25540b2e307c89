namespace RedisToolkit.Client;

/// <summary>Commands on sets, for <see cref="IRedisClient"/> as well as for batches and transactions.</summary>
public static class RedisSets
{
    private static readonly CommandHeader SAddHeader = CommandHeader.Of("SADD");
    private static readonly CommandHeader SCardHeader = CommandHeader.Of("SCARD");
    private static readonly CommandHeader SDiffHeader = CommandHeader.Of("SDIFF");
    private static readonly CommandHeader SInterHeader = CommandHeader.Of("SINTER");
    private static readonly CommandHeader SIsMemberHeader = CommandHeader.Of("SISMEMBER");
    private static readonly CommandHeader SMembersHeader = CommandHeader.Of("SMEMBERS");
    private static readonly CommandHeader SMIsMemberHeader = CommandHeader.Of("SMISMEMBER");
    private static readonly CommandHeader SPopHeader = CommandHeader.Of("SPOP");
    private static readonly CommandHeader SRemHeader = CommandHeader.Of("SREM");
    private static readonly CommandHeader SUnionHeader = CommandHeader.Of("SUNION");

    /// <summary>Adds members.</summary>
    /// <param name="key">The key of the set, which is made if it is missing.</param>
    /// <param name="members">1 or more members.</param>
    /// <returns>The command; its reply is how many are new. <c>SADD</c>, O(N), Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<long> Add(RedisArgument key, params ReadOnlySpan<RedisArgument> members)
    {
        Words.RequireSome(members.Length, nameof(members));
        return new(new RedisCommand(SAddHeader, [key], members), Replies.Integer);
    }

    /// <summary>Removes members; with its last member the set is gone.</summary>
    /// <param name="key">The key of the set.</param>
    /// <param name="members">1 or more members.</param>
    /// <returns>The command; its reply is how many of them there were. <c>SREM</c>, O(N), Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<long> Remove(RedisArgument key, params ReadOnlySpan<RedisArgument> members)
    {
        Words.RequireSome(members.Length, nameof(members));
        return new(new RedisCommand(SRemHeader, [key], members), Replies.Integer);
    }

    /// <summary>Looks whether the set has a member.</summary>
    /// <param name="key">The key of the set.</param>
    /// <param name="member">The member.</param>
    /// <returns>The command. <c>SISMEMBER</c>, O(1), Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<bool> Contains(RedisArgument key, RedisArgument member) => new(new RedisCommand(SIsMemberHeader, key, member), Replies.Boolean);

    /// <summary>Looks which of several members the set has.</summary>
    /// <param name="key">The key of the set.</param>
    /// <param name="members">1 or more members.</param>
    /// <returns>The command; its reply has an answer for each member in the order given. <c>SMISMEMBER</c>, O(N), Redis 6.2, Valkey 7.2.</returns>
    public static RedisCommand<bool[]> ContainsMany(RedisArgument key, params ReadOnlySpan<RedisArgument> members)
    {
        Words.RequireSome(members.Length, nameof(members));
        return new(new RedisCommand(SMIsMemberHeader, [key], members), Shapes.Booleans);
    }

    /// <summary>Reads all members, in no order.</summary>
    /// <param name="key">The key of the set.</param>
    /// <returns>The command; its reply is empty if the set is missing. <c>SMEMBERS</c>, O(N) in the size of the set, Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<string[]> Members(RedisArgument key) => new(new RedisCommand(SMembersHeader, key), Shapes.Texts);

    /// <summary>Takes out a member, whichever the server picks.</summary>
    /// <param name="key">The key of the set.</param>
    /// <returns>The command; its reply is null if the set is missing. <c>SPOP</c>, O(1), Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<string?> Pop(RedisArgument key) => new(new RedisCommand(SPopHeader, key), Replies.Text);

    /// <summary>Counts the members.</summary>
    /// <param name="key">The key of the set.</param>
    /// <returns>The command; its reply is 0 if the set is missing. <c>SCARD</c>, O(1), Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<long> Count(RedisArgument key) => new(new RedisCommand(SCardHeader, key), Replies.Integer);

    /// <summary>Reads the members that all of several sets have.</summary>
    /// <param name="keys">The keys of 1 or more sets; in a cluster, of one slot. A missing one counts as empty.</param>
    /// <returns>The command. <c>SINTER</c>, O(N·M) in the size of the smallest set and the number of sets, Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<string[]> Intersection(params ReadOnlySpan<RedisArgument> keys) => Combine(SInterHeader, keys);

    /// <summary>Reads the members that any of several sets has.</summary>
    /// <param name="keys">The keys of 1 or more sets; in a cluster, of one slot. A missing one counts as empty.</param>
    /// <returns>The command. <c>SUNION</c>, O(N) in the sizes of all sets together, Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<string[]> Union(params ReadOnlySpan<RedisArgument> keys) => Combine(SUnionHeader, keys);

    /// <summary>Reads the members that the first set has and none of the others.</summary>
    /// <param name="keys">The keys of 1 or more sets; in a cluster, of one slot. A missing one counts as empty.</param>
    /// <returns>The command. <c>SDIFF</c>, O(N) in the sizes of all sets together, Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<string[]> Difference(params ReadOnlySpan<RedisArgument> keys) => Combine(SDiffHeader, keys);

    private static RedisCommand<string[]> Combine(CommandHeader header, ReadOnlySpan<RedisArgument> keys)
    {
        Words.RequireSome(keys.Length, nameof(keys));
        return new(new RedisCommand(header, keys), Shapes.Texts);
    }
}
