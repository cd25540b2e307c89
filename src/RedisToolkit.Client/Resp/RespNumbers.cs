using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;

namespace RedisToolkit.Client;

/// <summary>Numbers as RESP spells them.</summary>
internal static class RespNumbers
{
    /// <summary>Digits of a length: no sign, no blank.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryParseLength(ReadOnlySpan<byte> digits, out long value)
    {
        value = 0;
        // 18 digits fit a long without an overflow check.
        if (digits.IsEmpty || digits.Length > 18) return false;
        foreach (byte b in digits)
        {
            uint digit = (uint)(b - '0');
            if (digit > 9) return false;
            value = value * 10 + digit;
        }

        return true;
    }

    public static bool TryParseInt64(ReadOnlySpan<byte> text, out long value)
    {
        if (text.Length <= 18 && TryParseLength(text, out value)) return true;
        return Utf8Parser.TryParse(text, out value, out int used) && used == text.Length;
    }

    public static bool TryParseDouble(ReadOnlySpan<byte> text, out double value)
    {
        if (Utf8Parser.TryParse(text, out value, out int used) && used == text.Length) return true;
        return TryParseSpecial(text, out value);
    }

    // "inf", "+inf", "-inf", "nan", "-nan", in any case: printf of the server's C library decides.
    private static bool TryParseSpecial(ReadOnlySpan<byte> text, out double value)
    {
        bool negative = text is [(byte)'-', ..];
        if (negative || text is [(byte)'+', ..]) text = text[1..];
        value = 0;
        if (Ascii.EqualsIgnoreCase(text, "inf"u8) || Ascii.EqualsIgnoreCase(text, "infinity"u8))
            value = negative ? double.NegativeInfinity : double.PositiveInfinity;
        else if (Ascii.EqualsIgnoreCase(text, "nan"u8))
            value = double.NaN;
        else
            return false;
        return true;
    }

    public static bool IsBigNumber(ReadOnlySpan<byte> text)
    {
        if (text is [(byte)'-' or (byte)'+', ..]) text = text[1..];
        return !text.IsEmpty && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }
}
