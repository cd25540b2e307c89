using System.Net.Sockets;
using RedisToolkit.Testing;

namespace RedisServerInTests;

/// <summary>Tests that break the server or the way to it have one of their own.</summary>
public sealed class OutageTests
{
    [Fact]
    public async Task Data_survive_a_crash_with_an_append_only_file()
    {
        await using var server = await RedisServer.StartAsync(new() { Persistence = RedisPersistence.AppendOnly });
        await server.CommandAsync("SET", "order:1", "paid");

        await server.KillAsync(); // kill -9
        await server.Primary.StartAsync();

        Assert.Equal("paid", (await server.CommandAsync("GET", "order:1")).Text);
    }

    [Fact]
    public async Task A_reply_torn_in_the_middle_is_the_end_of_a_connection()
    {
        await using var server = await RedisServer.StartAsync();
        await using var proxy = await server.StartProxyAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(proxy.EndPoint);
        using var reader = new StreamReader(client.GetStream());

        proxy.ToClient.CutAfter(bytes: 3);
        await client.GetStream().WriteAsync("PING\r\n"u8.ToArray());

        Assert.Equal("+PO", await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task A_replica_takes_over_when_the_primary_dies()
    {
        await using var server = await RedisServer.StartAsync(new() { Topology = RedisTopology.Sentinel });
        var sentinel = server.Sentinels[0];
        await server.KillAsync();

        string port = $"{server.Port}";
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (port == $"{server.Port}")
        {
            await Task.Delay(50, limit.Token);
            port = (await sentinel.CommandAsync(["SENTINEL", "GET-MASTER-ADDR-BY-NAME", "mymaster"], limit.Token)).Items[1].Text!;
        }

        Assert.Contains(server.Replicas, replica => port == $"{replica.Port}");
    }
}
