using System.Globalization;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Cluster;

/// <summary>Moves a slot of a cluster by hand, step by step, so that tests can stop in the middle.</summary>
internal sealed class SlotMover
{
    private readonly RedisServer _server;
    private readonly string _slot;
    private readonly string _sourceId;
    private readonly string _targetId;

    private SlotMover(RedisServer server, int slot, RedisNode source, RedisNode target, string sourceId, string targetId)
    {
        _server = server;
        _slot = slot.ToString(CultureInfo.InvariantCulture);
        Slot = slot;
        Source = source;
        Target = target;
        _sourceId = sourceId;
        _targetId = targetId;
    }

    public int Slot { get; }

    public RedisNode Source { get; }

    public RedisNode Target { get; }

    /// <summary>Prepares to move the slot of a key to another primary.</summary>
    public static Task<SlotMover> OfAsync(RedisServer server, string key) => OfAsync(server, HashSlot.Of((RedisArgument)key));

    public static async Task<SlotMover> OfAsync(RedisServer server, int slot, RedisNode? target = null)
    {
        RedisNode source = await server.OwnerAsync(slot);
        target ??= await OtherPrimaryAsync(server, source);
        return new SlotMover(server, slot, source, target, await source.IdAsync(), await target.IdAsync());
    }

    /// <summary>Opens the window: what is missing on the source is asked for at the target.</summary>
    public async Task BeginAsync()
    {
        await Target.CommandAsync("CLUSTER", "SETSLOT", _slot, "IMPORTING", _sourceId);
        await Source.CommandAsync("CLUSTER", "SETSLOT", _slot, "MIGRATING", _targetId);
    }

    public async Task MoveKeysAsync(params string[] keys)
    {
        if (keys.Length == 0) return;
        await Source.CommandAsync(["MIGRATE", Target.Host, Target.Port.ToString(CultureInfo.InvariantCulture), "", "0", "5000", "KEYS", .. keys]);
    }

    /// <summary>Moves what is still there, and says to all that the target has the slot.</summary>
    public async Task FinishAsync()
    {
        while (true)
        {
            string[] keys = [.. (await Source.CommandAsync("CLUSTER", "GETKEYSINSLOT", _slot, "100")).Items.Select(key => key.Text!)];
            if (keys.Length == 0) break;
            await MoveKeysAsync(keys);
        }

        // The target first: it makes the later epoch, by which the others believe it. One that has no slots yet is not among them.
        RedisNode[] primaries = [Target, Source, .. (await _server.PrimariesNowAsync()).Except([Target, Source])];
        foreach (RedisNode node in primaries) await node.CommandAsync("CLUSTER", "SETSLOT", _slot, "NODE", _targetId);
        // The next to ask who serves it may ask any of them.
        foreach (RedisNode node in primaries) await Bounded.Until(async () => await node.OwnerSeenAsync(_server, Slot) == Target, $"{node} knows where slot {_slot} is");
    }

    /// <summary>Moves the slot with all its keys in one go, as an operator's tool would.</summary>
    public async Task MoveAsync()
    {
        await BeginAsync();
        await FinishAsync();
    }

    /// <summary>The same way back.</summary>
    public SlotMover Back() => new(_server, Slot, Target, Source, _targetId, _sourceId);

    private static async Task<RedisNode> OtherPrimaryAsync(RedisServer server, RedisNode source) =>
        (await server.PrimariesNowAsync()).First(node => node != source);
}
