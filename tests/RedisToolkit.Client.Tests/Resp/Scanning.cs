using System.Text;

namespace RedisToolkit.Client.Tests.Resp;

/// <summary>Feeds a scanner as a socket would, and reads what it found.</summary>
internal static class Scanning
{
    public static byte[] Bytes(string wire) => Encoding.Latin1.GetBytes(wire);

    /// <summary>Cuts a stream of bytes into replies when it arrives in pieces that end at <paramref name="cuts"/>.</summary>
    /// <returns>Each whole reply, and how many bytes had arrived when it was reported.</returns>
    public static List<(byte[] Frame, int ArrivedAt)> Split(byte[] wire, IEnumerable<int> cuts, RespLimits? limits = null)
    {
        var scanner = new RespScanner(limits ?? RespLimits.Default);
        var frames = new List<(byte[], int)>();
        int start = 0;
        foreach (int arrived in cuts.Append(wire.Length))
        {
            while (start < arrived && scanner.TryScan(wire.AsSpan(start, arrived - start), out int length))
            {
                frames.Add((wire[start..(start + length)], arrived));
                start += length;
            }
        }

        return frames;
    }

    public static List<(byte[] Frame, int ArrivedAt)> ByteByByte(byte[] wire, RespLimits? limits = null) => Split(wire, Enumerable.Range(1, wire.Length), limits);

    /// <summary>The bytes of the one whole reply that the text is.</summary>
    public static byte[] Whole(string wire, RespLimits? limits = null)
    {
        byte[] bytes = Bytes(wire);
        Assert.True(new RespScanner(limits ?? RespLimits.Default).TryScan(bytes, out int length), "the reply is not whole");
        Assert.Equal(bytes.Length, length);
        return bytes;
    }

    public static T Read<T>(string wire, ReplyReader<T> shape, RespLimits? limits = null)
    {
        var reader = new RespReader(Whole(wire, limits));
        T value = shape.Read(ref reader);
        Assert.True(reader.AtEnd, "the reader left something of the reply behind");
        return value;
    }

    public static RedisReply ReadAny(byte[] frame)
    {
        var reader = new RespReader(frame);
        RedisReply reply = reader.ReadAny();
        Assert.True(reader.AtEnd, "the reader left something of the reply behind");
        return reply;
    }

    /// <summary>Says in what a reply differs from what was meant; null if in nothing.</summary>
    public static string? Difference(WireNode meant, RedisReply read, string at = "reply")
    {
        if (meant.Kind != read.Kind) return $"{at} is {read.Kind}, not {meant.Kind}";
        if ((meant.Attributes is null) != (read.Attributes is null)) return $"{at} differs in having attributes";
        if (meant.Attributes is not null && Items(meant.Attributes, read.Attributes!, at + "|") is { } inAttributes) return inAttributes;
        switch (meant.Kind)
        {
            case RespKind.Null:
                return null;
            case RespKind.Array or RespKind.Set or RespKind.Map or RespKind.Push:
                return Items(meant.Items, read.Items, at);
            case RespKind.Error:
                return read.Error!.ServerMessage == Encoding.UTF8.GetString(meant.Bytes) ? null : $"{at} is the error '{read.Error.ServerMessage}'";
            case RespKind.Boolean:
                return read.AsInt64() == (meant.Bytes[0] == 't' ? 1 : 0) ? null : $"{at} is {read.AsInt64()}";
            default:
                return read.AsBytes().AsSpan().SequenceEqual(meant.Bytes) ? null : $"{at} is '{read.AsText()}'";
        }
    }

    private static string? Items(IReadOnlyList<WireNode> meant, IReadOnlyList<RedisReply> read, string at)
    {
        if (meant.Count != read.Count) return $"{at} has {read.Count} elements, not {meant.Count}";
        for (int i = 0; i < meant.Count; i++)
        {
            if (Difference(meant[i], read[i], $"{at}[{i}]") is { } difference) return difference;
        }

        return null;
    }
}
