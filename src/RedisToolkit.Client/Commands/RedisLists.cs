namespace RedisToolkit.Client;

/// <summary>Commands on lists, for <see cref="IRedisClient"/> as well as for batches and transactions. The left end is the first element.</summary>
public static class RedisLists
{
    private static readonly CommandHeader LLenHeader = CommandHeader.Of("LLEN");
    private static readonly CommandHeader LPopHeader = CommandHeader.Of("LPOP");
    private static readonly CommandHeader LPushHeader = CommandHeader.Of("LPUSH");
    private static readonly CommandHeader LRangeHeader = CommandHeader.Of("LRANGE");
    private static readonly CommandHeader LRemHeader = CommandHeader.Of("LREM");
    private static readonly CommandHeader LTrimHeader = CommandHeader.Of("LTRIM");
    private static readonly CommandHeader RPopHeader = CommandHeader.Of("RPOP");
    private static readonly CommandHeader RPushHeader = CommandHeader.Of("RPUSH");

    /// <summary>Adds elements at the left end, one after the other: the last one given comes to stand first.</summary>
    /// <param name="key">The key of the list, which is made if it is missing.</param>
    /// <param name="elements">1 or more elements.</param>
    /// <returns>The command; its reply is the new length. <c>LPUSH</c>, O(N), Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<long> PushLeft(RedisArgument key, params ReadOnlySpan<RedisArgument> elements) => Push(LPushHeader, key, elements);

    /// <summary>Adds elements at the right end, in the order given.</summary>
    /// <param name="key">The key of the list, which is made if it is missing.</param>
    /// <param name="elements">1 or more elements.</param>
    /// <returns>The command; its reply is the new length. <c>RPUSH</c>, O(N), Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<long> PushRight(RedisArgument key, params ReadOnlySpan<RedisArgument> elements) => Push(RPushHeader, key, elements);

    /// <summary>Takes the first element off.</summary>
    /// <param name="key">The key of the list.</param>
    /// <returns>The command; its reply is null if the list is missing. <c>LPOP</c>, O(1), Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<string?> PopLeft(RedisArgument key) => new(new RedisCommand(LPopHeader, key), Replies.Text);

    /// <summary>Takes the last element off.</summary>
    /// <param name="key">The key of the list.</param>
    /// <returns>The command; its reply is null if the list is missing. <c>RPOP</c>, O(1), Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<string?> PopRight(RedisArgument key) => new(new RedisCommand(RPopHeader, key), Replies.Text);

    /// <summary>Reads elements.</summary>
    /// <param name="key">The key of the list.</param>
    /// <param name="first">The first one, from 0; negative from the end, -1 for the last.</param>
    /// <param name="last">The last one, which is included, counted the same way.</param>
    /// <returns>The command; its reply is empty if the list is missing or the range is. <c>LRANGE</c>, O(S + N) in the distance of the start from an end and the elements read, Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<string[]> Range(RedisArgument key, long first = 0, long last = -1) => new(new RedisCommand(LRangeHeader, key, first, last), Shapes.Texts);

    /// <summary>Keeps some elements and removes all others.</summary>
    /// <param name="key">The key of the list.</param>
    /// <param name="first">The first one to keep, from 0; negative from the end, -1 for the last.</param>
    /// <param name="last">The last one to keep, counted the same way.</param>
    /// <returns>The command. <c>LTRIM</c>, O(N) in the elements removed, Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<bool> Trim(RedisArgument key, long first, long last) => new(new RedisCommand(LTrimHeader, key, first, last), Replies.Done);

    /// <summary>Removes elements that are equal to a value.</summary>
    /// <param name="key">The key of the list.</param>
    /// <param name="element">The value.</param>
    /// <param name="count">How many at most, from the left; negative from the right; 0 for all.</param>
    /// <returns>The command; its reply is how many were removed. <c>LREM</c>, O(N) in the length of the list, Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<long> Remove(RedisArgument key, RedisArgument element, long count = 0) => new(new RedisCommand(LRemHeader, key, count, element), Replies.Integer);

    /// <summary>Counts the elements.</summary>
    /// <param name="key">The key of the list.</param>
    /// <returns>The command; its reply is 0 if the list is missing. <c>LLEN</c>, O(1), Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<long> Count(RedisArgument key) => new(new RedisCommand(LLenHeader, key), Replies.Integer);

    private static RedisCommand<long> Push(CommandHeader header, in RedisArgument key, ReadOnlySpan<RedisArgument> elements)
    {
        Words.RequireSome(elements.Length, nameof(elements));
        return new(new RedisCommand(header, [key], elements), Replies.Integer);
    }
}
