using RedisToolkit.Client.Tests.Faults;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Connections;

public sealed class HandshakeTests
{
    public static TheoryData<RedisFlavor> Flavors => Servers.Flavors;

    private static async Task<string> SelfAsync(RedisClient redis) => (await redis.ExecuteAsync(RedisCommand.Create("CLIENT", "INFO"), Replies.Text))!;

    [Theory]
    [MemberData(nameof(Flavors))]
    public async Task Names_and_database_are_told_to_the_server_again_on_every_connection(RedisFlavor flavor)
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Flavor = flavor });
        await using RedisClient redis = await Servers.ConnectAsync(server, o => o with { ClientName = "orders", LibraryName = "cache", Database = 3 });
        for (int round = 0; round < 3; round++)
        {
            string self = await SelfAsync(redis);
            Assert.Contains(" name=orders ", self, StringComparison.Ordinal);
            Assert.Contains(" db=3 ", self, StringComparison.Ordinal);
            Assert.Contains(" resp=3", self, StringComparison.Ordinal);
            if (flavor != RedisFlavor.Redis7)
            {
                Assert.Contains(" lib-name=RedisToolkit(cache) ", self, StringComparison.Ordinal);
                Assert.Matches(@" lib-ver=\d+\.\d+\.\d+", self);
            }

            await server.CommandAsync("CLIENT", "KILL", "TYPE", "normal");
        }
    }

    [Theory]
    [MemberData(nameof(Flavors))]
    public async Task A_server_without_HELLO_is_spoken_to_in_RESP2(RedisFlavor flavor)
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions
        {
            Flavor = flavor,
            RenamedCommands = new Dictionary<string, string> { ["HELLO"] = "" },
            Users = [new RedisUser("app", "pw", "~* +@all")],
        });
        await using RedisClient redis = await RedisClient.ConnectAsync(Wire.At(server.Port) with { User = "app", Password = "pw", Database = 2 });
        string self = await SelfAsync(redis);
        Assert.Contains(" resp=2", self, StringComparison.Ordinal);
        Assert.Contains(" user=app ", self, StringComparison.Ordinal);
        Assert.Contains(" db=2 ", self, StringComparison.Ordinal);
        await redis.SetAsync("k", "v");
        Assert.Equal("v", await redis.GetAsync("k"));
        Assert.Null(await redis.GetAsync("none"));

        var insisting = await Assert.ThrowsAsync<RedisConnectionException>(() => RedisClient.ConnectAsync(Wire.At(server.Port) with { Protocol = RespProtocol.Resp3 }));
        Assert.Equal(ConnectionFailure.Handshake, insisting.Failure);
    }

    [Fact]
    public async Task RESP2_is_spoken_where_it_is_asked_for()
    {
        await using RedisClient redis = await Servers.ConnectAsync(with: o => o with { Protocol = RespProtocol.Resp2 });
        Assert.Contains(" resp=2", await SelfAsync(redis), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_unix_socket_carries_commands_and_is_connected_again()
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { UnixSocket = true });
        await using RedisClient redis = await RedisClient.ConnectAsync(server.UnixConnectionString!);
        Assert.Contains("redis.sock:0", await SelfAsync(redis), StringComparison.Ordinal);
        await server.CommandAsync("CLIENT", "KILL", "TYPE", "normal");
        Assert.Null(await redis.GetAsync("k"));
        await server.RestartAsync(keepData: false);
        Assert.Null(await redis.GetAsync("k"));
    }

    // A pool of addresses: while the first does not answer, the next one is tried.
    [Fact]
    public async Task The_next_endpoint_is_tried_where_one_fails()
    {
        await using RedisServer first = await RedisServer.StartAsync();
        await using RedisServer second = await RedisServer.StartAsync();
        await second.CommandAsync("SET", "who", "second");
        await first.CommandAsync("SET", "who", "first");
        await using RedisClient redis = await RedisClient.ConnectAsync(new RedisClientOptions { Endpoints = [new RedisEndpoint("127.0.0.1", first.Port), new RedisEndpoint("127.0.0.1", second.Port)] });
        Assert.Equal("first", await redis.GetAsync("who"));
        await first.KillAsync();
        Assert.Equal("second", await redis.GetAsync("who"));
        await using RedisClient late = await RedisClient.ConnectAsync(redis.Options);
        Assert.Equal("second", await late.GetAsync("who"));
    }

    // A name is looked up for every attempt: none of its addresses is kept. Here it is tried with one that gets its address late.
    [Fact]
    public async Task A_name_is_looked_up_anew_for_every_attempt()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync(new RedisClientOptions { Endpoints = [new RedisEndpoint("localhost", server.Port)] });
        for (int round = 0; round < 3; round++)
        {
            Assert.Null(await redis.GetAsync("k"));
            await server.CommandAsync("CLIENT", "KILL", "TYPE", "normal");
        }
    }
}
