using System.Globalization;

namespace RedisToolkit.Client.Tests.Subscriptions;

public sealed class SlowReaderTests
{
    [Fact]
    public async Task The_oldest_messages_go_and_a_gap_in_their_place_counts_them()
    {
        (RedisMessage[] read, _) = await ReadLateAsync(SlowReaderPolicy.DropOldest, buffer: 10, published: 100);
        Assert.Equal((RedisMessageKind.Gap, RedisGapReason.ReaderTooSlow, 90), (read[0].Kind, read[0].Reason, read[0].Dropped));
        Assert.Equal(Enumerable.Range(90, 10), read[1..].Select(Number));
    }

    [Fact]
    public async Task The_newest_messages_go_and_a_gap_in_their_place_counts_them()
    {
        (RedisMessage[] read, _) = await ReadLateAsync(SlowReaderPolicy.DropNewest, buffer: 10, published: 100);
        Assert.Equal(Enumerable.Range(0, 10), read[..^1].Select(Number));
        Assert.Equal((RedisMessageKind.Gap, RedisGapReason.ReaderTooSlow, 90), (read[^1].Kind, read[^1].Reason, read[^1].Dropped));
    }

    [Fact]
    public async Task The_subscription_ends_after_what_it_held()
    {
        (RedisMessage[] read, Exception? end) = await ReadLateAsync(SlowReaderPolicy.EndSubscription, buffer: 10, published: 100);
        Assert.Equal(Enumerable.Range(0, 10), read.Select(Number));
        Assert.Contains("Buffer", Assert.IsType<RedisSubscriptionException>(end).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SlowReaderPolicy.DropOldest)]
    [InlineData(SlowReaderPolicy.DropNewest)]
    public async Task Messages_read_and_messages_counted_as_dropped_are_all_that_were_published(SlowReaderPolicy policy)
    {
        const int Published = 50_000;
        await using RedisClient redis = await Servers.ConnectAsync();
        string channel = Servers.NewKey();
        await using RedisSubscription news = await redis.SubscribeAsync([channel], new RedisSubscriptionOptions { Buffer = 50, WhenFull = policy });
        await using RedisSubscription witness = await redis.SubscribeAsync([channel], new RedisSubscriptionOptions { Buffer = Published });
        Task publishing = Task.Run(async () =>
        {
            for (int from = 0; from < Published; from += 500) await Task.WhenAll(Enumerable.Range(from, 500).Select(i => redis.PublishAsync(channel, i).AsTask()));
        });
        await using var reading = new SubscriptionReading(news);
        long accounted = 0;
        int last = -1;
        while (accounted < Published)
        {
            RedisMessage message = await reading.NextAsync();
            accounted += message.Kind == RedisMessageKind.Gap ? message.Dropped!.Value : 1;
            if (message.Kind == RedisMessageKind.Gap) continue;
            Assert.True(Number(message) > last);
            last = Number(message);
        }

        Assert.Equal(Published, accounted);
        await publishing;
        // A reader beside it that has room is not held up and misses nothing.
        await using var whole = new SubscriptionReading(witness);
        for (int i = 0; i < Published; i++) Assert.Equal(i, Number(await whole.NextAsync()));
    }

    [Fact]
    public void Random_sequences_of_messages_losses_and_reads_leave_an_account_that_adds_up()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            int capacity = random.Next(1, 6);
            SlowReaderPolicy policy = random.Next(2) == 0 ? SlowReaderPolicy.DropOldest : SlowReaderPolicy.DropNewest;
            var buffer = new MessageBuffer(capacity, policy);
            int put = 0, losses = 0, lossesRead = 0, last = -1, entries = 0;
            long accounted = 0;
            for (int step = 0; step < 400; step++)
            {
                int choice = random.Next(10);
                if (choice < 6)
                {
                    Assert.True(buffer.Offer(new RedisMessage(new ChannelName([1]), null, BitConverter.GetBytes(put++))));
                }
                else if (choice == 6)
                {
                    buffer.OfferGap();
                    losses++;
                }
                else if (buffer.TryRead(out RedisMessage message))
                {
                    Account(message);
                }
            }

            while (buffer.TryRead(out RedisMessage message))
            {
                Account(message);
                Assert.True(++entries <= (3 * capacity) + 4, "bounded, gaps included");
            }

            Assert.Equal(put, accounted);
            Assert.True(losses == 0 ? lossesRead == 0 : lossesRead >= 1 && lossesRead <= losses);

            void Account(RedisMessage message)
            {
                if (message.Reason == RedisGapReason.ConnectionLost) lossesRead++;
                else if (message.Kind == RedisMessageKind.Gap) accounted += message.Dropped!.Value;
                else
                {
                    accounted++;
                    int number = BitConverter.ToInt32(message.Payload.Span);
                    Assert.True(number > last);
                    last = number;
                }
            }
        }
    }

    private static int Number(RedisMessage message) => int.Parse(message.Text, CultureInfo.InvariantCulture);

    // Publishes without anybody reading, waits until all has arrived, and then reads all there is.
    private static async Task<(RedisMessage[] Read, Exception? End)> ReadLateAsync(SlowReaderPolicy policy, int buffer, int published)
    {
        await using RedisClient redis = await Servers.ConnectAsync();
        string channel = Servers.NewKey();
        await using RedisSubscription news = await redis.SubscribeAsync([channel], new RedisSubscriptionOptions { Buffer = buffer, WhenFull = policy });
        await using RedisSubscription witness = await redis.SubscribeAsync([channel]);
        for (int i = 0; i < published; i++) await redis.PublishAsync(channel, i);
        await using (var arrived = new SubscriptionReading(witness))
        {
            for (int i = 0; i < published; i++) Assert.Equal(i, Number(await arrived.NextAsync()));
        }

        var read = new List<RedisMessage>();
        while (news.Buffer.TryRead(out RedisMessage message)) read.Add(message);
        try
        {
            if (policy == SlowReaderPolicy.EndSubscription) _ = await news.GetAsyncEnumerator().MoveNextAsync();
            return ([.. read], null);
        }
        catch (RedisSubscriptionException end)
        {
            return ([.. read], end);
        }
    }
}
