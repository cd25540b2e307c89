using RedisToolkit.Testing;
using Ours = RedisToolkit.Client;

namespace RedisToolkit.StackExchangeRedis.Tests.Batches;

public sealed class TransactionTests
{
    [Fact]
    public async Task A_transaction_without_conditions_is_executed_as_one()
    {
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync();
        string key = TestServers.NewKey();
        var transaction = new RedisTransaction();
        BatchResult<long> first = transaction.Add(RedisStrings.Increment(key));
        BatchResult<long> wrong = transaction.Add(Ours.RedisCommand.Create("LPUSH", key, "a"), Replies.Integer);
        BatchResult<long> second = transaction.Add(RedisStrings.Increment(key));
        Assert.True(await redis.ExecuteAsync(transaction));
        Assert.Equal((1, 2), (first.Value, second.Value));
        Assert.Equal(RedisErrorCode.WrongType, Assert.IsType<Ours.RedisServerException>(wrong.Error).Code);
        Assert.True(await redis.ExecuteAsync(new RedisTransaction()));
    }

    public static TheoryData<string, Func<RedisArgument, Ours.Condition>, bool> Named => new()
    {
        { "string equals", key => Ours.Condition.StringEquals(key, "text"), true },
        { "string equals another", key => Ours.Condition.StringEquals(key, "other"), false },
        { "exists", Ours.Condition.KeyExists, true },
        { "not exists", Ours.Condition.KeyNotExists, false },
    };

    [Theory]
    [MemberData(nameof(Named), DisableDiscoveryEnumeration = true)]
    public async Task A_condition_on_a_string_decides(string name, Func<RedisArgument, Ours.Condition> condition, bool holds)
    {
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync();
        string key = TestServers.NewKey(name);
        await redis.SetAsync(key, "text");
        await DecidesAsync(redis, condition(key), holds);
    }

    public static TheoryData<string, Func<RedisArgument, Ours.Condition>, bool> OfHashes => new()
    {
        { "field equals", key => Ours.Condition.HashEquals(key, "f", "text"), true },
        { "field equals another", key => Ours.Condition.HashEquals(key, "f", "other"), false },
        { "field exists", key => Ours.Condition.HashFieldExists(key, "f"), true },
        { "no field exists", key => Ours.Condition.HashFieldExists(key, "g"), false },
        { "field not exists", key => Ours.Condition.HashFieldNotExists(key, "f"), false },
        { "no field not exists", key => Ours.Condition.HashFieldNotExists(key, "g"), true },
    };

    [Theory]
    [MemberData(nameof(OfHashes), DisableDiscoveryEnumeration = true)]
    public async Task A_condition_on_a_hash_decides(string name, Func<RedisArgument, Ours.Condition> condition, bool holds)
    {
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync();
        string key = TestServers.NewKey(name);
        await redis.ExecuteAsync(Ours.RedisCommand.Create("HSET", key, "f", "text"), Replies.Done);
        await DecidesAsync(redis, condition(key), holds);
    }

    [Fact]
    public async Task Of_several_conditions_each_tells_whether_it_held()
    {
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync();
        string key = TestServers.NewKey();
        var transaction = new RedisTransaction();
        BatchResult<bool> held = transaction.Require(Ours.Condition.KeyNotExists(key)), failed = transaction.Require(Ours.Condition.KeyExists(key + "2"));
        transaction.Add(RedisStrings.Increment(key));
        Assert.False(await redis.ExecuteAsync(transaction));
        Assert.Equal((true, false), (held.Value, failed.Value));
    }

    [Fact]
    public async Task A_command_that_is_refused_when_queued_stops_all_of_them()
    {
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync();
        string key = TestServers.NewKey();
        var transaction = new RedisTransaction();
        BatchResult<long> good = transaction.Add(RedisStrings.Increment(key));
        transaction.Add(Ours.RedisCommand.Create("NO.SUCH.COMMAND"), Replies.Any);
        Ours.RedisServerException refused = await Assert.ThrowsAsync<Ours.RedisServerException>(() => redis.ExecuteAsync(transaction).AsTask());
        Assert.Equal(RedisErrorCode.ExecAbort, refused.Code);
        Assert.NotNull(good.Error);
        Assert.Null(await redis.GetAsync(key));
    }

    [Fact]
    public async Task A_condition_that_the_server_refuses_to_check_does_not_hold()
    {
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync();
        string key = TestServers.NewKey();
        await redis.ExecuteAsync(Ours.RedisCommand.Create("LPUSH", key, "a"), Replies.Done);
        await DecidesAsync(redis, Ours.Condition.StringEquals(key, "a"), holds: false);
    }

    [Fact]
    public async Task A_key_that_changes_between_the_check_and_the_commit_lets_nothing_be_executed()
    {
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync();
        string key = TestServers.NewKey();
        using var stop = new CancellationTokenSource();
        Task changing = Task.Run(async () =>
        {
            await using StackExchangeRedisClient other = await Servers.ConnectAsync();
            while (!stop.IsCancellationRequested) await other.SetAsync(key, Guid.NewGuid().ToString());
        });
        await Bounded.Until(async () => await redis.GetAsync(key) is not null, "the other one writes");
        bool refused = false;
        for (int i = 0; i < 5000 && !refused; i++)
        {
            var transaction = new RedisTransaction();
            BatchResult<bool> held = transaction.Require(Ours.Condition.KeyExists(key));
            BatchResult<long> counted = transaction.Add(RedisStrings.Increment(key + ":count"));
            refused = !await redis.ExecuteAsync(transaction);
            Assert.True(held.Value);
            if (refused) Assert.Contains("changed", Assert.IsType<InvalidOperationException>(counted.Error).Message, StringComparison.Ordinal);
        }

        await stop.CancelAsync();
        await changing;
        Assert.True(refused, "It was never refused.");
    }

    [Fact]
    public async Task A_late_transaction_is_a_timeout_and_the_multiplexer_goes_on()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync(server, options: new StackExchangeRedisOptions { CommandTimeout = TimeSpan.FromMilliseconds(100) });
        await server.PauseAsync();
        var transaction = new RedisTransaction();
        BatchResult<long> result = transaction.Add(RedisStrings.Increment("n"));
        Ours.RedisTimeoutException late = await Assert.ThrowsAsync<Ours.RedisTimeoutException>(() => redis.ExecuteAsync(transaction).AsTask());
        Assert.Equal(CommandOutcome.Unknown, late.Outcome);
        Assert.Same(late, result.Error);
        await server.ResumeAsync();
        Assert.Equal("1", await redis.ExecuteAsync(RedisStrings.Get("n").Command.WithTimeout(TimeSpan.FromSeconds(20)), Replies.Text));
    }

    private static async Task DecidesAsync(StackExchangeRedisClient redis, Ours.Condition condition, bool holds)
    {
        string counter = TestServers.NewKey();
        var transaction = new RedisTransaction();
        BatchResult<bool> held = transaction.Require(condition);
        BatchResult<long> counted = transaction.Add(RedisStrings.Increment(counter));
        Assert.Equal(holds, await redis.ExecuteAsync(transaction));
        Assert.Equal(holds, held.Value);
        if (holds) Assert.Equal(1, counted.Value);
        else Assert.IsType<InvalidOperationException>(counted.Error);
        Assert.Equal(holds ? "1" : null, await redis.GetAsync(counter));
    }
}
