namespace RedisToolkit.Client;

/// <summary>Commands on hashes, for <see cref="IRedisClient"/> as well as for batches and transactions.</summary>
public static class RedisHashes
{
    private static readonly CommandHeader HDelHeader = CommandHeader.Of("HDEL");
    private static readonly CommandHeader HExistsHeader = CommandHeader.Of("HEXISTS");
    private static readonly CommandHeader HGetHeader = CommandHeader.Of("HGET");
    private static readonly CommandHeader HGetAllHeader = CommandHeader.Of("HGETALL");
    private static readonly CommandHeader HIncrByHeader = CommandHeader.Of("HINCRBY");
    private static readonly CommandHeader HIncrByFloatHeader = CommandHeader.Of("HINCRBYFLOAT");
    private static readonly CommandHeader HKeysHeader = CommandHeader.Of("HKEYS");
    private static readonly CommandHeader HLenHeader = CommandHeader.Of("HLEN");
    private static readonly CommandHeader HMGetHeader = CommandHeader.Of("HMGET");
    private static readonly CommandHeader HSetHeader = CommandHeader.Of("HSET");
    private static readonly CommandHeader HSetNxHeader = CommandHeader.Of("HSETNX");

    /// <summary>Reads a field as text (UTF-8).</summary>
    /// <param name="key">The key of the hash.</param>
    /// <param name="field">The field.</param>
    /// <returns>The command; its reply is null if the hash or the field is missing. <c>HGET</c>, O(1), Redis 2.0, Valkey 7.2.</returns>
    public static RedisCommand<string?> Get(RedisArgument key, RedisArgument field) => new(new RedisCommand(HGetHeader, key, field), Replies.Text);

    /// <summary>Reads a field as bytes.</summary>
    /// <param name="key">The key of the hash.</param>
    /// <param name="field">The field.</param>
    /// <returns>The command; its reply is null if the hash or the field is missing. <c>HGET</c>, O(1), Redis 2.0, Valkey 7.2.</returns>
    public static RedisCommand<byte[]?> GetBytes(RedisArgument key, RedisArgument field) => new(new RedisCommand(HGetHeader, key, field), Replies.Bytes);

    /// <summary>Reads several fields as text.</summary>
    /// <param name="key">The key of the hash.</param>
    /// <param name="fields">1 or more fields.</param>
    /// <returns>The command; its reply has a text for each field in the order given, null for one that is missing. <c>HMGET</c>, O(N), Redis 2.0, Valkey 7.2.</returns>
    public static RedisCommand<string?[]> GetMany(RedisArgument key, params ReadOnlySpan<RedisArgument> fields)
    {
        Words.RequireSome(fields.Length, nameof(fields));
        return new(new RedisCommand(HMGetHeader, [key], fields), Shapes.TextsOrNulls);
    }

    /// <summary>Reads all fields and their values as text.</summary>
    /// <param name="key">The key of the hash.</param>
    /// <returns>The command; its reply is empty if the hash is missing. <c>HGETALL</c>, O(N) in the size of the hash, Redis 2.0, Valkey 7.2.</returns>
    public static RedisCommand<Dictionary<string, string>> GetAll(RedisArgument key) => new(new RedisCommand(HGetAllHeader, key), Shapes.TextMap);

    /// <summary>Reads the names of all fields.</summary>
    /// <param name="key">The key of the hash.</param>
    /// <returns>The command; its reply is empty if the hash is missing. <c>HKEYS</c>, O(N) in the size of the hash, Redis 2.0, Valkey 7.2.</returns>
    public static RedisCommand<string[]> Fields(RedisArgument key) => new(new RedisCommand(HKeysHeader, key), Shapes.Texts);

    /// <summary>Writes a field; a time to live of its own that it had is lost.</summary>
    /// <param name="key">The key of the hash, which is made if it is missing.</param>
    /// <param name="field">The field.</param>
    /// <param name="value">The value.</param>
    /// <returns>The command; its reply is true if the field is new, false if it had another value before. <c>HSET</c>, O(1), Redis 2.0, Valkey 7.2.</returns>
    public static RedisCommand<bool> Set(RedisArgument key, RedisArgument field, RedisArgument value) => new(new RedisCommand(HSetHeader, key, field, value), Replies.Boolean);

