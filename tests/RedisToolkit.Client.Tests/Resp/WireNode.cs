using System.Globalization;
using System.Text;

namespace RedisToolkit.Client.Tests.Resp;

/// <summary>A reply as a test means it, and how it is spelled on the wire. It shares no code with the client's own reader.</summary>
internal sealed record WireNode(RespKind Kind)
{
    /// <summary>The content of strings, errors and numbers, as it stands on the wire.</summary>
    public byte[] Bytes { get; init; } = [];

    /// <summary>The elements; of a map, keys and values in turn.</summary>
    public IReadOnlyList<WireNode> Items { get; init; } = [];

    /// <summary>What the server says about the element; null for nothing.</summary>
    public IReadOnlyList<WireNode>? Attributes { get; init; }

    /// <summary>Whether its length is not announced.</summary>
    public bool Streamed { get; init; }

    /// <summary>Which of several spellings is used, where there are any: of a null, of an error.</summary>
    public int Spelling { get; init; }

    public override string ToString() => Encoding.Latin1.GetString(Encode());

    /// <summary>Spells it as a server that speaks RESP3 does.</summary>
    public byte[] Encode()
    {
        var wire = new MemoryStream();
        Encode(wire);
        return wire.ToArray();
    }

    /// <summary>As RESP2 has it: no attributes, no streams, maps as arrays, numbers and booleans in the kinds that there were.</summary>
    public WireNode AsResp2() => Kind switch
    {
        RespKind.Null => this with { Attributes = null, Spelling = 1 + (Spelling & 1) },
        RespKind.Array or RespKind.Set or RespKind.Map or RespKind.Push =>
            new WireNode(RespKind.Array) { Items = [.. Items.Select(item => item.AsResp2())] },
        RespKind.Double or RespKind.BigNumber or RespKind.Verbatim => new WireNode(RespKind.BulkString) { Bytes = Bytes },
        RespKind.Boolean => new WireNode(RespKind.Integer) { Bytes = [Bytes[0] == 't' ? (byte)'1' : (byte)'0'] },
        RespKind.Error => this with { Attributes = null, Spelling = 0, Bytes = [.. Bytes.Where(b => b is not (byte)'\r' and not (byte)'\n')] },
        _ => this with { Attributes = null, Streamed = false },
    };

    private void Encode(MemoryStream wire)
    {
        if (Attributes is not null) EncodeAggregate(wire, '|', Attributes, pairs: true, streamed: Spelling == 3);
        switch (Kind)
        {
            case RespKind.Null:
                Put(wire, Spelling switch { 0 => "_\r\n", 1 => "$-1\r\n", _ => "*-1\r\n" });
                break;
            case RespKind.SimpleString:
                EncodeLine(wire, '+');
                break;
            case RespKind.Integer:
                EncodeLine(wire, ':');
                break;
            case RespKind.Double:
                EncodeLine(wire, ',');
                break;
            case RespKind.Boolean:
                EncodeLine(wire, '#');
                break;
            case RespKind.BigNumber:
                EncodeLine(wire, '(');
                break;
            case RespKind.Error when Spelling != 1 && Bytes.AsSpan().IndexOfAny((byte)'\r', (byte)'\n') < 0:
                EncodeLine(wire, '-');
                break;
            case RespKind.Error:
                EncodeBulk(wire, '!', Bytes);
                break;
            case RespKind.Verbatim:
                EncodeBulk(wire, '=', [.. "txt:"u8, .. Bytes]);
                break;
            case RespKind.BulkString when Streamed:
                EncodeChunks(wire);
                break;
            case RespKind.BulkString:
                EncodeBulk(wire, '$', Bytes);
                break;
            case RespKind.Array:
                EncodeAggregate(wire, '*', Items, pairs: false, Streamed);
                break;
            case RespKind.Set:
                EncodeAggregate(wire, '~', Items, pairs: false, Streamed);
                break;
            case RespKind.Map:
                EncodeAggregate(wire, '%', Items, pairs: true, Streamed);
                break;
            default:
                EncodeAggregate(wire, '>', Items, pairs: false, streamed: false);
                break;
        }
    }

    private void EncodeLine(MemoryStream wire, char prefix)
    {
        wire.WriteByte((byte)prefix);
        wire.Write(Bytes);
        Put(wire, "\r\n");
    }

    private static void EncodeBulk(MemoryStream wire, char prefix, byte[] content)
    {
        Put(wire, string.Create(CultureInfo.InvariantCulture, $"{prefix}{content.Length}\r\n"));
        wire.Write(content);
        Put(wire, "\r\n");
    }

    // Parts of 1, 2, 3, 4, 1, 2 ... bytes.
    private void EncodeChunks(MemoryStream wire)
    {
        Put(wire, "$?\r\n");
        for (int at = 0, size = 1; at < Bytes.Length; at += size, size = (size % 4) + 1) EncodeBulk(wire, ';', Bytes[at..Math.Min(at + size, Bytes.Length)]);
        Put(wire, ";0\r\n");
    }

    private static void EncodeAggregate(MemoryStream wire, char prefix, IReadOnlyList<WireNode> items, bool pairs, bool streamed)
    {
        Put(wire, streamed ? $"{prefix}?\r\n" : string.Create(CultureInfo.InvariantCulture, $"{prefix}{(pairs ? items.Count / 2 : items.Count)}\r\n"));
        foreach (WireNode item in items) item.Encode(wire);
        if (streamed) Put(wire, ".\r\n");
    }

    private static void Put(MemoryStream wire, string text) => wire.Write(Encoding.Latin1.GetBytes(text));
}
