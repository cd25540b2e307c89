
namespace RedisToolkit.StackExchangeRedis.Tests.Commands;

/// <summary>What cannot be done says so before anything is sent, and names what can.</summary>
public sealed class LimitTests
{
    [Theory]
    [InlineData("BLPOP", "list", "0")]
    [InlineData("XREAD", "BLOCK", "0", "STREAMS", "s", "$")]
    [InlineData("WAIT", "1", "0")]
    public async Task A_blocking_command_is_refused_and_our_own_client_is_named(string name, params string[] arguments)
    {
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync();
        var command = RedisCommand.Create(name, [.. arguments.Select(argument => (RedisArgument)argument)]);
        NotSupportedException refusal = await Assert.ThrowsAsync<NotSupportedException>(() => redis.ExecuteAsync(command, Replies.Any).AsTask());
        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(RedisClient), refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT", "1")]
    [InlineData("SUBSCRIBE", "news")]
    [InlineData("CLIENT", "REPLY", "OFF")]
    public async Task A_command_that_would_change_the_connection_is_refused_as_by_our_own_client(string name, params string[] arguments)
    {
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync();
        var command = RedisCommand.Create(name, [.. arguments.Select(argument => (RedisArgument)argument)]);
        await Assert.ThrowsAsync<ArgumentException>(() => redis.ExecuteAsync(command, Replies.Any).AsTask());
    }

    [Fact]
    public async Task Tracking_and_shard_channels_name_our_own_client()
    {
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync();
        Exception tracking = await Assert.ThrowsAsync<RedisTrackingUnavailableException>(() => redis.TrackAsync(null, new NoListener()).AsTask());
        Exception shards = await Assert.ThrowsAsync<NotSupportedException>(() => redis.SubscribeShardedAsync(["a"]).AsTask());
        Assert.All([tracking, shards], refusal => Assert.Contains(nameof(RedisClient), refusal.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_condition_of_ones_own_is_refused_before_anything_is_sent()
    {
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync();
        string key = TestServers.NewKey();
        var transaction = new RedisTransaction();
        BatchResult<bool> held = transaction.Require(Condition.That(RedisCommand.Create("STRLEN", key).Returning(Replies.Integer), length => length == 0));
        BatchResult<long> counted = transaction.Add(RedisStrings.Increment(key));
        NotSupportedException refusal = await Assert.ThrowsAsync<NotSupportedException>(() => redis.ExecuteAsync(transaction).AsTask());
        Assert.Same(refusal, held.Error);
        Assert.Same(refusal, counted.Error);
        Assert.Null(await redis.GetAsync(key));
    }

    [Fact]
    public async Task Arguments_that_cannot_be_sent_are_refused()
    {
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync(options: new StackExchangeRedisOptions { MaxArgumentBytes = 1024 });
        await Assert.ThrowsAsync<ArgumentException>(() => redis.SetAsync("half", "\ud800").AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => redis.SetAsync("\udc00", "half").AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => redis.SetAsync("long", new byte[1025]).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => redis.ExecuteAsync(RedisCommand.Create("APPEND", "long", new string('ä', 513)), Replies.Done).AsTask());
        await redis.SetAsync(TestServers.NewKey(), new string('ä', 512));
    }

    [Fact]
    public void All_faults_of_the_options_are_told_at_once()
    {
        var options = new StackExchangeRedisOptions { CommandTimeout = TimeSpan.Zero, MaxRepeats = 11, Database = -1 };
        RedisOptionsException refusal = Assert.Throws<RedisOptionsException>(() => StackExchangeRedisClient.Create(_ => throw new InvalidOperationException(), options));
        Assert.All(["CommandTimeout", "MaxRepeats", "Database"], name => Assert.Contains(name, refusal.Message, StringComparison.Ordinal));
    }

    private sealed class NoListener : IInvalidationListener
    {
        public void OnInvalidated(ReadOnlySpan<byte> key)
        {
        }

        public void OnFlush()
        {
        }

        public void OnGap()
        {
        }

        public void OnArmed(long epoch)
        {
        }
    }
}
