using System.Text;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>The key of a hash with those of its companions, and what its calls have in common: mode, checks, errors.</summary>
internal readonly struct HashKey
{
    private const int LongestShown = 200;
    private readonly byte[] _hash;
    private readonly byte[] _deadlines;

    public HashKey(in RedisArgument key, string name)
    {
        if (key == default) throw new ArgumentException("No key is given: this is default(RedisArgument).", name);
        _hash = key.ToBytes();
        if (_hash.Length == 0) throw new ArgumentException("The key is empty.", name);
        _deadlines = CompanionKeys.Of(_hash, DeadlinesSuffix);
    }

    public static ReadOnlySpan<byte> DeadlinesSuffix => ":field-deadlines"u8;

    public RedisArgument Hash => _hash;

    public RedisArgument Deadlines => _deadlines;

    /// <summary>Gets the key of the notes on results that were stored.</summary>
    public RedisArgument Notes => CompanionKeys.Of(_hash, ":stored-fields"u8);

    public static string Show(ReadOnlySpan<byte> key) =>
        key.Length <= LongestShown ? Encoding.UTF8.GetString(key) : Encoding.UTF8.GetString(key[..LongestShown]) + "...";

    /// <summary>Says which key holds what, where the server only says that something is wrong.</summary>
    /// <returns>The error to be thrown in its place, or null if it says enough.</returns>
    public async ValueTask<InvalidOperationException?> ExplainAsync(IRedisClient redis, RedisServerException refusal, CancellationToken cancellationToken)
    {
        if (Said(refusal, "FIELDDEADLINES ") is { } deadlines)
        {
            return new InvalidOperationException(
                $"The deadlines of the fields of hash '{Show(_hash)}', at key '{Show(_deadlines)}', are not what was written there: {deadlines}. " +
                "Nothing was lost. Delete that key to keep all fields without a time to live, or restore it from a backup.",
                refusal);
        }

        if (Said(refusal, "STOREDFIELDS ") is { } notes)
        {
            return new InvalidOperationException(
                $"The notes on the results stored in hash '{Show(_hash)}', at key '{Show(Notes.ToBytes())}', are not what was written there: {notes}. " +
                "Nothing was lost. Delete that key; then results that have expired read as missing.",
                refusal);
        }

        if (refusal.Code != RedisErrorCode.WrongType) return null;
        string? held = await redis.ExecuteAsync(RedisCommand.Create("TYPE", _hash), Replies.Text, cancellationToken).ConfigureAwait(false);
        return new InvalidOperationException($"Key '{Show(_hash)}' holds a {held}, not a hash. Nothing was changed. Use another key, or delete this one first.", refusal);
    }

    // What a script of ours says behind its code word; servers add where it happened.
    private static string? Said(RedisServerException refusal, string code)
    {
        int start = refusal.ServerMessage.IndexOf(code, StringComparison.Ordinal);
        if (start < 0) return null;
        string said = refusal.ServerMessage[(start + code.Length)..];
        int end = said.IndexOf(" script:", StringComparison.Ordinal);
        return end < 0 ? said : said[..end];
    }
}
