using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Cluster;

/// <summary>What is built on the client works on a cluster as it does on one server.</summary>
[Collection(nameof(SlotMoveTests))]
public sealed class ClusterFeatureTests
{
    private static readonly TimeToLive AnHour = TimeToLive.After(TimeSpan.FromHours(1));

    [Theory]
    [MemberData(nameof(ClusterServers.Flavors), MemberType = typeof(ClusterServers))]
    public async Task Repositories_read_write_and_enumerate_entities_of_all_nodes(RedisFlavor flavor)
    {
        await using RedisClient redis = await ClusterServers.ConnectAsync(flavor);
        KeyTemplate<Item, int> keys = new KeyNames(Guid.NewGuid().ToString("N")).Template<Item, int>("item:{id}");
        var items = new JsonRepository<Item, int>(redis, keys, ValueSerializers.Json<Item>(), new() { TimeToLive = AnHour });
        await items.SetManyAsync(Enumerable.Range(0, 200).ToDictionary(id => id, id => new Item(id)));
        Item?[] read = await items.GetManyAsync([.. Enumerable.Range(0, 201)]);
        Assert.Equal<Item?[]>([.. Enumerable.Range(0, 200).Select(id => new Item(id)), null], read);
        Versioned<Item>? versioned = await items.GetVersionedAsync(7);
        Assert.NotNull(await items.ReplaceAsync(7, new Item(70), versioned!.Version));
        var all = new Dictionary<int, Item>();
        await foreach ((int id, Item item) in items.EnumerateAsync()) all.Add(id, item);
        Assert.Equal(200, all.Count);
        Assert.Equal(new Item(70), all[7]);
        Assert.Equal(150, await items.DeleteManyAsync([.. Enumerable.Range(0, 150)]));
        Assert.Equal(new Item(7), await items.GetOrCreateAsync(7, (id, _) => ValueTask.FromResult(new Item(id))));
    }

    [Theory]
    [MemberData(nameof(Servers.Flavors), MemberType = typeof(Servers))]
    public async Task Fields_with_a_time_to_live_keep_their_companions_beside_them(RedisFlavor flavor)
    {
        await using RedisClient redis = await ClusterServers.ConnectAsync(flavor);
        var fields = new HashFields(redis, new HashFieldsOptions { Storage = HashFieldStorage.Portable });
        string key = Servers.NewKey();
        for (int i = 0; i < 12; i++)
        {
            string hash = $"{key}:{i}";
            await fields.SetAsync(hash, "kept", "1", AnHour);
            await fields.SetAsync(hash, "gone", "2", TimeToLive.After(TimeSpan.FromMilliseconds(1)));
            await Bounded.Until(async () => await fields.GetAsync(hash, "gone") is null, "the field expires");
            Assert.Equal("1", await fields.GetAsync(hash, "kept"));
            await fields.SetAsync(hash, "swept", "3", TimeToLive.After(TimeSpan.FromMilliseconds(1)));
        }

        var swept = new List<string>();
        await foreach (HashSweep sweep in fields.SweepAllAsync())
        {
            if (sweep.Key.StartsWith(key, StringComparison.Ordinal)) swept.Add(sweep.Key);
        }

        Assert.Equal(12, swept.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(ClusterServers.Flavors), MemberType = typeof(ClusterServers))]
    public async Task Loading_counting_measuring_expiring_and_deleting_reach_all_nodes(RedisFlavor flavor)
    {
        await using RedisClient redis = await ClusterServers.ConnectAsync(flavor);
        string prefix = Guid.NewGuid().ToString("N");
        BulkResult loaded = await new BulkLoader(redis).LoadAsync(EntriesAsync(prefix, 2500), TimeToLive.Forever);
        Assert.Equal(2500, loaded.Total.Loaded);
        var keyspace = new RedisKeyspace(redis);
        Assert.Equal(2500, (await keyspace.CountAsync(prefix + "*")).Value);
        Assert.Equal(5, (await keyspace.BiggestAsync(5, new KeyScan { Match = prefix + "*" })).Count);
        var found = new HashSet<string>();
        await foreach (RedisBytes key in keyspace.ScanAsync(new KeyScan { Match = prefix + "*", Type = "string" })) Assert.True(found.Add(key.Text));
        Assert.Equal(2500, found.Count);
        Assert.Equal(2500, (await keyspace.ExpireAsync(prefix + "*", TimeSpan.FromHours(1))).Total.Changed);
        Assert.Equal(2500, (await keyspace.DeleteAsync(prefix + "*")).Total.Changed);
        var counters = new Counters(redis);
        for (int i = 0; i < 10; i++) Assert.Equal(2, (await counters.AddAsync($"{prefix}:{i}", AnHour, 2)).Value);
    }

