using RedisToolkit.Client;
using RedisToolkit.Testing;

namespace RedisToolkit.Conformance;

/// <summary>A client that is disposed answers what it owes, and nothing more.</summary>
public abstract class DisposalTests(ClientUnderTest client) : ConformanceTests(client)
{
    [Theory, EveryServer]
    public async Task After_its_disposal_every_call_says_so(RedisFlavor flavor)
    {
        IRedisClient redis = await ConnectAsync(flavor);
        Assert.Equal("before", await redis.EchoAsync("before"));
        await redis.DisposeAsync();
        await redis.DisposeAsync();
        var batch = new RedisBatch();
        BatchResult<string?> batched = batch.Add(RedisCommand.Create("ECHO", "x"), Replies.Text);
        var transaction = new RedisTransaction();
        BatchResult<string?> executed = transaction.Add(RedisCommand.Create("ECHO", "x"), Replies.Text);
        foreach (Func<Task> call in (Func<Task>[])
        [
            async () => await redis.EchoAsync("after"),
            async () => await redis.ExecuteAsync(batch),
            async () => await redis.ExecuteAsync(transaction),
            async () => await redis.SubscribeAsync(["c"]),
            async () => await redis.SubscribePatternAsync(["c*"]),
            async () => await redis.CopyToAsync(RedisCommand.Create("GET", "k"), Stream.Null),
            async () => await redis.SupportsAsync(RedisCapabilities.Functions),
        ])
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => Bounded.Within(call(), 10, "a call after the disposal"));
        }

        Assert.IsType<ObjectDisposedException>(batched.Error);
        Assert.IsType<ObjectDisposedException>(executed.Error);
    }

    [Theory, EveryServer]
    public async Task Replies_that_are_owed_still_arrive(RedisFlavor flavor)
    {
        await using FaultProxy proxy = await (await TestServers.GetAsync(flavor)).StartProxyAsync();
        IRedisClient redis = await ConnectAsync(proxy);
        Assert.Equal("warm", await redis.EchoAsync("warm"));
        proxy.ToClient.Delay(TimeSpan.FromMilliseconds(100));
        Task<string?>[] owed = [.. Enumerable.Range(0, 100).Select(i => redis.EchoAsync($"{i}").AsTask())];
        await Bounded.Within(redis.DisposeAsync().AsTask(), 20, "the disposal");
        for (int i = 0; i < owed.Length; i++) Assert.Equal($"{i}", await Bounded.Within(owed[i], 5, "an owed reply"));
    }

    [Theory, EveryServer]
    public async Task Its_subscriptions_end_with_an_error(RedisFlavor flavor)
    {
        RedisServer server = await TestServers.GetAsync(flavor);
        string channel = TestServers.NewKey();
        IRedisClient redis = await ConnectAsync(flavor);
        RedisSubscription news = await redis.SubscribeAsync([channel]);
        await using var reading = new SubscriptionReading(news);
        Task<RedisMessage> waiting = reading.NextAsync();
        await redis.DisposeAsync();
        Assert.Equal(ConnectionFailure.Disposed, (await Assert.ThrowsAsync<RedisConnectionException>(() => waiting)).Failure);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await news.AddAsync(["a"]));
        await news.DisposeAsync();
        await news.DisposeAsync();
        await Bounded.Until(async () => await server.SubscribersAsync(channel) == 0, "the server was told that nobody listens");
    }

    [Theory, EveryServer]
    public async Task Clients_of_one_server_are_disposed_one_by_one(RedisFlavor flavor)
    {
        await using IRedisClient stays = await ConnectAsync(flavor);
        for (int i = 0; i < 10; i++)
        {
            IRedisClient goes = await ConnectAsync(flavor);
            Assert.Equal("goes", await goes.EchoAsync("goes"));
            await goes.DisposeAsync();
            Assert.Equal("stays", await stays.EchoAsync("stays"));
        }
    }
}
