using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Batches;

public sealed class RedisBatchTests
{
    public static TheoryData<RedisFlavor> Flavors => Servers.Flavors;

    [Fact]
    public void A_result_asked_for_too_early_says_what_to_do()
    {
        var batch = new RedisBatch();
        BatchResult<string?> result = batch.Add(RedisStrings.Get("k"));
        Assert.False(result.IsDone);
        Assert.Null(result.Error);
        Assert.Contains("ExecuteAsync", Assert.Throws<InvalidOperationException>(() => result.Value).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_batch_is_done_at_once()
    {
        await using RedisClient redis = await Servers.ConnectAsync();
        Assert.True(redis.ExecuteAsync(new RedisBatch()).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public void Commands_that_block_or_change_the_connection_are_refused()
    {
        var batch = new RedisBatch();
        Assert.Throws<ArgumentException>(() => batch.Add(RedisCommand.Create("BLPOP", "k", 1), Replies.Any));
        Assert.Throws<ArgumentException>(() => batch.Add(RedisCommand.Create("XREAD", "BLOCK", 0, "STREAMS", "k", "$"), Replies.Any));
        Assert.Throws<ArgumentException>(() => batch.Add(RedisCommand.Create("MULTI"), Replies.Any));
        Assert.Throws<ArgumentException>(() => batch.Add(RedisCommand.Create("SELECT", 1), Replies.Any));
        Assert.Throws<ArgumentException>(() => batch.Add(RedisCommand.Create("CLIENT", "REPLY", "OFF"), Replies.Any));
        Assert.Throws<ArgumentException>(() => batch.Add(default, Replies.Any));
        Assert.Equal(0, batch.Count);
        batch.Add(RedisCommand.Create("XREAD", "STREAMS", "k", "0"), Replies.Any);
        Assert.Equal(1, batch.Count);
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(10_000)]
    public async Task A_long_batch_is_executed_in_order(int count)
    {
        await using RedisClient redis = await Servers.ConnectAsync(with: options => options with { MaxInFlightCommands = 2, ConnectionsPerEndpoint = 3 });
        string key = Servers.NewKey();
        var batch = new RedisBatch();
        var lengths = new BatchResult<long>[count];
        for (int i = 0; i < count; i++) lengths[i] = batch.Add(RedisCommand.Create("RPUSH", key, i), Replies.Integer);
        BatchResult<long[]> all = batch.Add(RedisCommand.Create("LRANGE", key, 0, -1), Replies.ArrayOf(Replies.Integer));
        await redis.ExecuteAsync(batch);
        Assert.Equal(Enumerable.Range(1, count).Select(i => (long)i), lengths.Select(length => length.Value));
        Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), all.Value);
    }

    [Fact]
    public async Task Large_values_go_and_come_in_a_batch()
    {
        await using RedisClient redis = await Servers.ConnectAsync(with: options => options with { MaxInFlightBytes = 64 << 10 });
        string key = Servers.NewKey();
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

    [Fact]
    public async Task Batches_and_single_commands_of_many_callers_keep_their_own_replies()
    {
        await using RedisClient redis = await Servers.ConnectAsync();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async caller =>
        {
            for (int round = 0; round < 20; round++)
            {
                var batch = new RedisBatch();
                var echoes = Enumerable.Range(0, 1 + caller).Select(i => batch.Add(RedisCommand.Create("ECHO", $"{caller}:{round}:{i}"), Replies.Text)).ToArray();
                ValueTask sent = redis.ExecuteAsync(batch);
                Assert.Equal($"{caller}:{round}", await redis.ExecuteAsync(RedisCommand.Create("ECHO", $"{caller}:{round}"), Replies.Text));
                await sent;
                for (int i = 0; i < echoes.Length; i++) Assert.Equal($"{caller}:{round}:{i}", echoes[i].Value);
            }
        }));
    }

    [Fact]
    public async Task A_batch_may_take_as_long_as_its_longest_command()
    {
        await using RedisClient redis = await Servers.ConnectAsync(with: options => options with { CommandTimeout = TimeSpan.FromMilliseconds(50) });
        RedisServer server = await Servers.GetAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        proxy.ToClient.Delay(TimeSpan.FromMilliseconds(300));
        await using var slow = new RedisClient(RedisClientOptions.Parse($"{proxy.Host}:{proxy.Port}") with { CommandTimeout = TimeSpan.FromMilliseconds(50) });
        var patient = new RedisBatch();
        BatchResult<string?> echo = patient.Add(RedisCommand.Create("ECHO", "x").WithTimeout(TimeSpan.FromSeconds(30)), Replies.Text);
        patient.Add(RedisCommand.Create("PING"), Replies.Done);
        await slow.ExecuteAsync(patient);
        Assert.Equal("x", echo.Value);
        var hasty = new RedisBatch();
        BatchResult<bool> ping = hasty.Add(RedisCommand.Create("PING"), Replies.Done);
        RedisTimeoutException late = await Assert.ThrowsAsync<RedisTimeoutException>(async () => await slow.ExecuteAsync(hasty));
        Assert.Same(late, ping.Error);
    }
}
