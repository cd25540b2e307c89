using System.Collections.Concurrent;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Cluster;

/// <summary>Clusters that many tests share: they move slots and come to rest again, but kill nobody. They live as long as the test process.</summary>
internal static class ClusterServers
{
    private static readonly ConcurrentDictionary<RedisFlavor, Lazy<Task<RedisServer>>> Shared = new();

    public static Task<RedisServer> GetAsync(RedisFlavor flavor = RedisFlavor.Redis) =>
        Shared.GetOrAdd(flavor, static f => new Lazy<Task<RedisServer>>(() => StartAsync(f))).Value;

    /// <summary>Starts a cluster of 3 primaries that no other test uses.</summary>
    public static Task<RedisServer> StartAsync(RedisFlavor flavor, Func<RedisServerOptions, RedisServerOptions>? with = null)
    {
        var options = new RedisServerOptions { Flavor = flavor, Topology = RedisTopology.Cluster, ClusterNodeTimeout = TimeSpan.FromSeconds(1) };
        return RedisServer.StartAsync(with is null ? options : with(options));
    }
}
