using System.Text;
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
    public async Task What_is_published_after_subscribing_arrives_in_order(RedisFlavor flavor, RespProtocol protocol)
    {
        await using RedisClient redis = await ConnectAsync(flavor, protocol);
        string channel = Servers.NewKey();
        await using RedisSubscription news = await redis.SubscribeAsync([channel]);
        await using var reading = new SubscriptionReading(news);
        for (int i = 0; i < 100; i++) Assert.Equal(1, await redis.PublishAsync(channel, i));
        for (int i = 0; i < 100; i++)
        {
            RedisMessage message = await reading.NextAsync();
            Assert.Equal(RedisMessageKind.Message, message.Kind);
            Assert.Equal(channel, message.Channel);
            Assert.Null(message.Pattern);
            Assert.Equal(i.ToString(System.Globalization.CultureInfo.InvariantCulture), message.Text);
        }

        Assert.True(news.IsLive);
    }

    [Theory]
    [MemberData(nameof(Servings))]
    public async Task A_pattern_brings_messages_with_their_channels(RedisFlavor flavor, RespProtocol protocol)
    {
        await using RedisClient redis = await ConnectAsync(flavor, protocol);
        string stem = Servers.NewKey();
        await using RedisSubscription all = await redis.SubscribePatternAsync([stem + ".*"]);
        await using var reading = new SubscriptionReading(all);
        await redis.PublishAsync(stem + ".one", "1");
        await redis.PublishAsync(stem, "no match");
        await redis.PublishAsync(stem + ".two", "2");
        RedisMessage one = await reading.NextAsync();
        RedisMessage two = await reading.NextAsync();
        Assert.Equal((stem + ".one", stem + ".*", "1"), (one.Channel, one.Pattern, one.Text));
        Assert.Equal((stem + ".two", stem + ".*", "2"), (two.Channel, two.Pattern, two.Text));
    }

    [Theory]
    [MemberData(nameof(Servings))]
    public async Task A_shard_channel_brings_what_is_published_sharded(RedisFlavor flavor, RespProtocol protocol)
    {
        await using RedisClient redis = await ConnectAsync(flavor, protocol);
        string channel = Servers.NewKey();
        await using RedisSubscription shard = await redis.SubscribeShardedAsync([channel]);
        await using var reading = new SubscriptionReading(shard);
        Assert.Equal(0, await redis.PublishAsync(channel, "not sharded"));
        Assert.Equal(1, await redis.PublishShardedAsync(channel, "sharded"));
        Assert.Equal("sharded", await reading.NextTextAsync());
    }

    [Theory]
    [MemberData(nameof(Servings))]
    public async Task Names_and_payloads_are_bytes_and_come_back_unchanged(RedisFlavor flavor, RespProtocol protocol)
    {
        await using RedisClient redis = await ConnectAsync(flavor, protocol);
        byte[] name = [.. Encoding.UTF8.GetBytes(Servers.NewKey()), 0, 13, 10, 255, 42];
        byte[] payload = new byte[70_000];
        Random.Shared.NextBytes(payload);
        await using RedisSubscription binary = await redis.SubscribeAsync([name]);
        await using var reading = new SubscriptionReading(binary);
        await redis.PublishAsync(name, payload);
        await redis.PublishAsync(name, Array.Empty<byte>());
        RedisMessage first = await reading.NextAsync();
        Assert.Equal(name, first.ChannelBytes.ToArray());
        Assert.Equal(payload, first.Payload.ToArray());
        Assert.Equal(0, (await reading.NextAsync()).Payload.Length);
    }

    [Theory]
    [MemberData(nameof(Servings))]
    public async Task Names_are_added_and_removed_while_it_is_read(RedisFlavor flavor, RespProtocol protocol)
    {
        await using RedisClient redis = await ConnectAsync(flavor, protocol);
        string a = Servers.NewKey() + ":a", b = Servers.NewKey() + ":b";
        await using RedisSubscription both = await redis.SubscribeAsync([a]);
        await using var reading = new SubscriptionReading(both);
        Assert.Equal(0, await redis.PublishAsync(b, "early"));
        await both.AddAsync([b, b, a]);
        await redis.PublishAsync(b, "1");
        await both.RemoveAsync([a]);
        await redis.PublishAsync(a, "removed");
        await redis.PublishAsync(b, "2");
        Assert.Equal("1", await reading.NextTextAsync());
        Assert.Equal("2", await reading.NextTextAsync());
        RedisServer server = await Servers.GetAsync(flavor);
        await Bounded.Until(async () => await server.SubscribersAsync(a) == 0, "the server was told that nobody listens");
        Assert.Equal(1, await server.SubscribersAsync(b));
    }

    [Theory]
    [MemberData(nameof(Servings))]
    public async Task Subscriptions_share_a_channel_and_the_last_one_leaves_it(RedisFlavor flavor, RespProtocol protocol)
    {
        await using RedisClient redis = await ConnectAsync(flavor, protocol);
        RedisServer server = await Servers.GetAsync(flavor);
        string channel = Servers.NewKey();
        RedisSubscription first = await redis.SubscribeAsync([channel]);
        RedisSubscription second = await redis.SubscribeAsync([channel]);
        await using var readingFirst = new SubscriptionReading(first);
        await using var readingSecond = new SubscriptionReading(second);
        Assert.Equal(1, await redis.PublishAsync(channel, "both"));
        Assert.Equal("both", await readingFirst.NextTextAsync());
        Assert.Equal("both", await readingSecond.NextTextAsync());
        await first.DisposeAsync();
        Assert.True(await readingFirst.EndsAsync());
        Assert.Equal(1, await redis.PublishAsync(channel, "second"));
        Assert.Equal("second", await readingSecond.NextTextAsync());
        await second.DisposeAsync();
        await Bounded.Until(async () => await server.SubscribersAsync(channel) == 0, "the last one left");
        // The connection, empty of subscriptions, serves the next one: in RESP2 it was in its ordinary state meanwhile.
        await using RedisSubscription third = await redis.SubscribeAsync([channel]);
        await using var readingThird = new SubscriptionReading(third);
        await redis.PublishAsync(channel, "third");
        Assert.Equal("third", await readingThird.NextTextAsync());
    }

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

    [Fact]
    public async Task A_subscription_has_one_reader_at_a_time_and_may_be_read_again()
    {
        await using RedisClient redis = await Servers.ConnectAsync();
        string channel = Servers.NewKey();
        await using RedisSubscription news = await redis.SubscribeAsync([channel]);
        using var stop = new CancellationTokenSource();
        await using IAsyncEnumerator<RedisMessage> first = news.ReadAllAsync(stop.Token).GetAsyncEnumerator(CancellationToken.None);
        Task<bool> waiting = first.MoveNextAsync().AsTask();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await news.GetAsyncEnumerator().MoveNextAsync());
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await redis.PublishAsync(channel, "1");
        await using var again = new SubscriptionReading(news);
        Assert.Equal("1", await again.NextTextAsync());
    }

    [Fact]
    public async Task Bad_names_and_options_are_refused_before_anything_is_sent()
    {
        await using RedisClient redis = await Servers.ConnectAsync();
        await Assert.ThrowsAsync<ArgumentException>(async () => await redis.SubscribeAsync([]));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await redis.SubscribeAsync(null!));
        await Assert.ThrowsAsync<ArgumentException>(async () => await redis.SubscribeAsync([default(RedisArgument)]));
        await Assert.ThrowsAsync<ArgumentException>(async () => await redis.SubscribeAsync(["half \ud800"]));
        await Assert.ThrowsAsync<RedisOptionsException>(async () => await redis.SubscribeAsync(["a"], new RedisSubscriptionOptions { Buffer = 0 }));
        await Assert.ThrowsAsync<RedisOptionsException>(async () => await redis.SubscribeAsync(["a"], new RedisSubscriptionOptions { WhenFull = (SlowReaderPolicy)9 }));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await redis.SubscribeAsync(["a"], null, new CancellationToken(true)));
    }

    [Fact]
    public async Task The_end_of_the_client_ends_its_subscriptions_with_an_error()
    {
        RedisClient redis = await Servers.ConnectAsync();
        RedisSubscription news = await redis.SubscribeAsync([Servers.NewKey()]);
        await using var reading = new SubscriptionReading(news);
        Task<RedisMessage> waiting = reading.NextAsync();
        await redis.DisposeAsync();
        Assert.Equal(ConnectionFailure.Disposed, (await Assert.ThrowsAsync<RedisConnectionException>(() => waiting)).Failure);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await redis.SubscribeAsync(["a"]));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await news.AddAsync(["a"]));
        await news.DisposeAsync();
        await news.DisposeAsync();
    }
}
