using System.Collections.Concurrent;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Cluster;

/// <summary>Clusters that many tests share: they move slots and come to rest again, but kill nobody. They live as long as the test process.</summary>
internal static class ClusterServers
{
    private static readonly ConcurrentDictionary<RedisFlavor, Lazy<Task<RedisServer>>> Shared = new();

    /// <summary>The flavours on which every behaviour is shown.</summary>
    public static TheoryData<RedisFlavor> Flavors { get; } = [RedisFlavor.Redis, RedisFlavor.Valkey];

    public static Task<RedisServer> GetAsync(RedisFlavor flavor = RedisFlavor.Redis) =>
        Shared.GetOrAdd(flavor, static f => new Lazy<Task<RedisServer>>(() => StartAsync(f))).Value;

    /// <summary>Starts a cluster of 3 primaries that no other test uses.</summary>
    public static Task<RedisServer> StartAsync(RedisFlavor flavor, Func<RedisServerOptions, RedisServerOptions>? with = null)
    {
        var options = new RedisServerOptions { Flavor = flavor, Topology = RedisTopology.Cluster, ClusterNodeTimeout = TimeSpan.FromSeconds(1) };
        return RedisServer.StartAsync(with is null ? options : with(options));
    }

    /// <summary>Connects our client to the cluster that all tests share.</summary>
    public static async Task<RedisClient> ConnectAsync(RedisFlavor flavor = RedisFlavor.Redis, Func<RedisClientOptions, RedisClientOptions>? with = null) =>
        await ConnectAsync(await GetAsync(flavor), with);

    public static Task<RedisClient> ConnectAsync(RedisServer server, Func<RedisClientOptions, RedisClientOptions>? with = null)
    {
        RedisClientOptions options = RedisClientOptions.Parse(server.ConnectionString) with { Cluster = new(), CommandTimeout = TimeSpan.FromSeconds(10) };
        return RedisClient.ConnectAsync(with is null ? options : with(options));
    }

    /// <summary>The node that serves a slot, as the first node that answers sees it.</summary>
    public static async Task<RedisNode> OwnerAsync(this RedisServer server, int slot) =>
        await server.Nodes.First(static node => node.IsRunning).OwnerSeenAsync(server, slot) ?? throw new InvalidOperationException($"Nobody serves slot {slot}.");

    /// <summary>The node that serves a slot, as one node sees it.</summary>
    public static async Task<RedisNode?> OwnerSeenAsync(this RedisNode by, RedisServer server, int slot)
    {
        CommandReply? range = (await by.CommandAsync("CLUSTER", "SLOTS")).Items.FirstOrDefault(range => range.Items[0].ToInt64() <= slot && slot <= range.Items[1].ToInt64());
        return range is null ? null : server.Nodes.First(node => node.Port == range.Items[2].Items[1].ToInt64());
    }

    /// <summary>The nodes that serve slots now.</summary>
    public static async Task<IEnumerable<RedisNode>> PrimariesNowAsync(this RedisServer server)
    {
        HashSet<long> ports = [.. (await server.Nodes.First(static node => node.IsRunning).CommandAsync("CLUSTER", "SLOTS")).Items.Select(static range => range.Items[2].Items[1].ToInt64())];
        return server.Nodes.Where(node => ports.Contains(node.Port));
    }

    public static async Task<string> IdAsync(this RedisNode node) => (await node.CommandAsync("CLUSTER", "MYID")).Text!;
}
