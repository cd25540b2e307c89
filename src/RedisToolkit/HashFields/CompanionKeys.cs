namespace RedisToolkit;

/// <summary>
/// Names of keys that belong to another key and lie in the same slot of a cluster, whatever braces that key contains. No two keys
/// have the same companion, and a companion's name tells whose it is.
/// </summary>
internal static class CompanionKeys
{
    private const int Slots = 16384;

    /// <summary>Names the companion of a key.</summary>
    /// <param name="key">The key; not empty.</param>
    /// <param name="suffix">What the companion is for, such as <c>:field-deadlines</c>.</param>
    public static byte[] Of(ReadOnlySpan<byte> key, ReadOnlySpan<byte> suffix)
    {
        // The key has a hash tag already: whatever follows stays in its slot.
        if (Tag(key).Length < key.Length) return [.. key, .. suffix, .. ":t"u8];
        // The whole key becomes the tag, which ends at its first closing brace.
        if (!key.Contains((byte)'}')) return [(byte)'{', .. key, (byte)'}', .. suffix];
        return [(byte)'{', .. TagOfSlot(SlotOf(key)), (byte)'}', .. key, .. suffix, .. ":s"u8];
    }

    /// <summary>Tells whose companion it is.</summary>
    /// <returns>The key, or null if it is no companion for that purpose.</returns>
    public static byte[]? OwnerOf(ReadOnlySpan<byte> companion, ReadOnlySpan<byte> suffix)
    {
        byte[]? owner = null;
        if (companion.EndsWith(suffix) && companion[0] == '{' && companion.Length > suffix.Length + 2) owner = companion[1..(companion.Length - suffix.Length - 1)].ToArray();
        else if (companion.Length > suffix.Length + 2 && companion[..^2].EndsWith(suffix))
        {
            ReadOnlySpan<byte> named = companion[..(companion.Length - suffix.Length - 2)];
            owner = companion.EndsWith(":t"u8) ? named.ToArray() : named[(named.IndexOf((byte)'}') + 1)..].ToArray();
        }

        return owner is { Length: > 0 } && companion.SequenceEqual(Of(owner, suffix)) ? owner : null;
    }

    /// <summary>The slot of a cluster that a key lies in: CRC-16 (XMODEM) of its hash tag, modulo 16384.</summary>
    public static int SlotOf(ReadOnlySpan<byte> key)
    {
        const int Polynomial = 0x1021;
        int crc = 0;
        foreach (byte b in Tag(key))
        {
            crc ^= b << 8;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 0x8000) != 0 ? (crc << 1) ^ Polynomial : crc << 1;
        }

        return (crc & 0xffff) % Slots;
    }

    // What is between the first opening brace and the first closing one behind it, if that is anything; else the whole key.
    private static ReadOnlySpan<byte> Tag(ReadOnlySpan<byte> key)
    {
        int open = key.IndexOf((byte)'{');
        if (open < 0) return key;
        int length = key[(open + 1)..].IndexOf((byte)'}');
        return length > 0 ? key.Slice(open + 1, length) : key;
    }

    // Rare: a key with a closing brace but no tag, such as 'a}b'. About 16,000 numbers are tried, in a millisecond or two.
    private static byte[] TagOfSlot(int slot)
    {
        Span<byte> digits = stackalloc byte[10];
        for (int number = 0; ; number++)
        {
            _ = number.TryFormat(digits, out int length, provider: System.Globalization.CultureInfo.InvariantCulture);
            if (SlotOf(digits[..length]) == slot) return digits[..length].ToArray();
        }
    }
}
