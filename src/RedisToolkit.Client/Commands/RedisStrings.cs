namespace RedisToolkit.Client;

/// <summary>Commands on strings, for <see cref="IRedisClient"/> as well as for batches and transactions.</summary>
public static class RedisStrings
{
    private static readonly CommandHeader AppendHeader = CommandHeader.Of("APPEND");
    private static readonly CommandHeader GetHeader = CommandHeader.Of("GET");
    private static readonly CommandHeader GetDelHeader = CommandHeader.Of("GETDEL");
    private static readonly CommandHeader GetExHeader = CommandHeader.Of("GETEX");
    private static readonly CommandHeader GetRangeHeader = CommandHeader.Of("GETRANGE");
    private static readonly CommandHeader IncrByHeader = CommandHeader.Of("INCRBY");
    private static readonly CommandHeader IncrByFloatHeader = CommandHeader.Of("INCRBYFLOAT");
    private static readonly CommandHeader MGetHeader = CommandHeader.Of("MGET");
    private static readonly CommandHeader MSetHeader = CommandHeader.Of("MSET");
    private static readonly CommandHeader SetHeader = CommandHeader.Of("SET");
    private static readonly CommandHeader StrLenHeader = CommandHeader.Of("STRLEN");

    /// <summary>Reads a string as text (UTF-8).</summary>
    /// <param name="key">The key.</param>
    /// <returns>The command; its reply is null if the key is missing. <c>GET</c>, O(1), Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<string?> Get(RedisArgument key) => new(new RedisCommand(GetHeader, key), Replies.Text);

    /// <summary>Reads a string as bytes.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The command; its reply is null if the key is missing. <c>GET</c>, O(1), Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<byte[]?> GetBytes(RedisArgument key) => new(new RedisCommand(GetHeader, key), Replies.Bytes);

    /// <summary>Reads a string into pooled memory.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The command; its reply is to be disposed, and <see cref="PooledBytes.IsNull"/> if the key is missing. <c>GET</c>, O(1), Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<PooledBytes> GetPooled(RedisArgument key) => new(new RedisCommand(GetHeader, key), Replies.Pooled);

    /// <summary>Reads several strings as text.</summary>
    /// <param name="keys">1 or more keys; in a cluster, of one slot.</param>
    /// <returns>The command; its reply has a text for each key in the order given, null for one that is missing or no string. <c>MGET</c>, O(N), Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<string?[]> GetMany(params ReadOnlySpan<RedisArgument> keys)
    {
        Words.RequireSome(keys.Length, nameof(keys));
        return new(new RedisCommand(MGetHeader, keys), Shapes.TextsOrNulls);
    }

    /// <summary>Reads a part of a string.</summary>
    /// <param name="key">The key.</param>
    /// <param name="first">The first byte, from 0; negative from the end, -1 for the last.</param>
    /// <param name="last">The last byte, which is included, counted the same way.</param>
    /// <returns>The command; its reply is empty if the key is missing. <c>GETRANGE</c>, O(N) in the bytes returned, Redis 2.4, Valkey 7.2.</returns>
    public static RedisCommand<byte[]?> GetRange(RedisArgument key, long first, long last) => new(new RedisCommand(GetRangeHeader, key, first, last), Replies.Bytes);

    /// <summary>Reads a string and deletes its key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The command; its reply is null if the key is missing. <c>GETDEL</c>, O(1), Redis 6.2, Valkey 7.2.</returns>
    public static RedisCommand<string?> GetDelete(RedisArgument key) => new(new RedisCommand(GetDelHeader, key), Replies.Text);

    /// <summary>Reads a string and gives its key another time to live.</summary>
    /// <param name="key">The key.</param>
    /// <param name="expiry">How long to keep it; <see cref="Expiry.Never"/> takes its time to live away, <see cref="Expiry.Keep"/> leaves it.</param>
    /// <returns>The command; its reply is null if the key is missing. <c>GETEX</c>, O(1), Redis 6.2, Valkey 7.2.</returns>
    public static RedisCommand<string?> GetExpire(RedisArgument key, Expiry expiry)
    {
        if (expiry == Expiry.Keep) return new(new RedisCommand(GetExHeader, key), Replies.Text);
        Span<RedisArgument> words = [key, Words.Persist, default];
        int count = 1 + Math.Max(expiry.CopyTo(words[1..]), 1);
        return new(new RedisCommand(GetExHeader, words[..count]), Replies.Text);
    }

