using System.Diagnostics.CodeAnalysis;
using System.Text;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>A key, a field, a member or a value as the server keeps it: bytes, which are text most of the time.</summary>
/// <remarks>It can be passed on wherever a <see cref="RedisArgument"/> is taken. Two are equal if their bytes are.</remarks>
public readonly struct RedisBytes : IEquatable<RedisBytes>
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly byte[]? _bytes;

    internal RedisBytes(byte[] bytes) => _bytes = bytes;

    /// <summary>Gets how many bytes there are.</summary>
    public int Length => _bytes?.Length ?? 0;

    /// <summary>Gets the bytes.</summary>
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>Gets the bytes.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes;

    /// <summary>Gets the bytes as text.</summary>
    /// <exception cref="InvalidOperationException">They are not UTF-8: look at <see cref="Span"/>, or ask with <see cref="TryGetText"/>.</exception>
    public string Text => TryGetText(out string? text)
        ? text
        : throw new InvalidOperationException($"The {Length} bytes are not UTF-8, and as text they would name something else. Take Span or Memory, or ask with TryGetText.");

    /// <summary>Takes the bytes as an argument of a command.</summary>
    /// <param name="bytes">The bytes; not copied.</param>
    public static implicit operator RedisArgument(RedisBytes bytes) => bytes._bytes ?? [];

    /// <summary>Compares bytes.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">Another.</param>
    /// <returns>Whether they are the same bytes.</returns>
    public static bool operator ==(RedisBytes left, RedisBytes right) => left.Equals(right);

    /// <summary>Compares bytes.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">Another.</param>
    /// <returns>Whether they differ.</returns>
    public static bool operator !=(RedisBytes left, RedisBytes right) => !left.Equals(right);

    /// <summary>Reads the bytes as text, if they are UTF-8.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Whether they are.</returns>
    public bool TryGetText([NotNullWhen(true)] out string? text)
    {
        text = null;
        if (!System.Text.Unicode.Utf8.IsValid(Span)) return false;
        text = Strict.GetString(Span);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(RedisBytes other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RedisBytes other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>Shows the text; bytes that are none, and control characters, as <c>\x00</c>.</summary>
    /// <returns>For people to read: two that differ may look the same.</returns>
    public override string ToString()
    {
        if (TryGetText(out string? text) && !text.Any(char.IsControl)) return text;
        var shown = new StringBuilder(Length * 2);
        foreach (byte b in Span) _ = b is >= (byte)' ' and <= (byte)'~' ? shown.Append((char)b) : shown.Append("\\x").Append(b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
        return shown.ToString();
    }
}
