using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>What the field of one member held.</summary>
/// <param name="IsThere">Whether there is such a field.</param>
/// <param name="Value">Its value, if it is there, not faulty and not left undecoded.</param>
/// <param name="IsFaulty">Whether it holds something else than such a value.</param>
/// <param name="Undecoded">A long value, for its caller to decode.</param>
internal readonly record struct HashMemberValue<TValue>(bool IsThere, TValue? Value = default, bool IsFaulty = false, byte[]? Undecoded = null);

/// <summary>Reads one member straight from the receive buffer.</summary>
internal sealed class HashMemberReader<TEntity, TValue>(HashMember<TEntity, TValue> member) : ReplyReader<HashMemberValue<TValue>>
    where TEntity : class
{
    // Longer ones must not hold up the replies behind them.
    private const int MostBytesDecodedWhileReading = 16 * 1024;

    public override HashMemberValue<TValue> Read(ref RespReader reader)
    {
        if (reader.TryReadNull()) return default;
        ReadOnlySpan<byte> bytes = reader.ReadSpan();
        if (bytes.Length > MostBytesDecodedWhileReading) return new(IsThere: true, Undecoded: bytes.ToArray());
        return member.TryRead(bytes, out TValue? value) ? new(IsThere: true, value) : new(IsThere: true, IsFaulty: true);
    }
}
