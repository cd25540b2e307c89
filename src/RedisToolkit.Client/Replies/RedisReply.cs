using System.Globalization;
using System.Numerics;
using System.Text;

namespace RedisToolkit.Client;

/// <summary>A reply of any shape, as a tree. For replies whose shape is known, a reader from <see cref="Replies"/> allocates less.</summary>
public sealed class RedisReply
{
    private static readonly RedisReply AbsentReply = new(RespKind.Null);
    private readonly byte[] _bytes;
    private readonly long _integer;
    private readonly double _double;

    private RedisReply(RespKind kind, byte[]? bytes = null, long integer = 0, double number = 0, RedisReply[]? items = null, RedisServerException? error = null)
    {
        Kind = kind;
        _bytes = bytes ?? [];
        _integer = integer;
        _double = number;
        Items = items ?? [];
        Error = error;
    }

    /// <summary>Gets what kind of element this is.</summary>
    public RespKind Kind { get; }

    /// <summary>Gets a value indicating whether the element is absent.</summary>
    public bool IsNull => Kind == RespKind.Null;

    /// <summary>Gets the elements of an array, set, push or map; of a map, keys and values in turn. Empty for other kinds.</summary>
    public IReadOnlyList<RedisReply> Items { get; }

    /// <summary>Gets the error, if this element is one; an array such as the reply to EXEC may hold errors beside values.</summary>
    public RedisServerException? Error { get; }

    /// <summary>Gets what the server said about this element besides its value; null unless it sent attributes (RESP3).</summary>
    public IReadOnlyList<RedisReply>? Attributes { get; private init; }

    /// <summary>Reads the element as text (UTF-8), numbers and booleans in their spelling.</summary>
    /// <returns>The text, or null if the element is absent.</returns>
    /// <exception cref="RedisServerException">The element is an error.</exception>
    /// <exception cref="RedisReplyException">The element is an aggregate.</exception>
    public string? AsText() => Kind switch
    {
        RespKind.Null => null,
        RespKind.Integer => _integer.ToString(CultureInfo.InvariantCulture),
        RespKind.Boolean => _integer != 0 ? "true" : "false",
        RespKind.Error => throw Error!,
        RespKind.Array or RespKind.Map or RespKind.Set or RespKind.Push => throw RedisReplyException.Shape("text", Kind),
        _ => Encoding.UTF8.GetString(_bytes),
    };

    /// <summary>Reads the element as bytes.</summary>
    /// <returns>The bytes, or null if the element is absent.</returns>
    /// <exception cref="RedisServerException">The element is an error.</exception>
    /// <exception cref="RedisReplyException">The element is an aggregate.</exception>
    public byte[]? AsBytes() => Kind switch
    {
        RespKind.BulkString or RespKind.SimpleString or RespKind.Verbatim or RespKind.BigNumber or RespKind.Double => [.. _bytes],
        _ => AsText() is { } text ? Encoding.UTF8.GetBytes(text) : null,
    };

    /// <summary>Reads the element as an integer.</summary>
    /// <returns>The number.</returns>
    /// <exception cref="RedisServerException">The element is an error.</exception>
    /// <exception cref="RedisReplyException">The element spells no 64-bit integer.</exception>
    public long AsInt64()
    {
        if (Kind is RespKind.Integer or RespKind.Boolean) return _integer;
        if (Error is not null) throw Error;
        return RespNumbers.TryParseInt64(_bytes, out long value) ? value : throw RedisReplyException.Shape("an integer", Kind);
    }

    /// <summary>Reads the element as a double.</summary>
    /// <returns>The number.</returns>
    /// <exception cref="RedisServerException">The element is an error.</exception>
    /// <exception cref="RedisReplyException">The element spells no double.</exception>
    public double AsDouble()
    {
        if (Kind == RespKind.Double) return _double;
        if (Kind is RespKind.Integer) return _integer;
        if (Error is not null) throw Error;
        return RespNumbers.TryParseDouble(_bytes, out double value) ? value : throw RedisReplyException.Shape("a double", Kind);
    }

