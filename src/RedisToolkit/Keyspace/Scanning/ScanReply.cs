using System.Buffers.Text;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>The reply to one step of a scan.</summary>
/// <param name="Next">The cursor for the next step; 0 after the last one.</param>
/// <param name="Items">What the step gave; may be nothing.</param>
internal readonly record struct ScanReply<T>(ulong Next, T[] Items);

/// <summary>The shapes of such replies.</summary>
internal static class ScanReply
{
    public static ReplyReader<RedisBytes> Item { get; } = Replies.From(static (ref RespReader reader) => new RedisBytes(reader.ReadSpan().ToArray()));

    public static ReplyReader<ScanReply<RedisBytes>> Items { get; } = Of(Replies.ArrayOf(Item));

    public static ReplyReader<ScanReply<HashScanEntry>> Fields { get; } = OfPairs(Item, static (field, value) => new HashScanEntry(field, value));

    public static ReplyReader<ScanReply<SortedSetScanEntry>> Members { get; } = OfPairs(Replies.Double, static (member, score) => new SortedSetScanEntry(member, score));

    private static ReplyReader<ScanReply<TEntry>> OfPairs<T, TEntry>(ReplyReader<T> second, Func<RedisBytes, T, TEntry> join)
    {
        ReplyReader<(RedisBytes First, T Second)[]> pairs = Replies.PairsOf(Item, second);
        return Of(Replies.From((ref RespReader reader) => Array.ConvertAll(pairs.Read(ref reader), pair => join(pair.First, pair.Second))));
    }

    private static ReplyReader<ScanReply<T>> Of<T>(ReplyReader<T[]> items) => Replies.From((ref RespReader reader) =>
    {
        int parts = reader.ReadArrayHeader();
        if (parts != 2) throw new FormatException($"A scan was answered with {parts} parts; they are to be 2, the cursor and the items.");
        // Cursors are unsigned, and use all 64 bits.
        ReadOnlySpan<byte> cursor = reader.ReadSpan();
        if (!Utf8Parser.TryParse(cursor, out ulong next, out int used) || used != cursor.Length) throw new FormatException($"A scan was answered with a cursor of {cursor.Length} bytes that is no number.");
        return new ScanReply<T>(next, items.Read(ref reader));
    });
}
