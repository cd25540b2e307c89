using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using RedisToolkit.Testing;

namespace RedisToolkit.Conformance;

/// <summary>Servers that many tests share; they live as long as the test process. Whoever kills, stalls or empties one starts one of his own.</summary>
public static class TestServers
{
    private static readonly ConcurrentDictionary<RedisFlavor, Lazy<Task<RedisServer>>> Shared = new();

    public static Task<RedisServer> GetAsync(RedisFlavor flavor = RedisFlavor.Redis) =>
        Shared.GetOrAdd(flavor, static f => new Lazy<Task<RedisServer>>(() => RedisServer.StartAsync(new RedisServerOptions { Flavor = f }))).Value;

    /// <summary>A key that no other test uses.</summary>
    public static string NewKey([CallerMemberName] string test = "") => $"{test}:{Guid.NewGuid():N}";

    /// <summary>How many connections have subscribed to a channel, as the server says.</summary>
    public static async Task<long> SubscribersAsync(this RedisServer server, string channel)
    {
        ArgumentNullException.ThrowIfNull(server);
        return (await server.CommandAsync("PUBSUB", "NUMSUB", channel)).Items[1].ToInt64();
    }
}
