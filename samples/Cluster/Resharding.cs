using System.Globalization;
using RedisToolkit.Testing;

namespace RedisToolkit.Samples.Cluster;

/// <summary>Moves slots between two nodes as <c>redis-cli --cluster reshard</c> does: first the keys, one by one, then the slot.</summary>
internal sealed class Resharding(RedisNode first, RedisNode second, RedisNode third)
{
    private int _moved;

    /// <summary>Gets how many slots were moved.</summary>
    public int Moved => Volatile.Read(ref _moved);

    /// <summary>Moves the slots of those keys that one of the two nodes has to the other, so many times.</summary>
    public async Task MoveAsync(IEnumerable<string> keys, int rounds)
    {
        string[] ids = [(await first.CommandAsync("CLUSTER", "MYID")).Text!, (await second.CommandAsync("CLUSTER", "MYID")).Text!];
        var slots = new List<string>();
        foreach (string key in keys)
        {
            string slot = (await first.CommandAsync("CLUSTER", "KEYSLOT", key)).ToInt64().ToString(CultureInfo.InvariantCulture);
            if ((await first.CommandAsync("CLUSTER", "COUNTKEYSINSLOT", slot)).ToInt64() > 0 && !slots.Contains(slot)) slots.Add(slot);
        }

        for (int round = 0; round < rounds * 2; round++)
        {
            bool there = round % 2 == 0;
            foreach (string slot in slots) await MoveAsync(slot, there ? first : second, there ? second : first, ids[there ? 0 : 1], ids[there ? 1 : 0]);
        }
    }

    private async Task MoveAsync(string slot, RedisNode from, RedisNode to, string fromId, string toId)
    {
        await to.CommandAsync("CLUSTER", "SETSLOT", slot, "IMPORTING", fromId);
        await from.CommandAsync("CLUSTER", "SETSLOT", slot, "MIGRATING", toId);
        while (true)
        {
            string[] keys = [.. (await from.CommandAsync("CLUSTER", "GETKEYSINSLOT", slot, "100")).Items.Select(static key => key.Text!)];
            if (keys.Length == 0) break;
            await from.CommandAsync(["MIGRATE", to.Host, to.Port.ToString(CultureInfo.InvariantCulture), "", "0", "5000", "KEYS", .. keys]);
        }

        foreach (RedisNode node in new[] { to, from, third }) await node.CommandAsync("CLUSTER", "SETSLOT", slot, "NODE", toId);
        Interlocked.Increment(ref _moved);
    }
}
