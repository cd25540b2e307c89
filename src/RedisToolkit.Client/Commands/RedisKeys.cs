namespace RedisToolkit.Client;

/// <summary>Commands on keys of every type, for <see cref="IRedisClient"/> as well as for batches and transactions.</summary>
public static class RedisKeys
{
    private static readonly CommandHeader ExistsHeader = CommandHeader.Of("EXISTS");
    private static readonly CommandHeader PersistHeader = CommandHeader.Of("PERSIST");
    private static readonly CommandHeader PExpireHeader = CommandHeader.Of("PEXPIRE");
    private static readonly CommandHeader PExpireAtHeader = CommandHeader.Of("PEXPIREAT");
    private static readonly CommandHeader PttlHeader = CommandHeader.Of("PTTL");
    private static readonly CommandHeader RenameHeader = CommandHeader.Of("RENAME");
    private static readonly CommandHeader TypeHeader = CommandHeader.Of("TYPE");
    private static readonly CommandHeader UnlinkHeader = CommandHeader.Of("UNLINK");

    /// <summary>Deletes a key; the server frees its memory in the background.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The command; its reply tells whether the key existed. <c>UNLINK</c>, O(1), Redis 4.0, Valkey 7.2.</returns>
    public static RedisCommand<bool> Delete(RedisArgument key) => new(new RedisCommand(UnlinkHeader, key), Replies.Boolean);

    /// <summary>Deletes several keys; the server frees their memory in the background.</summary>
    /// <param name="keys">1 or more keys; in a cluster, of one slot.</param>
    /// <returns>The command; its reply is how many of them existed. <c>UNLINK</c>, O(N), Redis 4.0, Valkey 7.2.</returns>
    public static RedisCommand<long> DeleteMany(params ReadOnlySpan<RedisArgument> keys)
    {
        Words.RequireSome(keys.Length, nameof(keys));
        return new(new RedisCommand(UnlinkHeader, keys), Replies.Integer);
    }

    /// <summary>Looks whether a key exists.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The command. <c>EXISTS</c>, O(1), Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<bool> Exists(RedisArgument key) => new(new RedisCommand(ExistsHeader, key), Replies.Boolean);

    /// <summary>Counts how many keys exist.</summary>
    /// <param name="keys">1 or more keys, counted as often as they are named; in a cluster, of one slot.</param>
    /// <returns>The command. <c>EXISTS</c>, O(N), Redis 3.0.3, Valkey 7.2.</returns>
    public static RedisCommand<long> CountExisting(params ReadOnlySpan<RedisArgument> keys)
    {
        Words.RequireSome(keys.Length, nameof(keys));
        return new(new RedisCommand(ExistsHeader, keys), Replies.Integer);
    }

    /// <summary>Gives a key a time to live.</summary>
    /// <param name="key">The key.</param>
    /// <param name="timeToLive">1 ms or more; a part of a millisecond counts as a whole one.</param>
    /// <returns>The command; its reply is false if the key is missing. <c>PEXPIRE</c>, O(1), Redis 2.6, Valkey 7.2.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is 0 or less.</exception>
    public static RedisCommand<bool> Expire(RedisArgument key, TimeSpan timeToLive) =>
        new(new RedisCommand(PExpireHeader, key, Expiry.Milliseconds(timeToLive, nameof(timeToLive))), Replies.Boolean);

    /// <summary>Lets a key live until an instant by the server's clock; one that has passed deletes it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="instant">The instant; a part of a millisecond is cut off.</param>
    /// <returns>The command; its reply is false if the key is missing. <c>PEXPIREAT</c>, O(1), Redis 2.6, Valkey 7.2.</returns>
    public static RedisCommand<bool> ExpireAt(RedisArgument key, DateTimeOffset instant) =>
        new(new RedisCommand(PExpireAtHeader, key, Expiry.UnixMilliseconds(instant, nameof(instant))), Replies.Boolean);

    /// <summary>Takes a key's time to live away.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The command; its reply is false if the key is missing or had none. <c>PERSIST</c>, O(1), Redis 2.2, Valkey 7.2.</returns>
    public static RedisCommand<bool> Persist(RedisArgument key) => new(new RedisCommand(PersistHeader, key), Replies.Boolean);

    /// <summary>Reads how long a key will still be kept.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The command. <c>PTTL</c>, O(1), Redis 2.8, Valkey 7.2.</returns>
    public static RedisCommand<KeyTimeToLive> TimeToLive(RedisArgument key) => new(new RedisCommand(PttlHeader, key), KeyTimeToLive.Reader);

    /// <summary>Gives a key another name; a key that has that name already is deleted.</summary>
    /// <param name="key">The key. If it is missing, the server refuses.</param>
    /// <param name="newKey">Its new name; in a cluster, of the same slot.</param>
    /// <returns>The command. <c>RENAME</c>, O(1), Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<bool> Rename(RedisArgument key, RedisArgument newKey) => new(new RedisCommand(RenameHeader, key, newKey), Replies.Done);

    /// <summary>Reads of what type a key's value is.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The command; its reply is <c>string</c>, <c>list</c>, <c>set</c>, <c>zset</c>, <c>hash</c>, <c>stream</c>, a module's type, or <c>none</c> if the key is missing. <c>TYPE</c>, O(1), Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<string> Type(RedisArgument key) => new(new RedisCommand(TypeHeader, key), Shapes.Text);
}
