using System.Collections.Concurrent;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests;

/// <summary>Servers that many tests share; they live as long as the test process. Whoever kills or stalls one starts one of his own.</summary>
internal static class Servers
{
    private static readonly ConcurrentDictionary<RedisFlavor, Lazy<Task<RedisServer>>> Shared = new();

    /// <summary>All flavours, for theories.</summary>
    public static TheoryData<RedisFlavor> Flavors { get; } = [RedisFlavor.Redis, RedisFlavor.Valkey, RedisFlavor.Redis7];

    public static Task<RedisServer> GetAsync(RedisFlavor flavor = RedisFlavor.Redis) =>
        Shared.GetOrAdd(flavor, static f => new Lazy<Task<RedisServer>>(() => RedisServer.StartAsync(new RedisServerOptions { Flavor = f }))).Value;

    public static async Task<RedisClient> ConnectAsync(RedisFlavor flavor = RedisFlavor.Redis, Func<RedisClientOptions, RedisClientOptions>? with = null)
    {
        RedisServer server = await GetAsync(flavor);
        return await ConnectAsync(server, with);
    }

    public static Task<RedisClient> ConnectAsync(RedisServer server, Func<RedisClientOptions, RedisClientOptions>? with = null)
    {
        RedisClientOptions options = RedisClientOptions.Parse(server.ConnectionString);
        return RedisClient.ConnectAsync(with is null ? options : with(options));
    }

    /// <summary>A key that no other test uses.</summary>
    public static string NewKey([System.Runtime.CompilerServices.CallerMemberName] string test = "") => $"{test}:{Guid.NewGuid():N}";
}
