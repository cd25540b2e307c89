using RedisToolkit.Testing;
using StackExchange.Redis;

namespace RedisToolkit.StackExchangeRedis.Tests;

/// <summary>Multiplexers to servers.</summary>
internal static class Servers
{
    public static ConfigurationOptions OptionsFor(string host, int port) => new()
    {
        EndPoints = { { host, port } },
        AbortOnConnectFail = false,
        ConnectTimeout = 2000,
        SyncTimeout = 10_000,
        ResponseTimeout = 60_000,
        ConnectRetry = 1,
    };

    public static Task<ConnectionMultiplexer> MultiplexAsync(RedisServer server, Action<ConfigurationOptions>? with = null)
    {
        ConfigurationOptions options = OptionsFor(server.Host, server.Port);
        with?.Invoke(options);
        return ConnectionMultiplexer.ConnectAsync(options);
    }

    /// <summary>A client with a multiplexer of its own.</summary>
    public static async Task<StackExchangeRedisClient> ConnectAsync(RedisServer? server = null, Action<ConfigurationOptions>? with = null, StackExchangeRedisOptions? options = null)
    {
        ConnectionMultiplexer multiplexer = await MultiplexAsync(server ?? await TestServers.GetAsync(), with);
        return StackExchangeRedisClient.Create(multiplexer, (options ?? new StackExchangeRedisOptions()) with { DisposeMultiplexer = true });
    }
}
