using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>The key of a hash with those of its companions, and what its calls have in common: mode, checks, errors.</summary>
internal readonly struct HashKey
{
    private readonly byte[] _hash;
    private readonly byte[] _deadlines;

    public HashKey(in RedisArgument key, string name)
    {
        KeyErrors.Require(key, name);
        _hash = key.ToBytes();
        _deadlines = CompanionKeys.Of(_hash, DeadlinesSuffix);
    }

    public static ReadOnlySpan<byte> DeadlinesSuffix => ":field-deadlines"u8;

    public RedisArgument Hash => _hash;

    public RedisArgument Deadlines => _deadlines;

    /// <summary>Gets the key of the notes on results that were stored.</summary>
    public RedisArgument Notes => CompanionKeys.Of(_hash, ":stored-fields"u8);

    /// <summary>Says which key is wrong, where the server only says that something is.</summary>
    /// <returns>The error to be thrown; the refusal as it is if it says enough.</returns>
    public async ValueTask<RedisException> ExplainAsync(IRedisClient redis, RedisServerException refusal, CancellationToken cancellationToken)
    {
        const string Holds = "it holds a ";
        if (Said(refusal, "FIELDDEADLINES ") is { } ofDeadlines)
        {
            string mend = $"The deadlines of the fields of hash '{KeyErrors.Show(_hash)}' are kept there. Delete that key to keep all its fields without a time to live, or restore it from a backup.";
            return ofDeadlines.StartsWith(Holds, StringComparison.Ordinal)
                ? new RedisKeyTypeException(KeyErrors.Show(_deadlines), "zset", ofDeadlines[Holds.Length..], refusal, mend)
                : new RedisValueException(KeyErrors.Show(_deadlines), "a score in it is no deadline that was written here. " + mend.TrimEnd('.'), refusal);
        }

        if (Said(refusal, "STOREDFIELDS " + Holds) is { } held)
        {
            string mend = $"Notes on the results stored in hash '{KeyErrors.Show(_hash)}' are kept there. Delete that key; then results that have expired read as missing.";
            return new RedisKeyTypeException(KeyErrors.Show(Notes.ToBytes()), "zset", held, refusal, mend);
        }

        return KeyErrors.IsWrongType(refusal) ? await KeyErrors.ExplainAsync(redis, Hash, "hash", refusal, cancellationToken).ConfigureAwait(false) : refusal;
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
