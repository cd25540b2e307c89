using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Subscriptions;

public sealed class ConcurrentSubscriptionTests
{
    [Theory]
    [InlineData(RespProtocol.Resp2, false)]
    [InlineData(RespProtocol.Resp3, false)]
    [InlineData(RespProtocol.Resp2, true)]
    [InlineData(RespProtocol.Resp3, true)]
    public async Task However_names_are_added_and_removed_the_server_ends_where_it_was_declared_to(RespProtocol protocol, bool withLosses)
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server, options => options with { Protocol = protocol });
        for (int round = 0; round < 10; round++)
        {
            RedisSubscription[] subscriptions = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => redis.SubscribeAsync(["anchor"]).AsTask()));
            using var stop = new CancellationTokenSource();
            Task losing = withLosses ? LoseAsync(server, stop.Token) : Task.CompletedTask;
            HashSet<string>[] declared = await Task.WhenAll(subscriptions.Select((subscription, i) => Task.Run(() => ChurnAsync(subscription, (round * 10) + i))));
            await stop.CancelAsync();
            await losing;
            string[] expected = [.. declared.SelectMany(names => names).Append("anchor").Distinct().Order(StringComparer.Ordinal)];
            await Bounded.Until(
                async () => (await server.CommandAsync("PUBSUB", "CHANNELS")).Items.Select(item => item.Text!).Order(StringComparer.Ordinal).SequenceEqual(expected),
                "the server has what was declared");
            await Bounded.Until(() => subscriptions.All(subscription => subscription.IsLive), "all are whole");

            // And each subscription hears exactly its own names.
            foreach (string name in expected) await redis.PublishAsync(name, name);
            for (int i = 0; i < subscriptions.Length; i++)
            {
                await using var reading = new SubscriptionReading(subscriptions[i]);
                var heard = new HashSet<string>();
                string[] own = [.. declared[i], "anchor"];
                while (heard.Count < own.Length)
                {
                    RedisMessage message = await reading.NextAsync();
                    if (message.Kind == RedisMessageKind.Message) Assert.True(heard.Add(message.Text), $"{message.Text} came twice");
                }

                Assert.Equal(own.Order(StringComparer.Ordinal), heard.Order(StringComparer.Ordinal));
            }

            foreach (RedisSubscription subscription in subscriptions) await subscription.DisposeAsync();
            await Bounded.Until(async () => (await server.CommandAsync("PUBSUB", "CHANNELS")).Items.Count == 0, "nothing is left");
        }
    }

    [Theory]
    [InlineData(1, RespProtocol.Resp2)]
    [InlineData(1, RespProtocol.Resp3)]
    [InlineData(2, RespProtocol.Resp3)]
    [InlineData(8, RespProtocol.Resp3)]
    public async Task A_channel_that_is_being_left_is_joined_again_only_when_the_server_says_so(int workers, RespProtocol protocol)
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server, options => options with { Protocol = protocol });
        await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(async () =>
        {
            for (int i = 0; i < 500; i++)
            {
                // The one before was disposed just now, and the server is being told; sometimes it is on its way already.
                if (i % 3 == 0) await Task.Yield();
                await using RedisSubscription subscription = await redis.SubscribeAsync(["shared"]);
                await using var reading = new SubscriptionReading(subscription);
                string mine = $"{worker}:{i}";
                // Subscribed means subscribed: what is published from here on arrives, however the others come and go.
                Assert.Equal(1, await redis.PublishAsync("shared", mine));
                while (await reading.NextTextAsync() != mine)
                {
                    // another's message
                }
            }
        })));
        await Bounded.Until(async () => await server.SubscribersAsync("shared") == 0, "all have left");
    }

    private static async Task LoseAsync(RedisServer server, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await server.CommandAsync("CLIENT", "KILL", "TYPE", "pubsub");
            await Task.Delay(10, CancellationToken.None);
        }
    }

    private static async Task<HashSet<string>> ChurnAsync(RedisSubscription subscription, int seed)
    {
        var random = new Random(seed);
        var declared = new HashSet<string>();
        for (int step = 0; step < 60; step++)
        {
            string name = $"c{random.Next(8)}";
            if (random.Next(2) == 0)
            {
                await subscription.AddAsync([name]);
                declared.Add(name);
            }
            else
            {
                await subscription.RemoveAsync([name]);
                declared.Remove(name);
            }
        }

        return declared;
    }
}
