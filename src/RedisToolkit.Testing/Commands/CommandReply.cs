using System.Globalization;
using System.Text;

namespace RedisToolkit.Testing;

/// <summary>A reply, as RESP2 shapes it: a text, an integer, an error inside an array, an array, or nothing.</summary>
public sealed class CommandReply
{
    private readonly byte[]? _bytes;

    private CommandReply(byte[]? bytes, IReadOnlyList<CommandReply> items, bool isError)
    {
        _bytes = bytes;
        Items = items;
        IsError = isError;
    }

    /// <summary>Gets the items of an array; empty for every other reply.</summary>
    public IReadOnlyList<CommandReply> Items { get; }

    /// <summary>Gets whether this is an error inside an array, as <c>EXEC</c> answers. An error that is the whole reply is thrown instead.</summary>
    public bool IsError { get; }

    /// <summary>Gets whether the reply is nothing: a missing key, a transaction that was not run.</summary>
    public bool IsNull { get; private init; }

    /// <summary>Gets the text, read as UTF-8, or the digits of an integer; null for an array and for nothing.</summary>
    public string? Text => _bytes is null ? null : Encoding.UTF8.GetString(_bytes);

    /// <summary>Gets the bytes of the text, unread; empty for an array and for nothing.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>Reads the reply as an integer.</summary>
    /// <exception cref="FormatException">The reply is no integer.</exception>
    public long ToInt64() => long.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
        ? value
        : throw new FormatException($"The reply is no integer: {this}");

    /// <summary>Gives the text; of an array its items, a comma between them, in brackets; <c>nil</c> for nothing.</summary>
    public override string ToString() => IsNull ? "nil" : Text ?? $"[{string.Join(", ", Items)}]";

    internal static CommandReply OfText(byte[] bytes, bool isError = false) => new(bytes, [], isError);

    internal static CommandReply OfItems(CommandReply[] items) => new(null, items, false);

    internal static CommandReply Null() => new(null, [], false) { IsNull = true };
}
