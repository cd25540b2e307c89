using System.Buffers.Text;
using System.Text;

namespace RedisToolkit.Client;

/// <summary>
/// Which of a cluster's slots a key lies in: the CRC16 (XMODEM) of the key, or, where it has a hash tag, of what stands between the
/// first <c>{</c> and the next <c>}</c>, so that keys with the same tag lie together. Allocates nothing.
/// </summary>
internal static class HashSlot
{
    public const int Count = 16_384;

    /// <summary>Stands for no slot: there is no key.</summary>
    public const int None = -1;

    /// <summary>Stands for several slots.</summary>
    public const int Several = -2;

    private const int LongestNumber = 32;
    private static readonly ushort[] Table = MakeTable();

    /// <summary>The slot of a key.</summary>
    public static int Of(ReadOnlySpan<byte> key)
    {
        int open = key.IndexOf((byte)'{');
        if (open >= 0)
        {
            int length = key[(open + 1)..].IndexOf((byte)'}');
            if (length > 0) key = key.Slice(open + 1, length);
        }

        return Crc(key) & (Count - 1);
    }

    /// <summary>The slot of a key as it would be sent.</summary>
    public static int Of(in RedisArgument key)
    {
        if (key.TryGetText(out string? text)) return Of(text);
        if (key.TryGetInt64(out long integer)) return OfInteger(integer);
        return key.TryGetDouble(out double number) ? OfDouble(number) : Of(key.Bytes);
    }

    /// <summary>The slot of a key that is sent as UTF-8.</summary>
    public static int Of(ReadOnlySpan<char> key)
    {
        int open = key.IndexOf('{');
        if (open >= 0)
        {
            int length = key[(open + 1)..].IndexOf('}');
            if (length > 0) key = key.Slice(open + 1, length);
        }

        return Crc(key) & (Count - 1);
    }

    private static int OfInteger(long value)
    {
        Span<byte> digits = stackalloc byte[LongestNumber];
        _ = Utf8Formatter.TryFormat(value, digits, out int used);
        return Of(digits[..used]);
    }

    // As the sending side spells it.
    private static int OfDouble(double value)
    {
        if (double.IsInfinity(value)) return Of(value > 0 ? "inf"u8 : "-inf"u8);
        Span<byte> digits = stackalloc byte[LongestNumber];
        _ = Utf8Formatter.TryFormat(value, digits, out int used);
        return Of(digits[..used]);
    }

    private static int Crc(ReadOnlySpan<byte> bytes)
    {
        ushort[] table = Table;
        int crc = 0;
        foreach (byte b in bytes) crc = Next(table, crc, b);
        return crc;
    }

    private static int Crc(ReadOnlySpan<char> text)
    {
        ushort[] table = Table;
        int crc = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] >= 0x80) return Continue(crc, text[i..]);
            crc = Next(table, crc, (byte)text[i]);
        }

        return crc;
    }

    // Text that is no valid UTF-16 gets some slot: it is refused when it is to be spelled.
    private static int Continue(int crc, ReadOnlySpan<char> text)
    {
        Span<byte> utf8 = stackalloc byte[4];
        foreach (Rune rune in text.EnumerateRunes())
        {
            int used = rune.EncodeToUtf8(utf8);
            foreach (byte b in utf8[..used]) crc = Next(Table, crc, b);
        }

        return crc;
    }

    private static int Next(ushort[] table, int crc, byte b) => ((crc << 8) & 0xFFFF) ^ table[(crc >> 8) ^ b];

    private static ushort[] MakeTable()
    {
        const int Polynomial = 0x1021;
        var table = new ushort[256];
        for (int i = 0; i < table.Length; i++)
        {
            int crc = i << 8;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 0x8000) != 0 ? (crc << 1) ^ Polynomial : crc << 1;
            table[i] = (ushort)crc;
        }

        return table;
    }
}
