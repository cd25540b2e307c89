using System.Globalization;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Subscriptions;

public sealed class LostConnectionTests
{
    [Theory]
    [MemberData(nameof(SubscriptionTests.Servings), MemberType = typeof(SubscriptionTests))]
    public async Task A_hundred_thousand_messages_over_three_losses_come_in_order_once_with_a_gap_for_each(RedisFlavor flavor, RespProtocol protocol)
    {
        const int Messages = 100_000;
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Flavor = flavor });
        await using RedisClient redis = await Servers.ConnectAsync(server, options => options with { Protocol = protocol });
        await using RedisSubscription news = await redis.SubscribeAsync(["news"], new RedisSubscriptionOptions { Buffer = Messages });
        Task publishing = Task.Run(async () =>
        {
            for (int from = 0; from < Messages; from += 1000)
            {
                await Task.WhenAll(Enumerable.Range(from, 1000).Select(i => redis.PublishAsync("news", i).AsTask()));
                if (from is not (20_000 or 50_000 or 80_000)) continue;
                await server.CommandAsync("CLIENT", "KILL", "TYPE", "pubsub");
                await Bounded.Until(async () => await server.SubscribersAsync("news") == 1 && news.IsLive, "subscribed again");
            }

            await redis.PublishAsync("news", Messages);
        });

        await using var reading = new SubscriptionReading(news);
        int gaps = 0;
        int last = -1;
        while (last < Messages)
        {
            RedisMessage message = await reading.NextAsync();
            if (message.Kind == RedisMessageKind.Gap)
            {
                Assert.Equal((RedisGapReason.ConnectionLost, null), (message.Reason!.Value, message.Dropped));
                gaps++;
                continue;
            }

            int number = int.Parse(message.Text, CultureInfo.InvariantCulture);
            Assert.True(number > last, $"{number} came after {last}");
            last = number;
        }

        await publishing;
        Assert.Equal(3, gaps);
    }

    [Theory]
    [InlineData(RespProtocol.Resp2)]
    [InlineData(RespProtocol.Resp3)]
    public async Task Everything_is_subscribed_to_again_after_the_server_was_killed(RespProtocol protocol)
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server, options => options with { Protocol = protocol });
        byte[] binary = [0, 13, 10, 255];
        RedisArgument[] many = [.. Enumerable.Range(0, 1000).Select(i => (RedisArgument)$"many:{i}"), binary];
        await using RedisSubscription channels = await redis.SubscribeAsync(many);
        await using RedisSubscription patterns = await redis.SubscribePatternAsync(["p:*", "q:*"]);
        await using RedisSubscription shards = await redis.SubscribeShardedAsync(["s"]);
        await using var c = new SubscriptionReading(channels);
        await using var p = new SubscriptionReading(patterns);
        await using var s = new SubscriptionReading(shards);
        await redis.PublishAsync(binary, "before");
        await Bounded.Until(async () => await redis.PublishAsync("p:1", "before") == 1, "published");
        await Bounded.Until(async () => await redis.PublishShardedAsync("s", "before") == 1, "published");
        // What was published has arrived when a later message on the same connection has.
        Assert.Equal("before", await c.NextTextAsync());
        Assert.Equal("before", await p.NextTextAsync());
        Assert.Equal("before", await s.NextTextAsync());

        await server.Primary.KillAsync();
        await Bounded.Until(() => !channels.IsLive && !patterns.IsLive && !shards.IsLive, "the loss was noticed");
        await server.Primary.StartAsync();
        foreach (SubscriptionReading reading in (SubscriptionReading[])[c, p, s])
        {
            RedisMessage gap = await reading.NextAsync();
            Assert.Equal((RedisMessageKind.Gap, RedisGapReason.ConnectionLost), (gap.Kind, gap.Reason!.Value));
        }

        // After the gap nothing is missed any more, on no name.
        Assert.Equal(1, await redis.PublishAsync(binary, "after"));
        Assert.Equal(1, await redis.PublishAsync("many:999", "after"));
        Assert.Equal(1, await redis.PublishAsync("q:1", "after"));
        Assert.Equal(1, await redis.PublishShardedAsync("s", "after"));
        Assert.Equal("after", await c.NextTextAsync());
        Assert.Equal("after", await c.NextTextAsync());
        Assert.Equal("after", await p.NextTextAsync());
        Assert.Equal("after", await s.NextTextAsync());
        Assert.Equal(1001, (await server.CommandAsync("PUBSUB", "CHANNELS")).Items.Count);
    }

    [Theory]
    [InlineData(RespProtocol.Resp2)]
    [InlineData(RespProtocol.Resp3)]
    public async Task A_silent_loss_is_noticed_by_the_heartbeat(RespProtocol protocol)
    {
        RedisServer server = await Servers.GetAsync();
        await using FaultProxy proxy = await server.Primary.StartProxyAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync(new RedisClientOptions
        {
            Endpoints = [new RedisEndpoint(proxy.Host, proxy.Port)],
            Protocol = protocol,
            HeartbeatInterval = TimeSpan.FromMilliseconds(200),
            HeartbeatTimeout = TimeSpan.FromMilliseconds(400),
            ConnectTimeout = TimeSpan.FromSeconds(1),
        });
        string channel = Servers.NewKey();
        await using RedisSubscription news = await redis.SubscribeAsync([channel]);
        await using var reading = new SubscriptionReading(news);
        proxy.BlackHole();
        await Bounded.Until(() => !news.IsLive, "the silence was noticed");
        proxy.PassThrough();
        Assert.Equal(RedisMessageKind.Gap, (await reading.NextAsync()).Kind);
        await server.CommandAsync("PUBLISH", channel, "after");
        Assert.Equal("after", await reading.NextTextAsync());
    }

    [Fact]
    public async Task Subscribing_waits_for_the_server_within_its_deadline()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server, options => options with { CommandTimeout = TimeSpan.FromSeconds(3) });
        await using RedisSubscription first = await redis.SubscribeAsync(["a"]);
        await server.Primary.KillAsync();
        await Assert.ThrowsAsync<RedisTimeoutException>(async () => await redis.SubscribeAsync(["b"]));
        using var leave = new CancellationTokenSource();
        Task<RedisSubscription> left = redis.SubscribeAsync(["c"], null, leave.Token).AsTask();
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await server.Primary.StartAsync();
        await Bounded.Until(() => first.IsLive, "the first one is back");
        await using RedisSubscription last = await redis.SubscribeAsync(["d"]);
        // Those given up are not asked for any more.
        string[] channels = [.. (await server.CommandAsync("PUBSUB", "CHANNELS")).Items.Select(item => item.Text!).Order(StringComparer.Ordinal)];
        Assert.Equal(["a", "d"], channels);
    }

    [Fact]
    public async Task A_channel_that_is_forbidden_after_a_loss_ends_its_subscription_and_no_other()
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Users = [new RedisUser("app", "secret", "+@all ~* resetchannels &a &b")] });
        await using RedisClient redis = await RedisClient.ConnectAsync(server.ConnectionStringFor("app"));
        await using RedisSubscription a = await redis.SubscribeAsync(["a"]);
        await using RedisSubscription b = await redis.SubscribeAsync(["b"]);
        await using var readingA = new SubscriptionReading(a);
        await using var readingB = new SubscriptionReading(b);
        // The server closes connections that are subscribed to what their user may no longer hear.
        await server.CommandAsync("ACL", "SETUSER", "app", "resetchannels", "&b");
        Assert.Equal(RedisErrorCode.NoPermission, (await Assert.ThrowsAsync<RedisServerException>(readingA.NextAsync)).Code);
        Assert.Equal(RedisMessageKind.Gap, (await readingB.NextAsync()).Kind);
        await redis.PublishAsync("b", "1");
        Assert.Equal("1", await readingB.NextTextAsync());
    }

    [Fact]
    public async Task A_shard_channel_whose_slot_left_comes_back_with_a_gap()
    {
        await using RedisServer cluster = await RedisServer.StartAsync(new RedisServerOptions { Topology = RedisTopology.Cluster, Replicas = 0 });
        RedisNode node = cluster.Primary;
        // A name whose slot this node has, asked of the node itself.
        string slots = (await node.CommandAsync("CLUSTER", "SLOTS")).Items.First(range => range.Items[2].Items[1].Text == node.Port.ToString(CultureInfo.InvariantCulture)).Items[0].Text!;
        int first = int.Parse(slots, CultureInfo.InvariantCulture);
        (string channel, string slot) = await NameInAsync(node, first, first + 1000);
        await using RedisClient redis = await RedisClient.ConnectAsync($"{node.Host}:{node.Port}");
        await using RedisSubscription shard = await redis.SubscribeShardedAsync([channel]);
        await using var reading = new SubscriptionReading(shard);
        await Bounded.Until(async () => await PublishAsync(redis, channel, "1") == 1, "published");
        Assert.Equal("1", await reading.NextTextAsync());
        await node.CommandAsync("CLUSTER", "DELSLOTS", slot);
        await Bounded.Until(() => !shard.IsLive, "the server unsubscribed it");
        await node.CommandAsync("CLUSTER", "ADDSLOTS", slot);
        Assert.Equal((RedisMessageKind.Gap, RedisGapReason.ConnectionLost), await reading.NextAsync() is var gap ? (gap.Kind, gap.Reason!.Value) : default);
        await Bounded.Until(async () => await PublishAsync(redis, channel, "2") == 1, "published");
        Assert.Equal("2", await reading.NextTextAsync());
    }

    private static async Task<(string Name, string Slot)> NameInAsync(RedisNode node, int first, int last)
    {
        for (int i = 0; ; i++)
        {
            string name = $"shard:{i}";
            string slot = (await node.CommandAsync("CLUSTER", "KEYSLOT", name)).Text!;
            int number = int.Parse(slot, CultureInfo.InvariantCulture);
            if (number >= first && number <= last) return (name, slot);
        }
    }

    private static async Task<long> PublishAsync(RedisClient redis, string channel, string message)
    {
        try
        {
            return await redis.PublishShardedAsync(channel, message);
        }
        catch (RedisServerException refused) when (refused.Code is RedisErrorCode.ClusterDown or RedisErrorCode.Moved)
        {
            return -1;
        }
    }
}
