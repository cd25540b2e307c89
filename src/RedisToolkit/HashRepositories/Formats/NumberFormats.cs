using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace RedisToolkit;

/// <summary>Integers in decimal digits, as <c>HINCRBY</c> reads and writes them.</summary>
internal sealed class IntegerFormat<T> : HashFieldFormat<T>
    where T : struct, IBinaryInteger<T>
{
    // The longest, of Int128, has 40.
    private const int MostBytes = 48;

    internal override string Expected => $"an integer of the type {typeof(T).Name}";

    internal override void Write(T value, IBufferWriter<byte> destination)
    {
        _ = value.TryFormat(destination.GetSpan(MostBytes), out int written, default, CultureInfo.InvariantCulture);
        destination.Advance(written);
    }

    // A digit last: the parser of .NET lets zero bytes follow.
    internal override bool TryRead(ReadOnlySpan<byte> source, out T value)
    {
        value = default;
        return source.Length > 0 && char.IsAsciiDigit((char)source[^1]) && T.TryParse(source, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }
}

/// <summary>Floating-point numbers in the fewest digits that read back as the same number; <c>inf</c>, <c>-inf</c> and <c>nan</c> as the server spells them.</summary>
internal sealed class FloatFormat<T> : HashFieldFormat<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private const int MostBytes = 64;

    internal override string Expected => $"a number of the type {typeof(T).Name}";

    internal override void Write(T value, IBufferWriter<byte> destination)
    {
        if (!T.IsFinite(value))
        {
            destination.Write(T.IsNaN(value) ? "nan"u8 : T.IsNegative(value) ? "-inf"u8 : "inf"u8);
            return;
        }

        _ = value.TryFormat(destination.GetSpan(MostBytes), out int written, default, CultureInfo.InvariantCulture);
        destination.Advance(written);
    }

    internal override bool TryRead(ReadOnlySpan<byte> source, out T value)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        value = default;
        if (source.IsEmpty || source[^1] == 0) return false;
        if (Ascii.EqualsIgnoreCase(source, "nan"u8) || Ascii.EqualsIgnoreCase(source, "-nan"u8)) value = T.NaN;
        else if (Ascii.EqualsIgnoreCase(source, "inf"u8)) value = T.PositiveInfinity;
        else if (Ascii.EqualsIgnoreCase(source, "-inf"u8)) value = T.NegativeInfinity;
        else return T.TryParse(source, Style, CultureInfo.InvariantCulture, out value);
        return true;
    }
}
