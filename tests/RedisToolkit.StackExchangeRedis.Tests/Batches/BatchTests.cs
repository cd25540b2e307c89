using RedisToolkit.Testing;
using StackExchange.Redis;
using Ours = RedisToolkit.Client;

namespace RedisToolkit.StackExchangeRedis.Tests.Batches;

public sealed class BatchTests
{
    [Fact]
    public async Task Each_command_has_its_own_result_or_error()
    {
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync();
        string key = TestServers.NewKey();
        var batch = new RedisBatch();
        BatchResult<bool> set = batch.Add(RedisStrings.Set(key, "text").Command, Replies.Done);
        BatchResult<long> wrong = batch.Add(RedisStrings.Increment(key));
        BatchResult<string?> got = batch.Add(RedisStrings.Get(key));
        await redis.ExecuteAsync(batch);
        Assert.True(set.Value);
        Assert.IsType<Ours.RedisServerException>(wrong.Error);
        Assert.Equal("text", got.Value);
        await Assert.ThrowsAsync<InvalidOperationException>(() => redis.ExecuteAsync(batch).AsTask());
    }

    [Fact]
    public async Task A_long_batch_keeps_its_order_over_all_its_parts()
    {
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync();
        string key = TestServers.NewKey();
        var batch = new RedisBatch();
        BatchResult<long>[] results = [.. Enumerable.Range(0, 5000).Select(_ => batch.Add(RedisStrings.Increment(key)))];
        await redis.ExecuteAsync(batch);
        Assert.Equal(Enumerable.Range(1, 5000).Select(i => (long)i), results.Select(result => result.Value));
    }

    [Fact]
    public async Task A_cancelled_batch_leaves_every_result_with_the_cancellation()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync(server);
        await server.PauseAsync();
        using var cancelling = new CancellationTokenSource();
        var batch = new RedisBatch();
        BatchResult<long> result = batch.Add(RedisStrings.Increment("n"));
        Task executing = redis.ExecuteAsync(batch, cancelling.Token).AsTask();
        Assert.False(result.IsDone);
        await cancelling.CancelAsync();
        OperationCanceledException cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => executing);
        Assert.Equal(cancelling.Token, cancelled.CancellationToken);
        Assert.IsAssignableFrom<OperationCanceledException>(result.Error);
        await server.ResumeAsync();
        await Bounded.Until(async () => await redis.GetAsync("n") == "1", "it took effect nevertheless");
    }

    [Fact]
    public async Task A_batch_that_only_reads_survives_a_lost_connection_and_one_that_writes_says_what_is_unknown()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        ConnectionMultiplexer multiplexer = await ConnectionMultiplexer.ConnectAsync(Servers.OptionsFor(proxy.Host, proxy.Port));
        await using StackExchangeRedisClient redis = StackExchangeRedisClient.Create(multiplexer, new StackExchangeRedisOptions { DisposeMultiplexer = true, CommandTimeout = TimeSpan.FromSeconds(30) });
        await redis.SetAsync("a", "b");
        await server.PauseAsync();
        long before = proxy.ToServer.Bytes;
        RedisBatch reads = new(), writes = new();
        BatchResult<string?> read = reads.Add(RedisStrings.Get("a"));
        BatchResult<long> written = writes.Add(RedisStrings.Increment("n"));
        Task reading = redis.ExecuteAsync(reads).AsTask(), writing = redis.ExecuteAsync(writes).AsTask();
        await Bounded.Until(() => proxy.ToServer.Bytes >= before + "*2\r\n$3\r\nGET\r\n$1\r\na\r\n*2\r\n$4\r\nINCR\r\n$1\r\nn\r\n".Length, "both are under way");
        await proxy.DropConnectionsAsync();
        await server.ResumeAsync();
        await reading;
        Assert.Equal("b", read.Value);
        Ours.RedisConnectionException lost = await Assert.ThrowsAsync<Ours.RedisConnectionException>(() => writing);
        Assert.Equal(CommandOutcome.Unknown, lost.Outcome);
        Assert.Same(lost, written.Error);
    }

    [Fact]
    public async Task An_argument_that_cannot_be_sent_fails_the_batch_before_anything_is_sent()
    {
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync();
        string key = TestServers.NewKey();
        var batch = new RedisBatch();
        BatchResult<long> first = batch.Add(RedisStrings.Increment(key));
        batch.Add(Ours.RedisCommand.Create("SET", key, "\ud800"), Replies.Done);
        ArgumentException refusal = await Assert.ThrowsAsync<ArgumentException>(() => redis.ExecuteAsync(batch).AsTask());
        Assert.Contains("Command 2", refusal.Message, StringComparison.Ordinal);
        Assert.Same(refusal, first.Error);
        Assert.Null(await redis.GetAsync(key));
    }
}
