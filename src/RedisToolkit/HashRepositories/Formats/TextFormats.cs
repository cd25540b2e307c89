using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace RedisToolkit;

/// <summary>Text as UTF-8. What is no valid UTF-16, or no valid UTF-8, is refused rather than changed.</summary>
internal sealed class TextFormat : HashFieldFormat<string>
{
    private readonly TextSerializer _serializer = new();

    internal override string Expected => "UTF-8 text";

    internal override void Write(string value, IBufferWriter<byte> destination) => _serializer.Serialize(value, destination);

    internal override bool TryRead(ReadOnlySpan<byte> source, [MaybeNullWhen(false)] out string value)
    {
        bool isText = System.Text.Unicode.Utf8.IsValid(source);
        value = isText ? Encoding.UTF8.GetString(source) : null;
        return isText;
    }
}

/// <summary>One character as UTF-8.</summary>
internal sealed class CharacterFormat : HashFieldFormat<char>
{
    private const int MostBytes = 3;

    internal override string Expected => "one character";

    internal override void Write(char value, IBufferWriter<byte> destination)
    {
        if (char.IsSurrogate(value)) throw new ArgumentException("A character is half of a surrogate pair and cannot be stored as UTF-8. Store such data as text or as a number.", nameof(value));
        destination.Advance(Encoding.UTF8.GetBytes([value], destination.GetSpan(MostBytes)));
    }

    internal override bool TryRead(ReadOnlySpan<byte> source, out char value)
    {
        bool isOne = Rune.DecodeFromUtf8(source, out Rune rune, out int used) == OperationStatus.Done && used == source.Length && rune.IsBmp;
        value = isOne ? (char)rune.Value : default;
        return isOne;
    }
}

/// <summary>What has a text that it can be read from again, such as an address.</summary>
internal sealed class WordedFormat<T>(string expected, Func<T, string> write, Func<string, T?> parse) : HashFieldFormat<T>
    where T : class
{
    private readonly TextFormat _text = new();

    internal override string Expected => expected;

    internal override void Write(T value, IBufferWriter<byte> destination) => _text.Write(write(value), destination);

    internal override bool TryRead(ReadOnlySpan<byte> source, [MaybeNullWhen(false)] out T value)
    {
        value = _text.TryRead(source, out string? text) ? parse(text) : null;
        return value is not null;
    }
}
