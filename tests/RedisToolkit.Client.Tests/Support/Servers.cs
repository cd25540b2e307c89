using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests;

/// <summary>The servers that all tests of this process share, those of the conformance suites included, and our client connected to them.</summary>
internal static class Servers
{
    /// <summary>All flavours, for theories.</summary>
    public static TheoryData<RedisFlavor> Flavors { get; } = [RedisFlavor.Redis, RedisFlavor.Valkey, RedisFlavor.Redis7];

    public static Task<RedisServer> GetAsync(RedisFlavor flavor = RedisFlavor.Redis) => TestServers.GetAsync(flavor);

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
    public static string NewKey([System.Runtime.CompilerServices.CallerMemberName] string test = "") => TestServers.NewKey(test);
}
