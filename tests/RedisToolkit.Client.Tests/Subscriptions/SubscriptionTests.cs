using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Subscriptions;

public sealed class SubscriptionTests
{
    public static TheoryData<RedisFlavor, RespProtocol> Servings
    {
        get
        {
            var data = new TheoryData<RedisFlavor, RespProtocol>();
            foreach (RedisFlavor flavor in Enum.GetValues<RedisFlavor>())
            {
                data.Add(flavor, RespProtocol.Resp2);
                data.Add(flavor, RespProtocol.Resp3);
            }

            return data;
        }
    }

    private static Task<RedisClient> ConnectAsync(RedisFlavor flavor, RespProtocol protocol) =>
        Servers.ConnectAsync(flavor, options => options with { Protocol = protocol });

    [Theory]
    [MemberData(nameof(Servings))]
    public async Task A_channel_that_the_user_may_not_hear_is_refused_and_others_are_not(RedisFlavor flavor, RespProtocol protocol)
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions
        {
            Flavor = flavor,
            Users = [new RedisUser("app", "secret", "+@all ~* resetchannels &app:*")],
        });
        await using RedisClient redis = await RedisClient.ConnectAsync(RedisClientOptions.Parse(server.ConnectionStringFor("app")) with { Protocol = protocol });
        RedisServerException refused = await Assert.ThrowsAsync<RedisServerException>(async () => await redis.SubscribeAsync(["app:a", "other"]));
        Assert.Equal(RedisErrorCode.NoPermission, refused.Code);
        await Bounded.Until(async () => await server.SubscribersAsync("app:a") == 0, "what was refused leaves nothing behind");

        await using RedisSubscription allowed = await redis.SubscribeAsync(["app:b"]);
        await Assert.ThrowsAsync<RedisServerException>(async () => await allowed.AddAsync(["app:c", "other"]));
        // Asked for at the same time, the allowed ones do not suffer from the forbidden one.
        Task<RedisSubscription>[] asked = [.. Enumerable.Range(0, 20).Select(i => redis.SubscribeAsync([i == 7 ? "forbidden" : $"app:{i}"]).AsTask())];
        for (int i = 0; i < asked.Length; i++)
        {
            if (i == 7) await Assert.ThrowsAsync<RedisServerException>(() => asked[7]);
            else await (await asked[i]).DisposeAsync();
        }

        await using var reading = new SubscriptionReading(allowed);
        Assert.Equal(1, await redis.PublishAsync("app:b", "still there"));
        Assert.Equal("still there", await reading.NextTextAsync());
        Assert.Equal(0, await server.SubscribersAsync("app:c"));
    }

    [Fact]
    public async Task A_user_who_may_not_ping_may_subscribe()
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Users = [new RedisUser("app", "secret", "+@all -ping ~* &app:*")] });
        await using RedisClient redis = await RedisClient.ConnectAsync(server.ConnectionStringFor("app"));
        await using RedisSubscription news = await redis.SubscribeAsync(["app:a"]);
        Assert.Equal(RedisErrorCode.NoPermission, (await Assert.ThrowsAsync<RedisServerException>(async () => await redis.SubscribeAsync(["b"]))).Code);
        await using var reading = new SubscriptionReading(news);
        await redis.PublishAsync("app:a", "1");
        Assert.Equal("1", await reading.NextTextAsync());
    }

    [Theory]
    [InlineData(RespProtocol.Resp2)]
    [InlineData(RespProtocol.Resp3)]
    public async Task Commands_that_are_renamed_away_are_not_missed(RespProtocol protocol)
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { RenamedCommands = new Dictionary<string, string> { ["PING"] = "", ["SUBSCRIBE"] = "s9x" } });
        var map = RedisCommandMap.Create([new("PING", null), new("SUBSCRIBE", "s9x"), new("PSUBSCRIBE", null)]);
        // In RESP2 the handshake itself needs PING.
        if (protocol == RespProtocol.Resp2) map = RedisCommandMap.Create([new("SUBSCRIBE", "s9x"), new("PSUBSCRIBE", null)]);
        RedisClientOptions options = RedisClientOptions.Parse(server.ConnectionString) with { Protocol = protocol, CommandMap = map, HeartbeatInterval = TimeSpan.FromMilliseconds(100), HeartbeatTimeout = TimeSpan.FromMilliseconds(500) };
        if (protocol == RespProtocol.Resp2)
        {
            await Assert.ThrowsAsync<RedisConnectionException>(() => RedisClient.ConnectAsync(options));
            return;
        }

        await using RedisClient redis = await RedisClient.ConnectAsync(options);
        await using RedisSubscription news = await redis.SubscribeAsync(["a"]);
        await Assert.ThrowsAsync<RedisCommandDisabledException>(async () => await redis.SubscribePatternAsync(["a*"]));
        await Task.Delay(TimeSpan.FromSeconds(1.5));      // several heartbeats: were they not answered, the connection would be gone
        await using var reading = new SubscriptionReading(news);
        await redis.PublishAsync("a", "1");
        Assert.Equal("1", await reading.NextTextAsync());
    }

    [Theory]
    [InlineData(RespProtocol.Resp2)]
    [InlineData(RespProtocol.Resp3)]
    public async Task A_quiet_subscription_outlives_many_heartbeats_and_verified_replies(RespProtocol protocol)
    {
        await using RedisClient redis = await Servers.ConnectAsync(RedisFlavor.Redis, options => options with
        {
            Protocol = protocol,
            VerifyReplies = true,
            HeartbeatInterval = TimeSpan.FromMilliseconds(100),
            HeartbeatTimeout = TimeSpan.FromMilliseconds(400),
        });
        string channel = Servers.NewKey();
        await using RedisSubscription quiet = await redis.SubscribeAsync([channel]);
        await using var reading = new SubscriptionReading(quiet);
        await Task.Delay(TimeSpan.FromSeconds(1.5));
        await redis.PublishAsync(channel, "1");
        Assert.Equal("1", await reading.NextTextAsync());     // and no gap before it
    }
}
