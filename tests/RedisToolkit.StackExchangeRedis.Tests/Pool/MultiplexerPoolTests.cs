using RedisToolkit.Testing;
using StackExchange.Redis;

namespace RedisToolkit.StackExchangeRedis.Tests.Pool;

public sealed class MultiplexerPoolTests
{
    private static readonly MultiplexerPoolOptions Quick = new() { Count = 3, ReplaceAfter = TimeSpan.FromMilliseconds(200), CheckInterval = TimeSpan.FromMilliseconds(20) };

    [Fact]
    public async Task Commands_are_spread_over_all_members()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using MultiplexerPool pool = await MultiplexerPool.ConnectAsync($"{server.Host}:{server.Port}", Quick);
        await using StackExchangeRedisClient redis = StackExchangeRedisClient.Create(pool);
        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => redis.SetAsync($"key:{i}", i).AsTask()));
        Assert.Equal(3, pool.ConnectedCount);
        Assert.All(pool.Members, member => Assert.InRange(member.Multiplexer.GetCounters().Interactive.CompletedAsynchronously + member.Multiplexer.GetCounters().Interactive.CompletedSynchronously, 20, 10_000));
        Assert.Equal("7", await redis.GetAsync("key:7"));
    }

    [Fact]
    public async Task A_member_with_much_to_do_is_passed_over()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using MultiplexerPool pool = await MultiplexerPool.ConnectAsync($"{server.Host}:{server.Port}", Quick with { Count = 2, CheckInterval = TimeSpan.FromMinutes(1) });
        for (int i = 0; i < 50; i++) pool.Members[0].Enter();
        Assert.All(Enumerable.Range(0, 20), _ => Assert.Same(pool.Members[1], pool.Choose()));
        for (int i = 0; i < 50; i++) pool.Members[0].Leave();
        Assert.Equal(2, Enumerable.Range(0, 20).Select(_ => pool.GetMultiplexer()).Distinct().Count());
    }

    [Fact]
    public async Task A_member_without_a_connection_is_passed_over_and_replaced_and_its_subscriptions_move()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        // The first member goes through a proxy that will end; whoever takes its place does not.
        int made = 0;
        await using MultiplexerPool pool = await MultiplexerPool.ConnectAsync(
            async _ => Interlocked.Increment(ref made) == 1 ? await ConnectionMultiplexer.ConnectAsync(Servers.OptionsFor(proxy.Host, proxy.Port)) : await Servers.MultiplexAsync(server),
            Quick with { Count = 1 });
        await using StackExchangeRedisClient redis = StackExchangeRedisClient.Create(pool, new StackExchangeRedisOptions { CommandTimeout = TimeSpan.FromSeconds(60) });
        await using RedisSubscription news = await redis.SubscribeAsync(["news"]);
        IConnectionMultiplexer first = pool.GetMultiplexer();
        proxy.RefuseConnections();
        await proxy.DropConnectionsAsync();
        Assert.True(await redis.ExecuteAsync(global::RedisToolkit.Client.RedisCommand.Create("SET", "a", "b").SafeToRepeat(), Replies.Done));
        Assert.NotSame(first, pool.GetMultiplexer());
        Assert.Equal(2, made);
        await Bounded.Until(() => news.IsLive, "subscribed on the new one");
        Assert.Equal(1, await redis.PublishAsync("news", "moved"));
        await using IAsyncEnumerator<RedisMessage> reading = news.GetAsyncEnumerator();
        Assert.True(await reading.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(RedisMessageKind.Gap, reading.Current.Kind);
        Assert.True(await reading.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal("moved", reading.Current.Text);
    }

    [Fact]
    public async Task The_healthy_one_serves_while_another_is_away()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        int made = 0;
        await using MultiplexerPool pool = await MultiplexerPool.ConnectAsync(
            async _ => Interlocked.Increment(ref made) == 1 ? await ConnectionMultiplexer.ConnectAsync(Servers.OptionsFor(proxy.Host, proxy.Port)) : await Servers.MultiplexAsync(server),
            Quick with { Count = 2, ReplaceAfter = TimeSpan.FromHours(1) });
        await using StackExchangeRedisClient redis = StackExchangeRedisClient.Create(pool);
        proxy.RefuseConnections();
        await proxy.DropConnectionsAsync();
        await Bounded.Until(() => pool.ConnectedCount == 1, "one is away");
        IConnectionMultiplexer healthy = pool.Members.Single(member => member.Multiplexer.IsConnected).Multiplexer;
        await Bounded.Until(() => Enumerable.Range(0, 10).All(_ => pool.GetMultiplexer() == healthy), "only the healthy one is chosen");
        for (int i = 0; i < 100; i++) await redis.SetAsync("a", i);
        Assert.Equal(2, made);
    }

    [Fact]
    public async Task Choosing_allocates_nothing()
    {
        RedisServer server = await TestServers.GetAsync();
        await using MultiplexerPool pool = await MultiplexerPool.ConnectAsync($"{server.Host}:{server.Port}", Quick);
        for (int i = 0; i < 1000; i++) _ = pool.GetMultiplexer();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++) _ = pool.GetMultiplexer();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100);
    }

    [Fact]
    public async Task A_pool_that_cannot_connect_leaves_nothing_open()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        int made = 0;
        var factory = async Task<IConnectionMultiplexer> (CancellationToken _) =>
            Interlocked.Increment(ref made) == 2 ? throw new InvalidOperationException("no more") : await Servers.MultiplexAsync(server);
        global::RedisToolkit.Client.RedisConnectionException failure =
            await Assert.ThrowsAsync<global::RedisToolkit.Client.RedisConnectionException>(() => MultiplexerPool.ConnectAsync(factory, Quick));
        Assert.Contains("no more", failure.Message, StringComparison.Ordinal);
        await Bounded.Until(async () => (await server.CommandAsync("CLIENT", "LIST", "TYPE", "normal")).Text!.Count(c => c == '\n') <= 1, "only the asking connection is left");
        await Assert.ThrowsAsync<RedisOptionsException>(() => MultiplexerPool.ConnectAsync(factory, new MultiplexerPoolOptions { Count = 65 }));
    }

    [Fact]
    public async Task A_disposed_pool_hands_out_nothing()
    {
        RedisServer server = await TestServers.GetAsync();
        MultiplexerPool pool = await MultiplexerPool.ConnectAsync(Servers.OptionsFor(server.Host, server.Port), Quick);
        IConnectionMultiplexer multiplexer = pool.GetMultiplexer();
        await pool.DisposeAsync();
        await pool.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => pool.GetMultiplexer());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => multiplexer.GetDatabase().PingAsync());
    }
}
