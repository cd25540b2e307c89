using RedisToolkit.Client.Tests.Faults;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Pool;

public sealed class SharedConnectionsTests
{
    [Fact]
    public async Task Four_connections_are_kept_and_each_is_replaced_when_it_breaks()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server, o => o with { ConnectionsPerEndpoint = 4 });
        for (int round = 0; round < 5; round++)
        {
            await Bounded.Until(async () => await server.ConnectionCountAsync() == 4, "four connections");
            await server.CommandAsync("CLIENT", "KILL", "TYPE", "normal");
            await Bounded.Within(Task.WhenAll(Enumerable.Range(0, 50).Select(i => redis.GetAsync($"{i}").AsTask())), 10, "reads");
        }
    }

    // One of the four goes through a proxy that stalls; the others do not.
    [Fact]
    public async Task A_stalled_connection_does_not_draw_commands()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        RedisClientOptions options = proxy.OptionsFor();
        await using RedisClient redis = await RedisClient.ConnectAsync(options with
        {
            // Slot numbers choose the endpoint: the first and third are the proxy, the others the server itself.
            Endpoints = [options.Endpoints[0], new RedisEndpoint("127.0.0.1", server.Port)],
            ConnectionsPerEndpoint = 4,
            HeartbeatInterval = TimeSpan.FromMilliseconds(100),
            HeartbeatTimeout = TimeSpan.FromSeconds(60),
            CommandTimeout = TimeSpan.FromSeconds(1),
        });
        await FourAreInUseAsync(server, redis);
        proxy.Stall();
        // Whatever meets the stalled ones before they are known as such may time out; soon nothing does any more.
        await Bounded.Until(
            async () =>
            {
                int late = 0;
                await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
                {
                    try
                    {
                        await redis.EchoAsync($"{i}");
                    }
                    catch (RedisTimeoutException)
                    {
                        Interlocked.Increment(ref late);
                    }
                }));
                return late == 0;
            },
            "no command goes to a stalled connection");
        for (int round = 0; round < 20; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 40).Select(i => redis.EchoAsync($"{i}").AsTask()));
        }
    }

    [Fact]
    public async Task Work_is_spread_over_the_connections()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server, o => o with { ConnectionsPerEndpoint = 4 });
        await FourAreInUseAsync(server, redis);
    }

    private static Task FourAreInUseAsync(RedisServer server, RedisClient redis) => Bounded.Until(
        async () =>
        {
            await Bounded.Within(Task.WhenAll(Enumerable.Range(0, 400).Select(i => redis.EchoAsync($"{i}").AsTask())), 10, "all");
            string list = (await server.CommandAsync("CLIENT", "LIST")).Text!;
            return list.Split('\n').Count(line => line.Contains("cmd=echo", StringComparison.Ordinal)) == 4;
        },
        "four connections have carried commands");
}
