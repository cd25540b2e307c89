using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace RedisToolkit.Client.Tests.Resp;

/// <summary>Replies made at random, of every kind that RESP3 has.</summary>
internal static class WireNodes
{
    // Bytes that mean something to RESP turn up more often than chance would have it.
    private static readonly Gen<byte> AnyByte = Gen.Frequency(
        (3, Gen.Choose(0, 255).Select(b => (byte)b)),
        (2, Gen.Elements("\r\n+-:$*_#,(!=%~|>;.?01\0"u8.ToArray())));

    private static readonly Gen<byte[]> Content = AnyByte.ArrayOf();

    private static readonly Gen<byte[]> LineContent = Content.Select(bytes => (byte[])[.. bytes.Where(b => b != '\r')]);

    private static readonly Gen<byte[]> Integers = Gen.OneOf(
        Gen.Choose(int.MinValue, int.MaxValue).Select(i => (long)i),
        Gen.Elements(0L, -1, long.MaxValue, long.MinValue, 999_999_999_999_999_999, 1_000_000_000_000_000_000)).Select(i => Ascii(i.ToString(CultureInfo.InvariantCulture)));

    private static readonly Gen<byte[]> Doubles = Gen.OneOf(
        ArbMap.Default.GeneratorFor<double>().Select(d => double.IsNaN(d) ? "nan" : double.IsInfinity(d) ? "inf" : d.ToString("R", CultureInfo.InvariantCulture)),
        Gen.Elements("inf", "-inf", "nan", "-nan", "0", "-0", "1e21", "4.9406564584124654e-324", "1.7976931348623157e+308", "10.")).Select(Ascii);

    private static readonly Gen<byte[]> BigNumbers =
        from sign in Gen.Elements("", "-", "+")
        from digits in Gen.Choose(0, 9).NonEmptyListOf()
        select Ascii(sign + string.Concat(digits));

    private static readonly Gen<WireNode> Leaf = Gen.Frequency(
        (1, Gen.Choose(0, 2).Select(spelling => new WireNode(RespKind.Null) { Spelling = spelling })),
        (1, LineContent.Select(bytes => new WireNode(RespKind.SimpleString) { Bytes = bytes })),
        (2, Integers.Select(bytes => new WireNode(RespKind.Integer) { Bytes = bytes })),
        (1, Doubles.Select(bytes => new WireNode(RespKind.Double) { Bytes = bytes })),
        (1, Gen.Elements("t", "f").Select(mark => new WireNode(RespKind.Boolean) { Bytes = Ascii(mark) })),
        (1, BigNumbers.Select(bytes => new WireNode(RespKind.BigNumber) { Bytes = bytes })),
        (2, from bytes in Content from spelling in Gen.Choose(0, 1) select new WireNode(RespKind.Error) { Bytes = bytes, Spelling = spelling }),
        (1, Content.Select(bytes => new WireNode(RespKind.Verbatim) { Bytes = bytes })),
        (4, from bytes in Content from streamed in Gen.Elements(false, false, true) select new WireNode(RespKind.BulkString) { Bytes = bytes, Streamed = streamed }));

    /// <summary>Replies, with whatever they hold; pushes are not among them.</summary>
    public static Gen<WireNode> Any { get; } = Gen.Sized(size => Node(Math.Min(size, 30), 4));

    /// <summary>What a server sends unasked; it may have attributes.</summary>
    public static Gen<WireNode> Pushes { get; } =
        from items in Node(4, 2).NonEmptyListOf()
        from node in Attributed(new WireNode(RespKind.Push) { Items = [.. items] }, 3, 1)
        select node;

    private static Gen<WireNode> Node(int size, int depth)
    {
        if (depth == 0 || size <= 1) return Leaf.Resize(size);
        return
            from node in Gen.Frequency((2, Leaf.Resize(size)), (3, Aggregate(size / 2, depth - 1)))
            from attributed in Attributed(node, size / 4, depth - 1)
            select attributed;
    }

    private static Gen<WireNode> Aggregate(int size, int depth) =>
        from kind in Gen.Elements(RespKind.Array, RespKind.Array, RespKind.Map, RespKind.Set)
        from streamed in Gen.Elements(false, false, true)
        from items in Items(size, depth, pairs: kind == RespKind.Map)
        select new WireNode(kind) { Items = items, Streamed = streamed };

    private static Gen<WireNode> Attributed(WireNode node, int size, int depth) => Gen.Frequency(
        (6, Gen.Constant(node)),
        (1, from attributes in Items(size, depth, pairs: true) from streamed in Gen.Elements(false, true) select node with { Attributes = attributes, Spelling = Spelled(node, streamed) }));

    // A null's and an error's own spelling goes first.
    private static int Spelled(WireNode node, bool streamed) => streamed && node.Kind is not (RespKind.Null or RespKind.Error) ? 3 : node.Spelling;

    private static Gen<IReadOnlyList<WireNode>> Items(int size, int depth, bool pairs) =>
        from count in Gen.Choose(0, 4)
        from items in Gen.ArrayOf(Node(size, depth), pairs ? count * 2 : count)
        select (IReadOnlyList<WireNode>)items;

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}
