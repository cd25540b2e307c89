using System.Globalization;
using System.Text;
using RedisToolkit.Client;
using RedisToolkit.Testing;

namespace RedisToolkit.Conformance;

/// <summary>Messages arrive in order, once, unchanged; where some may be missing, there is a gap.</summary>
public abstract class SubscriptionTests(ClientUnderTest client) : ConformanceTests(client)
{
    [Theory, EveryServer]
    public async Task What_is_published_after_subscribing_arrives_in_order(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string channel = TestServers.NewKey();
        await using RedisSubscription news = await redis.SubscribeAsync([channel]);
        await using var reading = new SubscriptionReading(news);
        for (int i = 0; i < 100; i++) Assert.Equal(1, await redis.PublishAsync(channel, i));
        for (int i = 0; i < 100; i++)
        {
            RedisMessage message = await reading.NextAsync();
            Assert.Equal((RedisMessageKind.Message, channel, null), (message.Kind, message.Channel, message.Pattern));
            Assert.Equal(i.ToString(CultureInfo.InvariantCulture), message.Text);
        }

        Assert.Equal((true, RedisSubscriptionKind.Channel), (news.IsLive, news.Kind));
    }

    [Theory, EveryServer]
    public async Task A_pattern_brings_messages_with_their_channels(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string stem = TestServers.NewKey();
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

    [Theory, EveryServer, Limited(Limit.ShardedSubscriptions)]
    public async Task A_shard_channel_brings_what_is_published_sharded(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string channel = TestServers.NewKey();
        if (IsLimited(Limit.ShardedSubscriptions))
        {
            await RefusesAsync(Limit.ShardedSubscriptions, async () => await redis.SubscribeShardedAsync([channel]));
            Assert.Equal(0, await redis.PublishShardedAsync(channel, "to nobody"));
            return;
        }

        await using RedisSubscription shard = await redis.SubscribeShardedAsync([channel]);
        await using var reading = new SubscriptionReading(shard);
        Assert.Equal(0, await redis.PublishAsync(channel, "not sharded"));
        Assert.Equal(1, await redis.PublishShardedAsync(channel, "sharded"));
        Assert.Equal("sharded", await reading.NextTextAsync());
    }

    [Theory, EveryServer]
    public async Task Names_and_payloads_are_bytes_and_come_back_unchanged(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        byte[] name = [.. Encoding.UTF8.GetBytes(TestServers.NewKey()), 0, 13, 10, 255, 42];
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

    [Theory, EveryServer]
    public async Task Names_are_added_and_removed_while_it_is_read(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        RedisServer server = await TestServers.GetAsync(flavor);
        string a = TestServers.NewKey() + ":a", b = TestServers.NewKey() + ":b";
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
        await Bounded.Until(async () => await server.SubscribersAsync(a) == 0, "the server was told that nobody listens");
        Assert.Equal(1, await server.SubscribersAsync(b));
    }

    [Theory, EveryServer]
    public async Task Subscriptions_share_a_channel_and_the_last_one_leaves_it(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        RedisServer server = await TestServers.GetAsync(flavor);
        string channel = TestServers.NewKey();
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

    [Theory, EveryServer]
    public async Task A_lost_connection_is_a_gap_behind_which_nothing_is_missed(RedisFlavor flavor)
    {
        const int Losses = 3, Published = 500;
        await using RedisServer server = await StartServerAsync(flavor);
        await using IRedisClient redis = await ConnectAsync(server);
        await using RedisSubscription news = await redis.SubscribeAsync(["news"]);
        await using RedisSubscription pattern = await redis.SubscribePatternAsync(["n*"]);
        await using var reading = new SubscriptionReading(news);
        await using var matching = new SubscriptionReading(pattern);
        int expected = 0;
        for (int loss = 0; loss <= Losses; loss++)
        {
            if (loss > 0)
            {
                await server.CommandAsync("CLIENT", "KILL", "TYPE", "pubsub");
                foreach (SubscriptionReading one in (SubscriptionReading[])[reading, matching])
                {
                    RedisMessage gap = await one.NextAsync();
                    Assert.Equal((RedisMessageKind.Gap, RedisGapReason.ConnectionLost, null), (gap.Kind, gap.Reason, gap.Dropped));
                }

                Assert.True(news.IsLive && pattern.IsLive);
            }

            int from = expected;
            for (int i = 0; i < Published; i++) Assert.Equal(2, await redis.PublishAsync("news", from + i));
            for (; expected < from + Published; expected++)
            {
                Assert.Equal($"{expected}", await reading.NextTextAsync());
                Assert.Equal($"{expected}", await matching.NextTextAsync());
            }
        }
    }

    [Theory, EveryServer]
    public async Task A_reader_who_is_too_slow_gets_a_gap_that_counts_what_it_cost_him(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string channel = TestServers.NewKey();
        await using RedisSubscription oldest = await redis.SubscribeAsync([channel], new RedisSubscriptionOptions { Buffer = 10, WhenFull = SlowReaderPolicy.DropOldest });
        await using RedisSubscription newest = await redis.SubscribeAsync([channel], new RedisSubscriptionOptions { Buffer = 10, WhenFull = SlowReaderPolicy.DropNewest });
        await using RedisSubscription ending = await redis.SubscribeAsync([channel], new RedisSubscriptionOptions { Buffer = 10, WhenFull = SlowReaderPolicy.EndSubscription });
        await using RedisSubscription fast = await redis.SubscribeAsync([channel]);
        for (int i = 0; i < 100; i++) await redis.PublishAsync(channel, i);
        // The slow ones have been handed all of it once the fast one has the last message.
        await using var all = new SubscriptionReading(fast);
        for (int i = 0; i < 100; i++) Assert.Equal($"{i}", await all.NextTextAsync());
        await redis.PublishAsync(channel, "end");
        Assert.Equal("end", await all.NextTextAsync());

        await using var endOnly = new SubscriptionReading(oldest);
        await Counts(endOnly, last: "end");
        await using var startOnly = new SubscriptionReading(newest);
        Assert.Equal("0", await startOnly.NextTextAsync());
        await using var ended = new SubscriptionReading(ending);
        for (int i = 0; i < 10; i++) Assert.Equal($"{i}", await ended.NextTextAsync());
        await Assert.ThrowsAsync<RedisSubscriptionException>(() => ended.NextAsync());

        static async Task Counts(SubscriptionReading reading, string last)
        {
            long dropped = 0;
            int read = 0;
            string text = "";
            while (text != last)
            {
                RedisMessage entry = await reading.NextAsync();
                if (entry.Kind == RedisMessageKind.Message)
                {
                    read++;
                    text = entry.Text;
                }
                else
                {
                    Assert.Equal(RedisGapReason.ReaderTooSlow, entry.Reason);
                    dropped += entry.Dropped!.Value;
                }
            }

            Assert.Equal(101, read + dropped);
            Assert.InRange(read, 1, 20);
        }
    }

    [Theory, EveryServer]
    public async Task A_subscription_has_one_reader_at_a_time_and_may_be_read_again(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string channel = TestServers.NewKey();
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

    [Theory, EveryServer]
    public async Task Bad_names_and_options_are_refused_before_anything_is_sent(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        await Assert.ThrowsAsync<ArgumentException>(async () => await redis.SubscribeAsync([]));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await redis.SubscribeAsync(null!));
        await Assert.ThrowsAsync<ArgumentException>(async () => await redis.SubscribeAsync([default(RedisArgument)]));
        await Assert.ThrowsAsync<ArgumentException>(async () => await redis.SubscribeAsync(["half \ud800"]));
        await Assert.ThrowsAsync<RedisOptionsException>(async () => await redis.SubscribeAsync(["a"], new RedisSubscriptionOptions { Buffer = 0 }));
        await Assert.ThrowsAsync<RedisOptionsException>(async () => await redis.SubscribeAsync(["a"], new RedisSubscriptionOptions { WhenFull = (SlowReaderPolicy)9 }));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await redis.SubscribeAsync(["a"], null, new CancellationToken(true)));
    }
}
