using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>Says which key holds what, where the server only says that some key holds another type.</summary>
internal static class KeyErrors
{
    private const int LongestShown = 200;

    /// <summary>Shows a key in messages: as text if it is that, its beginning if it is long.</summary>
    public static string Show(ReadOnlySpan<byte> key)
    {
        if (key.Length <= LongestShown) return new RedisBytes(key.ToArray()).ToString();
        // A character is not cut in two: then all of it would be shown as bytes.
        int end = LongestShown;
        while (end > LongestShown - 4 && (key[end] & 0xC0) == 0x80) end--;
        return new RedisBytes(key[..end].ToArray()) + "...";
    }

    /// <summary>Refuses what is no key, before anything is sent.</summary>
    /// <exception cref="ArgumentException">It is default(RedisArgument), or empty.</exception>
    public static void Require(in RedisArgument key, string name)
    {
        if (key == default) throw new ArgumentException("No key is given: this is default(RedisArgument).", name);
        if (key == string.Empty) throw new ArgumentException("The key is empty.", name);
    }

    public static bool IsWrongType(Exception? error) => error is RedisServerException { Code: RedisErrorCode.WrongType };

    /// <summary>Asks what the key holds.</summary>
    /// <returns>The error to be thrown; the refusal as it is if there is no more to say: the key was deleted meanwhile, or nobody may ask.</returns>
    public static async ValueTask<RedisException> ExplainAsync(
        IRedisClient redis, RedisArgument key, string expected, RedisServerException refusal, CancellationToken cancellationToken)
    {
        try
        {
            string actual = await redis.ExecuteAsync(RedisKeys.Type(key), cancellationToken).ConfigureAwait(false);
            return actual == expected || actual == "none" ? refusal : new RedisKeyTypeException(Show(key.ToBytes()), expected, actual, refusal);
        }
        catch (RedisException)
        {
            // What the server said first is worth more than why it cannot be asked now.
            return refusal;
        }
    }
}