    /// <summary>Writes a string that is kept until it is deleted; a time to live that the key had is lost.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <returns>The command. <c>SET</c>, O(1), Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<bool> Set(RedisArgument key, RedisArgument value) => new(new RedisCommand(SetHeader, key, value), Replies.Done);

    /// <summary>Writes a string, for a while or under a condition.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="expiry">How long to keep it.</param>
    /// <param name="when">What must hold.</param>
    /// <returns>The command; its reply is false if the condition did not hold and nothing was written. <c>SET</c>, O(1), Redis 2.6.12, Valkey 7.2.</returns>
    public static RedisCommand<bool> Set(RedisArgument key, RedisArgument value, Expiry expiry, SetWhen when = SetWhen.Always)
    {
        Span<RedisArgument> words = [key, value, default, default, default];
        int count = 2 + Options(words[2..], expiry, when, get: false);
        return new(new RedisCommand(SetHeader, words[..count]), Replies.Boolean);
    }

    /// <summary>Writes a string and reads the one that was there before.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="expiry">How long to keep it.</param>
    /// <param name="when">What must hold. <see cref="SetWhen.KeyIsMissing"/> needs Redis 7.0.</param>
    /// <returns>The command; its reply is the former text, null if the key was missing. <c>SET … GET</c>, O(1), Redis 6.2, Valkey 7.2.</returns>
    public static RedisCommand<string?> SetAndGet(RedisArgument key, RedisArgument value, Expiry expiry = default, SetWhen when = SetWhen.Always)
    {
        Span<RedisArgument> words = [key, value, default, default, default, default];
        int count = 2 + Options(words[2..], expiry, when, get: true);
        return new(new RedisCommand(SetHeader, words[..count]), Replies.Text);
    }

    /// <summary>Writes several strings as one; times to live that the keys had are lost.</summary>
    /// <param name="pairs">1 or more keys and values; in a cluster, of one slot. Of two equal keys the last one counts.</param>
    /// <returns>The command. <c>MSET</c>, O(N), Redis 1.0.1, Valkey 7.2.</returns>
    public static RedisCommand<bool> SetMany(params ReadOnlySpan<(RedisArgument Key, RedisArgument Value)> pairs)
    {
        Words.RequireSome(pairs.Length, nameof(pairs));
        return new(new RedisCommand(MSetHeader, Words.Flat(pairs)), Replies.Done);
    }

    /// <summary>Adds to an integer that is kept as a string; a missing key counts as 0. Its time to live stays.</summary>
    /// <param name="key">The key.</param>
    /// <param name="by">What to add; negative to subtract.</param>
    /// <returns>The command; its reply is the sum. <c>INCRBY</c>, O(1), Redis 1.0, Valkey 7.2.</returns>
    public static RedisCommand<long> Increment(RedisArgument key, long by = 1) => new(new RedisCommand(IncrByHeader, key, by), Replies.Integer);

    /// <summary>Adds to a number that is kept as a string; a missing key counts as 0. Its time to live stays.</summary>
    /// <param name="key">The key.</param>
    /// <param name="by">What to add; negative to subtract.</param>
    /// <returns>The command; its reply is the sum, computed by the server with 17 digits. <c>INCRBYFLOAT</c>, O(1), Redis 2.6, Valkey 7.2.</returns>
    public static RedisCommand<double> Increment(RedisArgument key, double by) => new(new RedisCommand(IncrByFloatHeader, key, by), Replies.Double);

    /// <summary>Adds to the end of a string; a missing key counts as empty.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">What to add.</param>
    /// <returns>The command; its reply is the new length in bytes. <c>APPEND</c>, O(1), Redis 2.0, Valkey 7.2.</returns>
    public static RedisCommand<long> Append(RedisArgument key, RedisArgument value) => new(new RedisCommand(AppendHeader, key, value), Replies.Integer);

    /// <summary>Reads a string's length.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The command; its reply is in bytes, 0 if the key is missing. <c>STRLEN</c>, O(1), Redis 2.2, Valkey 7.2.</returns>
    public static RedisCommand<long> Length(RedisArgument key) => new(new RedisCommand(StrLenHeader, key), Replies.Integer);

    private static int Options(Span<RedisArgument> words, Expiry expiry, SetWhen when, bool get)
    {
        int count = 0;
        switch (when)
        {
            case SetWhen.Always:
                break;
            case SetWhen.KeyIsMissing:
                words[count++] = Words.IfMissing;
                break;
            case SetWhen.KeyExists:
                words[count++] = Words.IfExists;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(when), when, "There is no such SetWhen.");
        }

        if (get) words[count++] = Words.Get;
        return count + expiry.CopyTo(words[count..]);
    }
}
