using RedisToolkit.Client;
using RedisToolkit.Testing;

namespace RedisToolkit.Conformance;

/// <summary>Commands of one caller that travel together, each with its own result.</summary>
public abstract class BatchTests(ClientUnderTest client) : ConformanceTests(client)
{
    [Theory, EveryServer]
    public async Task Each_command_of_a_batch_has_its_own_result(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        var batch = new RedisBatch();
        BatchResult<bool> set = batch.Add(RedisStrings.Set(key, "5"));
        BatchResult<long> more = batch.Add(RedisCommand.Create("INCR", key), Replies.Integer);
        BatchResult<string?> get = batch.Add(RedisStrings.Get(key));
        BatchResult<string?> missing = batch.Add(RedisStrings.Get(key + ":missing"));
        await redis.ExecuteAsync(batch);
        Assert.Equal((true, 6, "6", null), (set.Value, more.Value, get.Value, missing.Value));
        Assert.All(batch.Results, result => Assert.True(result is { IsDone: true, Error: null }));
    }

    [Theory, EveryServer]
    public async Task A_refused_command_keeps_its_error_to_itself(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        var batch = new RedisBatch();
        batch.Add(RedisStrings.Set(key, "text"));
        BatchResult<long> refused = batch.Add(RedisCommand.Create("LPUSH", key, "x"), Replies.Integer);
        BatchResult<string?> unknown = batch.Add(RedisCommand.Create("NO.SUCH"), Replies.Text);
        BatchResult<string?> after = batch.Add(RedisStrings.Get(key));
        await redis.ExecuteAsync(batch);
        RedisServerException error = Assert.Throws<RedisServerException>(() => refused.Value);
        Assert.Equal((RedisErrorCode.WrongType, CommandOutcome.Refused), (error.Code, error.Outcome));
        Assert.Same(error, refused.Error);
        Assert.Equal(RedisErrorCode.Error, Assert.IsType<RedisServerException>(unknown.Error).Code);
        Assert.Equal("text", after.Value);
    }

    [Theory, EveryServer]
    public async Task A_reply_of_another_shape_is_the_business_of_its_command_only(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        var batch = new RedisBatch();
        BatchResult<long> wrong = batch.Add(RedisCommand.Create("ECHO", "no number"), Replies.Integer);
        BatchResult<string?> thrown = batch.Add(RedisCommand.Create("ECHO", "x"), Replies.From<string?>((ref RespReader _) => throw new FormatException("mine")));
        BatchResult<string?> right = batch.Add(RedisCommand.Create("ECHO", "right"), Replies.Text);
        await redis.ExecuteAsync(batch);
        Assert.Throws<RedisReplyException>(() => wrong.Value);
        Assert.IsType<FormatException>(Assert.Throws<RedisReplyException>(() => thrown.Value).InnerException);
        Assert.Equal("right", right.Value);
    }

    [Theory, EveryServer]
    public async Task A_batch_is_executed_once_and_an_empty_one_is_done(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        var batch = new RedisBatch();
        batch.Add(RedisCommand.Create("INCR", key), Replies.Integer);
        await redis.ExecuteAsync(batch);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await redis.ExecuteAsync(batch));
        Assert.Throws<InvalidOperationException>(() => batch.Add(RedisStrings.Get(key)));
        await redis.ExecuteAsync(new RedisBatch());
        Assert.Equal("1", await redis.GetAsync(key));
    }

    [Theory, EveryServer]
    public async Task A_command_that_cannot_be_spelled_keeps_all_others_from_being_sent(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        foreach (int count in (int[])[2, 5000])
        {
            var batch = new RedisBatch();
            for (int i = 1; i < count; i++) batch.Add(RedisCommand.Create("INCR", key), Replies.Integer);
            batch.Add(RedisStrings.Set(key, "half a pair: \ud800"));
            ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(async () => await redis.ExecuteAsync(batch));
            Assert.Contains($"Command {count}, SET", error.Message, StringComparison.Ordinal);
            Assert.All(batch.Results, result => Assert.IsType<ArgumentException>(result.Error));
            Assert.Null(await redis.GetAsync(key));
        }
    }

    [Theory, EveryServer]
    public async Task A_long_batch_is_executed_in_order(RedisFlavor flavor)
    {
        const int Count = 10_000;
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        var batch = new RedisBatch();
        var lengths = new BatchResult<long>[Count];
        for (int i = 0; i < Count; i++) lengths[i] = batch.Add(RedisCommand.Create("RPUSH", key, i), Replies.Integer);
        BatchResult<long[]> all = batch.Add(RedisCommand.Create("LRANGE", key, 0, -1), Replies.ArrayOf(Replies.Integer));
        await redis.ExecuteAsync(batch);
        Assert.Equal(Enumerable.Range(1, Count).Select(i => (long)i), lengths.Select(length => length.Value));
        Assert.Equal(Enumerable.Range(0, Count).Select(i => (long)i), all.Value);
    }

    [Theory, EveryServer]
    public async Task Large_values_go_and_come_in_a_batch(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        byte[] value = new byte[300_000];
        Random.Shared.NextBytes(value);
        var batch = new RedisBatch();
        var read = new List<BatchResult<byte[]?>>();
        for (int i = 0; i < 8; i++)
        {
            batch.Add(RedisStrings.Set($"{key}:{i}", value));
            read.Add(batch.Add(RedisStrings.GetBytes($"{key}:{i}")));
        }

        await redis.ExecuteAsync(batch);
        Assert.All(read, result => Assert.Equal(value, result.Value));
    }

    [Theory, EveryServer]
    public async Task A_batch_cancelled_before_is_not_sent(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        var batch = new RedisBatch();
        BatchResult<long> more = batch.Add(RedisCommand.Create("INCR", key), Replies.Integer);
        using var before = new CancellationTokenSource();
        await before.CancelAsync();
        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await redis.ExecuteAsync(batch, before.Token));
        Assert.Equal(before.Token, cancelled.CancellationToken);
        Assert.IsAssignableFrom<OperationCanceledException>(more.Error);
        Assert.Null(await redis.GetAsync(key));
    }

    [Theory, EveryServer]
    public async Task A_lost_connection_is_told_in_every_result_that_has_no_value(RedisFlavor flavor)
    {
        await using FaultProxy proxy = await (await TestServers.GetAsync(flavor)).StartProxyAsync();
        await using IRedisClient redis = await ConnectAsync(proxy);
        string key = TestServers.NewKey();
        proxy.ToClient.CutAfter(1);
        var batch = new RedisBatch();
        for (int i = 0; i < 10; i++) batch.Add(RedisCommand.Create("INCR", key), Replies.Integer);
        var lost = await Assert.ThrowsAsync<RedisConnectionException>(async () => await redis.ExecuteAsync(batch));
        Assert.Equal(CommandOutcome.Unknown, lost.Outcome);
        Assert.All(batch.Results, result => Assert.Equal(CommandOutcome.Unknown, Assert.IsType<RedisConnectionException>(result.Error).Outcome));
    }
}