    /// <summary>Writes several fields as one; times to live of their own that they had are lost.</summary>
    /// <param name="key">The key of the hash, which is made if it is missing.</param>
    /// <param name="fields">1 or more fields and values. Of two equal fields the last one counts.</param>
    /// <returns>The command; its reply is how many fields are new. <c>HSET</c>, O(N), Redis 4.0, Valkey 7.2.</returns>
    public static RedisCommand<long> SetMany(RedisArgument key, params ReadOnlySpan<(RedisArgument Field, RedisArgument Value)> fields)
    {
        Words.RequireSome(fields.Length, nameof(fields));
        return new(new RedisCommand(HSetHeader, [key], Words.Flat(fields)), Replies.Integer);
    }

    /// <summary>Writes a field unless the hash has it.</summary>
    /// <param name="key">The key of the hash, which is made if it is missing.</param>
    /// <param name="field">The field.</param>
    /// <param name="value">The value.</param>
    /// <returns>The command; its reply is false if the hash has the field, and nothing was written. <c>HSETNX</c>, O(1), Redis 2.0, Valkey 7.2.</returns>
    public static RedisCommand<bool> SetIfMissing(RedisArgument key, RedisArgument field, RedisArgument value) => new(new RedisCommand(HSetNxHeader, key, field, value), Replies.Boolean);

    /// <summary>Deletes fields; with its last field the hash is gone.</summary>
    /// <param name="key">The key of the hash.</param>
    /// <param name="fields">1 or more fields.</param>
    /// <returns>The command; its reply is how many of them there were. <c>HDEL</c>, O(N), Redis 2.4, Valkey 7.2.</returns>
    public static RedisCommand<long> Delete(RedisArgument key, params ReadOnlySpan<RedisArgument> fields)
    {
        Words.RequireSome(fields.Length, nameof(fields));
        return new(new RedisCommand(HDelHeader, [key], fields), Replies.Integer);
    }

    /// <summary>Looks whether the hash has a field.</summary>
    /// <param name="key">The key of the hash.</param>
    /// <param name="field">The field.</param>
    /// <returns>The command. <c>HEXISTS</c>, O(1), Redis 2.0, Valkey 7.2.</returns>
    public static RedisCommand<bool> Exists(RedisArgument key, RedisArgument field) => new(new RedisCommand(HExistsHeader, key, field), Replies.Boolean);

    /// <summary>Adds to an integer in a field; a missing one counts as 0.</summary>
    /// <param name="key">The key of the hash, which is made if it is missing.</param>
    /// <param name="field">The field.</param>
    /// <param name="by">What to add; negative to subtract.</param>
    /// <returns>The command; its reply is the sum. <c>HINCRBY</c>, O(1), Redis 2.0, Valkey 7.2.</returns>
    public static RedisCommand<long> Increment(RedisArgument key, RedisArgument field, long by = 1) => new(new RedisCommand(HIncrByHeader, key, field, by), Replies.Integer);

    /// <summary>Adds to a number in a field; a missing one counts as 0.</summary>
    /// <param name="key">The key of the hash, which is made if it is missing.</param>
    /// <param name="field">The field.</param>
    /// <param name="by">What to add; negative to subtract.</param>
    /// <returns>The command; its reply is the sum. <c>HINCRBYFLOAT</c>, O(1), Redis 2.6, Valkey 7.2.</returns>
    public static RedisCommand<double> Increment(RedisArgument key, RedisArgument field, double by) => new(new RedisCommand(HIncrByFloatHeader, key, field, by), Replies.Double);

    /// <summary>Counts the fields. Those whose own time to live has run out count until the server removes them.</summary>
    /// <param name="key">The key of the hash.</param>
    /// <returns>The command; its reply is 0 if the hash is missing. <c>HLEN</c>, O(1), Redis 2.0, Valkey 7.2.</returns>
    public static RedisCommand<long> Count(RedisArgument key) => new(new RedisCommand(HLenHeader, key), Replies.Integer);
}
