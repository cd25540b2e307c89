using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Docs;

// The code of docs/testing.md.
public sealed class CounterTests
{
    [Fact]
    public async Task A_counter_begins_at_one()
    {
        await using var server = await RedisServer.StartAsync(new() { Flavor = RedisFlavor.Valkey });
        Assert.Equal(1, (await server.CommandAsync("INCR", "visits")).ToInt64());
        // your client connects to server.ConnectionString, or to server.Host and server.Port
    }
}

public sealed class TornReplyTests
{
    [Fact]
    public async Task A_proxy_tears_the_reply_of_a_client_that_connected_through_it()
    {
        await using var server = await RedisServer.StartAsync();
        await using var proxy = await server.StartProxyAsync();       // or FaultProxy.StartAsync(any end point)
        // the client connects to proxy.EndPoint
        proxy.ToClient.CutAfter(bytes: 3);                            // the reply ends in the middle
        await Assert.ThrowsAsync<RedisConnectionException>(() => RedisClient.ConnectAsync($"redis://{proxy.EndPoint}"));
    }
}