    /// <summary>Reads the element as an integer of any size.</summary>
    /// <returns>The number.</returns>
    /// <exception cref="RedisReplyException">The element spells no integer.</exception>
    public BigInteger AsBigInteger() => Kind == RespKind.BigNumber
        ? BigInteger.Parse(Encoding.ASCII.GetString(_bytes), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
        : AsInt64();

    /// <summary>Shows the element for people: strings in quotes, aggregates in brackets, long ones cut.</summary>
    /// <returns>One line of text.</returns>
    public override string ToString()
    {
        var text = new StringBuilder();
        Describe(text);
        return text.ToString();
    }

    internal static RedisReply Read(ref RespReader reader)
    {
        List<RedisReply>? attributes = null;
        while (reader.TryReadAttributes(out int pairs)) (attributes ??= []).AddRange(ReadItems(ref reader, pairs * 2));
        RedisReply reply = ReadValue(ref reader);
        return attributes is null
            ? reply
            : new RedisReply(reply.Kind, reply._bytes, reply._integer, reply._double, [.. reply.Items], reply.Error) { Attributes = attributes };
    }

    private static RedisReply ReadValue(ref RespReader reader)
    {
        RespKind kind = reader.NextKind;
        switch (kind)
        {
            case RespKind.Null:
                _ = reader.TryReadNull();
                return AbsentReply;
            case RespKind.Integer:
                return new RedisReply(kind, integer: reader.ReadInt64());
            case RespKind.Boolean:
                return new RedisReply(kind, integer: reader.ReadBoolean() ? 1 : 0);
            case RespKind.Double:
                return ReadDouble(ref reader);
            case RespKind.Error:
                _ = reader.TryReadError(out RedisServerException? error);
                return new RedisReply(kind, error: error);
            case RespKind.Array:
            case RespKind.Set:
            case RespKind.Push:
                return new RedisReply(kind, items: ReadItems(ref reader, reader.ReadArrayHeader()));
            case RespKind.Map:
                return new RedisReply(kind, items: ReadItems(ref reader, reader.ReadMapHeader() * 2));
            default:
                return new RedisReply(kind, bytes: reader.ReadSpan().ToArray());
        }
    }

    // Keeps the server's spelling, so that it reads the same as the string that RESP2 sends in its place.
    private static RedisReply ReadDouble(ref RespReader reader)
    {
        byte[] spelling = reader.ReadSpan().ToArray();
        return RespNumbers.TryParseDouble(spelling, out double number)
            ? new RedisReply(RespKind.Double, bytes: spelling, number: number)
            : throw RedisReplyException.Shape("a double", RespKind.Double);
    }

    // The count is what the reply really holds: the scanner has seen its end.
    private static RedisReply[] ReadItems(ref RespReader reader, int count)
    {
        var items = new RedisReply[count];
        for (int i = 0; i < count; i++) items[i] = Read(ref reader);
        return items;
    }

    private void Describe(StringBuilder text)
    {
        const int Enough = 1000;
        if (text.Length > Enough) return;
        switch (Kind)
        {
            case RespKind.Null:
                text.Append("(nil)");
                break;
            case RespKind.Error:
                string message = Error!.ServerMessage;
                text.Append("(error) ").Append(message, 0, Math.Min(message.Length, Enough)).Append(message.Length > Enough ? "..." : string.Empty);
                break;
            case RespKind.BulkString:
                text.Append('"').Append(Beginning(Enough)).Append('"');
                break;
            case RespKind.Array or RespKind.Set or RespKind.Push or RespKind.Map:
                text.Append(Kind == RespKind.Map ? '{' : '[');
                for (int i = 0; i < Items.Count; i++)
                {
                    if (i > 0) text.Append(Kind == RespKind.Map && (i & 1) == 1 ? ": " : ", ");
                    if (text.Length > Enough)
                    {
                        text.Append("...");
                        break;
                    }

                    ((RedisReply)Items[i]).Describe(text);
                }

                text.Append(Kind == RespKind.Map ? '}' : ']');
                break;
            case RespKind.Integer or RespKind.Boolean:
                text.Append(AsText());
                break;
            default:
                text.Append(Beginning(Enough));
                break;
        }
    }

    private string Beginning(int most) =>
        _bytes.Length <= most ? Encoding.UTF8.GetString(_bytes) : Encoding.UTF8.GetString(_bytes, 0, most) + "...";
}
