namespace RedisToolkit.Client;

/// <summary>Which nodes serve which slots, as one node of a cluster sees it at one moment. Immutable.</summary>
internal sealed class SlotMap
{
    private readonly SlotRange?[] _bySlot = new SlotRange?[HashSlot.Count];

    /// <param name="ranges">The ranges; where two have the same slot, the later one counts.</param>
    public SlotMap(IReadOnlyList<SlotRange> ranges)
    {
        Ranges = ranges;
        foreach (SlotRange range in ranges) _bySlot.AsSpan(range.First, range.Last - range.First + 1).Fill(range);
        Covered = _bySlot.Count(static range => range is not null);
    }

    /// <summary>Gets the ranges in the order in which the node told them.</summary>
    public IReadOnlyList<SlotRange> Ranges { get; }

    /// <summary>Gets how many of the slots have a node.</summary>
    public int Covered { get; }

    /// <summary>Gets who serves a slot; null if the map does not say.</summary>
    public SlotRange? this[int slot] => _bySlot[slot];

    /// <summary>Gets the shape of the reply to <c>CLUSTER SLOTS</c>.</summary>
    /// <param name="asked">The node that is asked.</param>
    /// <param name="addresses">Makes endpoints of what it says.</param>
    /// <remarks>
    /// <c>CLUSTER SLOTS</c> rather than <c>CLUSTER SHARDS</c>: every server answers it in one form, with the port that fits the connection
    /// (TLS or not), and it leaves out replicas that cannot serve. What cannot be understood of it is left out, not fatal: in
    /// the middle of a failover, nodes have been seen to tell half of what they should.
    /// </remarks>
    public static ReplyReader<SlotMap> Reader(RedisEndpoint asked, ClusterAddresses addresses) => Replies.From((ref RespReader reader) =>
    {
        var ranges = new List<SlotRange>();
        foreach (RedisReply entry in reader.ReadAny().Items)
        {
            if (ReadRange(entry, asked, addresses) is { } range) ranges.Add(range);
        }

        return new SlotMap(ranges);
    });

    // [first, last, [host, port, id, …] of the primary, then of each replica]
    private static SlotRange? ReadRange(RedisReply entry, RedisEndpoint asked, ClusterAddresses addresses)
    {
        IReadOnlyList<RedisReply> parts = entry.Items;
        if (parts.Count < 3 || ReadNumber(parts[0]) is not { } first || ReadNumber(parts[1]) is not { } last) return null;
        if (first < 0 || last >= HashSlot.Count || first > last) return null;
        if (ReadNode(parts[2], asked, addresses) is not { } primary) return null;
        RedisEndpoint[] replicas = [.. parts.Skip(3).Select(part => ReadNode(part, asked, addresses)).OfType<RedisEndpoint>().Where(replica => replica != primary).Distinct()];
        return new SlotRange((int)first, (int)last, primary, replicas);
    }

    private static RedisEndpoint? ReadNode(RedisReply node, RedisEndpoint asked, ClusterAddresses addresses)
    {
        IReadOnlyList<RedisReply> parts = node.Items;
        if (parts.Count < 2 || ReadNumber(parts[1]) is not { } port) return null;
        return addresses.Read(parts[0].AsText(), port, asked);
    }

    private static long? ReadNumber(RedisReply reply) => reply.Kind == RespKind.Integer ? reply.AsInt64() : null;
}

/// <summary>Slots that lie next to each other and are served by the same nodes.</summary>
/// <param name="First">The first slot.</param>
/// <param name="Last">The last slot.</param>
/// <param name="Primary">The node that takes reads and writes.</param>
/// <param name="Replicas">Its replicas that can serve; may be none.</param>
internal sealed record SlotRange(int First, int Last, RedisEndpoint Primary, IReadOnlyList<RedisEndpoint> Replicas);