    [Theory]
    [MemberData(nameof(ClusterServers.Flavors), MemberType = typeof(ClusterServers))]
    public async Task A_scan_misses_no_key_whose_slot_moves_meanwhile(RedisFlavor flavor)
    {
        RedisServer server = await ClusterServers.GetAsync(flavor);
        await using RedisClient redis = await ClusterServers.ConnectAsync(server);
        IReadOnlyList<IRedisClient> primaries = await redis.GetPrimariesAsync();
        foreach (IRedisClient primary in primaries) _ = await primary.ServerTimeAsync();
        RedisNode first = NodeOf(server, primaries[0]), last = NodeOf(server, primaries[^1]);
        string prefix = Guid.NewGuid().ToString("N");
        string[] keys = [.. Enumerable.Range(0, 600).Select(i => $"{prefix}:{i}")];
        foreach (string key in keys) await redis.SetAsync(key, 1);
        string[] moving = await ServedAsync(server, keys, last, 3), stuck = await ServedAsync(server, keys, last, 4);
        SlotMover[] movers = await Task.WhenAll(moving.Select(key => SlotMover.OfAsync(server, HashSlot.Of((RedisArgument)key), first)));
        SlotMover open = await SlotMover.OfAsync(server, HashSlot.Of((RedisArgument)stuck[3]), first);
        var found = new HashSet<string>();
        bool moved = false;
        try
        {
            await foreach (RedisBytes key in new RedisKeyspace(redis).ScanAsync(new KeyScan { Match = prefix + "*", Count = 10 }))
            {
                found.Add(key.Text);
                // The first primary is done, the last one is still to come: what goes from there to here now is seen by neither scan.
                if (moved || await server.OwnerAsync(HashSlot.Of((RedisArgument)key.Text)) == first) continue;
                moved = true;
                foreach (SlotMover mover in movers) await mover.MoveAsync();
                await open.BeginAsync();
                await open.MoveKeysAsync(stuck[3]);
            }
        }
        finally
        {
            await open.FinishAsync();
            foreach (SlotMover mover in movers.Append(open)) await mover.Back().MoveAsync();
        }

        Assert.True(moved);
        Assert.Empty(keys.Except(found));
    }

    private static RedisNode NodeOf(RedisServer server, IRedisClient primary)
    {
        int port = ((RedisClient)primary).Server!.Endpoint.Port;
        return server.Nodes.First(node => node.Port == port);
    }

    private static async Task<string[]> ServedAsync(RedisServer server, string[] keys, RedisNode node, int count)
    {
        var served = new List<string>();
        foreach (string key in keys)
        {
            if (served.Count < count && await server.OwnerAsync(HashSlot.Of((RedisArgument)key)) == node) served.Add(key);
        }

        return [.. served];
    }

    private static async IAsyncEnumerable<BulkEntry> EntriesAsync(string prefix, int count)
    {
        for (int i = 0; i < count; i++) yield return new BulkEntry($"{prefix}:{i}", $"value {i}");
        await Task.CompletedTask;
    }

    private sealed record Item(int Value);
}
