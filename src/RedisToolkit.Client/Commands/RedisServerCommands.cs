namespace RedisToolkit.Client;

/// <summary>Commands about the server itself, for <see cref="IRedisClient"/> as well as for batches and transactions.</summary>
public static class RedisServerCommands
{
    private static readonly RedisArgument Async = "ASYNC";
    private static readonly CommandHeader ConfigGetHeader = CommandHeader.Of("CONFIG", [Words.Get]);
    private static readonly CommandHeader ConfigSetHeader = CommandHeader.Of("CONFIG", [Words.Set]);
    private static readonly CommandHeader DbSizeHeader = CommandHeader.Of("DBSIZE");
    private static readonly CommandHeader FlushDbHeader = CommandHeader.Of("FLUSHDB");
    private static readonly CommandHeader InfoHeader = CommandHeader.Of("INFO");
    private static readonly CommandHeader PingHeader = CommandHeader.Of("PING");
    private static readonly CommandHeader TimeHeader = CommandHeader.Of("TIME");

    private static readonly ReplyReader<(long First, long Second)> SecondsAndMicroseconds = Replies.TupleOf(Replies.Integer, Replies.Integer);

    private static readonly ReplyReader<DateTimeOffset> TimeReader = Replies.From(static (ref RespReader reader) =>
    {
        (long seconds, long microseconds) = SecondsAndMicroseconds.Read(ref reader);
        return DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
    });

    /// <summary>Asks the server for a sign of life.</summary>
    /// <returns>The command. <c>PING</c>, O(1), Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<bool> Ping() => new(new RedisCommand(PingHeader), Replies.Done);

    /// <summary>Reads the server's clock.</summary>
    /// <returns>The command; its reply is in UTC, exact to the microsecond. <c>TIME</c>, O(1), Redis 2.6, Valkey 7.2.</returns>
    public static RedisCommand<DateTimeOffset> Time() => new(new RedisCommand(TimeHeader), TimeReader);

    /// <summary>Counts the keys of the database. Those whose time to live has run out count until the server removes them.</summary>
    /// <returns>The command. <c>DBSIZE</c>, O(1), Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<long> DatabaseSize() => new(new RedisCommand(DbSizeHeader), Replies.Integer);

    /// <summary>Deletes all keys of the database; the server frees their memory in the background.</summary>
    /// <returns>The command. <c>FLUSHDB ASYNC</c>, O(N), Redis 4.0, Valkey 7.2.</returns>
    public static RedisCommand<bool> FlushDatabase() => new(new RedisCommand(FlushDbHeader, Async), Replies.Done);

    /// <summary>Reads settings of the server. Managed services may refuse it.</summary>
    /// <param name="pattern">A name, or a pattern with <c>*</c>, <c>?</c> and <c>[…]</c>.</param>
    /// <returns>The command; its reply has the settings by name. <c>CONFIG GET</c>, O(N), Redis 2.0, Valkey 7.2.</returns>
    public static RedisCommand<Dictionary<string, string>> ConfigGet(RedisArgument pattern) => new(new RedisCommand(ConfigGetHeader, Words.Get, pattern), Shapes.TextMap);

    /// <summary>Changes a setting of the server until its next start. Managed services may refuse it.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value.</param>
    /// <returns>The command. <c>CONFIG SET</c>, O(1), Redis 2.0, Valkey 7.2.</returns>
    public static RedisCommand<bool> ConfigSet(RedisArgument name, RedisArgument value) => new(new RedisCommand(ConfigSetHeader, Words.Set, name, value), Replies.Done);

    /// <summary>Reads what the server tells of itself, as text: <c>name:value</c> in each line, headings begin with <c>#</c>.</summary>
    /// <param name="section">One section, such as <c>memory</c>; null for the usual ones.</param>
    /// <returns>The command. <c>INFO</c>, O(1), Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<string> Info(string? section = null) => new(section is null ? new RedisCommand(InfoHeader) : new RedisCommand(InfoHeader, section), Shapes.Text);
}
