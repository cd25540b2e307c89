using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace RedisToolkit;

/// <summary>Values that .NET spells in short ASCII text, by the invariant culture.</summary>
internal sealed class SpelledFormat<T>(string expected, string? format, SpelledFormat<T>.Parser parse) : HashFieldFormat<T>
    where T : IUtf8SpanFormattable
{
    private const int MostBytes = 256;

    public delegate bool Parser(ReadOnlySpan<char> text, [MaybeNullWhen(false)] out T value);

    internal override string Expected => expected;

    internal override void Write(T value, IBufferWriter<byte> destination)
    {
        if (!value.TryFormat(destination.GetSpan(MostBytes), out int written, format, CultureInfo.InvariantCulture))
            throw new ArgumentException($"A value of the type {typeof(T).Name} takes more than {MostBytes} bytes.", nameof(value));
        destination.Advance(written);
    }

    internal override bool TryRead(ReadOnlySpan<byte> source, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        Span<char> text = stackalloc char[MostBytes];
        if (source.IsEmpty || source.Length > MostBytes || !Ascii.IsValid(source)) return false;
        int length = Encoding.ASCII.GetChars(source, text);
        return parse(text[..length], out value);
    }
}
