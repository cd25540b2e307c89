using RedisToolkit.Testing;
using StackExchange.Redis;

namespace RedisToolkit.StackExchangeRedis.Tests.Subscriptions;

public sealed class SubscriptionTests
{
    [Fact]
    public async Task Messages_come_once_and_in_order_and_binary_as_they_were()
    {
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync();
        byte[] channel = [0, 255, .. Guid.NewGuid().ToByteArray()];
        await using RedisSubscription news = await redis.SubscribeAsync([channel], new RedisSubscriptionOptions { Buffer = 10_000 });
        Assert.True(news.IsLive);
        for (int i = 0; i < 2000; i++) await redis.PublishAsync(channel, BitConverter.GetBytes(i));
        await using IAsyncEnumerator<RedisMessage> reading = news.GetAsyncEnumerator();
        for (int i = 0; i < 2000; i++)
        {
            RedisMessage message = await NextAsync(reading);
            Assert.Equal(channel, message.ChannelBytes.ToArray());
            Assert.Equal(BitConverter.GetBytes(i), message.Payload.ToArray());
        }
    }

    [Fact]
    public async Task A_pattern_brings_the_channel_and_itself()
    {
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync();
        string name = TestServers.NewKey();
        await using RedisSubscription news = await redis.SubscribePatternAsync([name + ":*"]);
        Assert.Equal(1, await redis.PublishAsync(name + ":a", "hello"));
        await using IAsyncEnumerator<RedisMessage> reading = news.GetAsyncEnumerator();
        RedisMessage message = await NextAsync(reading);
        Assert.Equal((name + ":a", name + ":*", "hello"), (message.Channel, message.Pattern, message.Text));
    }

    [Fact]
    public async Task A_name_with_stars_is_no_pattern_when_subscribed_to_as_a_channel()
    {
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync();
        string name = TestServers.NewKey() + "*";
        await using RedisSubscription news = await redis.SubscribeAsync([name]);
        Assert.Equal(0, await redis.PublishAsync(name + "a", "no"));
        Assert.Equal(1, await redis.PublishAsync(name, "yes"));
        await using IAsyncEnumerator<RedisMessage> reading = news.GetAsyncEnumerator();
        Assert.Equal("yes", (await NextAsync(reading)).Text);
    }

    [Fact]
    public async Task Names_are_added_and_removed_and_what_nobody_wants_is_left()
    {
        RedisServer server = await TestServers.GetAsync();
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync(server);
        string a = TestServers.NewKey(), b = TestServers.NewKey();
        RedisSubscription first = await redis.SubscribeAsync([a]);
        RedisSubscription second = await redis.SubscribeAsync([a]);
        await first.AddAsync([b]);
        Assert.Equal(1, await SubscribersAsync(server, b));
        await first.RemoveAsync([b]);
        await Bounded.Until(async () => await SubscribersAsync(server, b) == 0, "the server was told");
        await first.DisposeAsync();
        Assert.Equal(1, await redis.PublishAsync(a, "still"));
        await using IAsyncEnumerator<RedisMessage> reading = second.GetAsyncEnumerator();
        Assert.Equal("still", (await NextAsync(reading)).Text);
        await second.DisposeAsync();
        await Bounded.Until(async () => await SubscribersAsync(server, a) == 0, "the server was told");
    }

    [Fact]
    public async Task The_applications_own_subscription_to_the_same_channel_is_left_alone()
    {
        RedisServer server = await TestServers.GetAsync();
        using ConnectionMultiplexer multiplexer = await Servers.MultiplexAsync(server);
        await using StackExchangeRedisClient redis = StackExchangeRedisClient.Create(multiplexer);
        string channel = TestServers.NewKey();
        var got = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await multiplexer.GetSubscriber().SubscribeAsync(channel, (_, value) => got.TrySetResult(value));
        RedisSubscription news = await redis.SubscribeAsync([channel]);
        await news.DisposeAsync();
        await redis.SubscribeAsync([TestServers.NewKey()]);
        Assert.Equal(1, await redis.PublishAsync(channel, "own"));
        Assert.Equal("own", await got.Task.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task After_the_server_was_killed_there_is_one_gap_and_then_what_is_published_anew()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync(server, options: new StackExchangeRedisOptions { CommandTimeout = TimeSpan.FromSeconds(60) });
        await using RedisSubscription news = await redis.SubscribeAsync(["news", "more"]);
        await using IAsyncEnumerator<RedisMessage> reading = news.GetAsyncEnumerator();
        await redis.PublishAsync("news", "before");
        Assert.Equal("before", (await NextAsync(reading)).Text);
        await server.KillAsync();
        await Bounded.Until(() => !news.IsLive, "the loss was noticed");
        await server.RestartAsync(keepData: false);
        RedisMessage gap = await NextAsync(reading);
        Assert.Equal((RedisMessageKind.Gap, RedisGapReason.ConnectionLost), (gap.Kind, gap.Reason));
        Assert.True(news.IsLive);
        Assert.Equal(1, await redis.PublishAsync("more", "after"));
        Assert.Equal("after", (await NextAsync(reading)).Text);
    }

    [Fact]
    public async Task Without_a_connection_subscribing_ends_with_its_deadline_and_leaves_nothing_behind()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync(server, options: new StackExchangeRedisOptions { CommandTimeout = TimeSpan.FromMilliseconds(500) });
        await redis.ExecuteAsync(global::RedisToolkit.Client.RedisCommand.Create("PING"), Replies.Done);
        await server.KillAsync();
        await Assert.ThrowsAsync<global::RedisToolkit.Client.RedisTimeoutException>(() => redis.SubscribeAsync(["news"]).AsTask());
        await server.RestartAsync(keepData: false);
        await Bounded.Until(
            async () =>
            {
                try
                {
                    await using RedisSubscription other = await redis.SubscribeAsync(["other"]);
                    return true;
                }
                catch (RedisToolkit.Client.RedisException)
                {
                    return false;
                }
            },
            "subscribed to another");
        Assert.Equal(0, await SubscribersAsync(server, "news"));
    }

    [Fact]
    public async Task A_slow_reader_loses_the_oldest_and_is_told_how_many()
    {
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync();
        string channel = TestServers.NewKey();
        await using RedisSubscription slow = await redis.SubscribeAsync([channel], new RedisSubscriptionOptions { Buffer = 2 });
        await using RedisSubscription quick = await redis.SubscribeAsync([channel]);
        for (int i = 0; i < 5; i++) await redis.PublishAsync(channel, i);
        await using IAsyncEnumerator<RedisMessage> all = quick.GetAsyncEnumerator(), few = slow.GetAsyncEnumerator();
        for (int i = 0; i < 5; i++) await NextAsync(all);
        Assert.Equal(3, (await NextAsync(few)).Dropped);
        Assert.Equal("3", (await NextAsync(few)).Text);
    }

    private static async Task<RedisMessage> NextAsync(IAsyncEnumerator<RedisMessage> reading)
    {
        Assert.True(await reading.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60)), "The subscription has ended.");
        return reading.Current;
    }

    private static async Task<long> SubscribersAsync(RedisServer server, string channel) => (await server.CommandAsync("PUBSUB", "NUMSUB", channel)).Items[1].ToInt64();
}
