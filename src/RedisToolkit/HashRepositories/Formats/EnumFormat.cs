using System.Buffers;
using System.Text;

namespace RedisToolkit;

/// <summary>An enumeration by name (flags as <c>A, B</c>), or by number. Both are read, so that one may change to the other.</summary>
internal sealed class EnumFormat<T>(bool asNumber) : HashFieldFormat<T>
    where T : struct, Enum
{
    private const int MostCharacters = 512;
    private const int UsualBytes = 64;

    internal override string Expected => $"a name or a number of the enumeration {typeof(T).Name}";

    internal override void Write(T value, IBufferWriter<byte> destination)
    {
        string text = value.ToString(asNumber ? "D" : "G");
        destination.Advance(Encoding.UTF8.GetBytes(text, destination.GetSpan(Math.Max(UsualBytes, Encoding.UTF8.GetMaxByteCount(text.Length)))));
    }

    internal override bool TryRead(ReadOnlySpan<byte> source, out T value)
    {
        value = default;
        if (source.IsEmpty || source.Length > MostCharacters) return false;
        Span<char> text = stackalloc char[MostCharacters];
        int length = Encoding.UTF8.GetChars(source, text);
        return !char.IsWhiteSpace(text[0]) && Enum.TryParse(text[..length], ignoreCase: false, out value);
    }
}
