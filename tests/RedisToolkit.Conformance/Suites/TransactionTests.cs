using RedisToolkit.Client;
using RedisToolkit.Testing;

namespace RedisToolkit.Conformance;

/// <summary>Commands that are executed as one, or not at all.</summary>
public abstract class TransactionTests(ClientUnderTest client) : ConformanceTests(client)
{
    [Theory, EveryServer]
    public async Task Commands_of_a_transaction_are_executed_as_one(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        var transaction = new RedisTransaction();
        BatchResult<bool> set = transaction.Add(RedisStrings.Set(key, "5"));
        BatchResult<long> more = transaction.Add(RedisCommand.Create("INCR", key), Replies.Integer);
        BatchResult<string?> missing = transaction.Add(RedisStrings.Get(key + ":missing"));
        BatchResult<RedisReply> hash = transaction.Add(RedisCommand.Create("HGETALL", key + ":hash"), Replies.Any);
        BatchResult<byte[]?> get = transaction.Add(RedisStrings.GetBytes(key));
        Assert.True(await redis.ExecuteAsync(transaction));
        Assert.True(set.Value);
        Assert.Equal(6, more.Value);
        Assert.Null(missing.Value);
        Assert.Empty(hash.Value.Items);
        Assert.Equal("6"u8.ToArray(), get.Value);
    }

    [Theory, EveryServer]
    public async Task Nobody_sees_a_transaction_half_done(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        await using IRedisClient other = await ConnectAsync(flavor);
        string a = TestServers.NewKey(), b = a + ":b";
        _ = await redis.SetManyAsync([(a, 0), (b, 0)]);
        Task writing = Task.Run(async () =>
        {
            for (int i = 1; i <= 300; i++)
            {
                var both = new RedisTransaction();
                both.Add(RedisStrings.Set(a, i));
                both.Add(RedisStrings.Set(b, i));
                Assert.True(await redis.ExecuteAsync(both));
            }
        });
        do
        {
            string?[] seen = await other.GetManyAsync([a, b]);
            Assert.Equal(seen[0], seen[1]);
        }
        while (!writing.IsCompleted);
        await writing;
        Assert.Equal((string?[])["300", "300"], await other.GetManyAsync([a, b]));
    }

    [Theory, EveryServer]
    public async Task An_error_while_executing_stays_with_its_command(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        var transaction = new RedisTransaction();
        transaction.Add(RedisStrings.Set(key, "text"));
        BatchResult<long> refused = transaction.Add(RedisCommand.Create("LPUSH", key, "x"), Replies.Integer);
        BatchResult<long> shape = transaction.Add(RedisStrings.Get(key).Command, Replies.Integer);
        BatchResult<string?> get = transaction.Add(RedisStrings.Get(key));
        Assert.True(await redis.ExecuteAsync(transaction));
        Assert.Equal(RedisErrorCode.WrongType, Assert.Throws<RedisServerException>(() => refused.Value).Code);
        Assert.Throws<RedisReplyException>(() => shape.Value);
        Assert.Equal("text", get.Value);
    }

    [Theory, EveryServer]
    public async Task A_command_refused_when_it_is_queued_stops_all(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        var transaction = new RedisTransaction();
        BatchResult<bool> set = transaction.Add(RedisStrings.Set(key, "x"));
        BatchResult<RedisReply> wrong = transaction.Add(RedisCommand.Create("GET", key, "too", "many"), Replies.Any);
        RedisServerException abort = await Assert.ThrowsAsync<RedisServerException>(async () => await redis.ExecuteAsync(transaction));
        Assert.Equal((RedisErrorCode.ExecAbort, CommandOutcome.Refused), (abort.Code, abort.Outcome));
        Assert.IsType<RedisServerException>(set.Error);
        Assert.IsType<RedisServerException>(wrong.Error);
        Assert.Null(await redis.GetAsync(key));
        Assert.Equal("next", await redis.EchoAsync("next"));
    }

    [Theory, EveryServer]
    public async Task Conditions_decide_whether_the_commands_are_executed(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey(), hash = key + ":hash", missing = key + ":missing";
        byte[] binary = [0, 13, 10, 255];
        await redis.SetAsync(key, "5");
        await redis.HashSetManyAsync(hash, [("f", "v"), (binary, binary)]);
        (Condition Condition, bool Holds)[] cases =
        [
            (Condition.KeyExists(key), true), (Condition.KeyExists(missing), false),
            (Condition.KeyNotExists(missing), true), (Condition.KeyNotExists(key), false),
            (Condition.StringEquals(key, 5), true), (Condition.StringEquals(key, "6"), false), (Condition.StringEquals(missing, ""), false),
            (Condition.HashEquals(hash, "f", "v"), true), (Condition.HashEquals(hash, "f", "w"), false), (Condition.HashEquals(hash, "g", "v"), false),
            (Condition.HashEquals(hash, binary, binary), true), (Condition.HashEquals(hash, binary, (byte[])[0, 13, 10, 254]), false),
            (Condition.HashFieldExists(hash, "f"), true), (Condition.HashFieldExists(hash, "g"), false),
            (Condition.HashFieldNotExists(hash, "g"), true), (Condition.HashFieldNotExists(missing, "g"), true), (Condition.HashFieldNotExists(hash, "f"), false),
        ];
        for (int i = 0; i < cases.Length; i++) await DecidesAsync(redis, key, cases[i].Condition, cases[i].Holds, $"{key}:{i}");
    }

    [Theory, EveryServer, Limited(Limit.ArbitraryConditions)]
    public async Task A_condition_may_be_any_test_of_any_reply(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        await redis.SetAsync(key, "5");
        Condition five = Condition.That(RedisStrings.Get(key), text => text is "5");
        Condition longer = Condition.That(RedisCommand.Create("STRLEN", key).Returning(Replies.Integer), length => length > 1);
        if (IsLimited(Limit.ArbitraryConditions))
        {
            var transaction = new RedisTransaction();
            transaction.Require(five);
            transaction.Add(RedisStrings.Set(key, "6"));
            await RefusesAsync(Limit.ArbitraryConditions, async () => await redis.ExecuteAsync(transaction));
            Assert.Equal("5", await redis.GetAsync(key));
            return;
        }

        await DecidesAsync(redis, key, five, holds: true, key + ":1");
        await DecidesAsync(redis, key, longer, holds: false, key + ":2");
    }

    [Theory, EveryServer]
    public async Task All_conditions_must_hold(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        var transaction = new RedisTransaction();
        BatchResult<bool> first = transaction.Require(Condition.KeyNotExists(key));
        BatchResult<bool> second = transaction.Require(Condition.KeyExists(key));
        transaction.Add(RedisStrings.Set(key, "x"));
        Assert.False(await redis.ExecuteAsync(transaction));
        Assert.Equal((true, false), (first.Value, second.Value));
        Assert.Null(await redis.GetAsync(key));
    }

    [Theory, EveryServer]
    public async Task Of_many_who_change_a_value_on_condition_that_it_is_unchanged_none_overwrites_another(RedisFlavor flavor)
    {
        const int Callers = 8, Rounds = 15;
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        await redis.SetAsync(key, 0);
        int refused = 0;
        await Bounded.Within(Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            for (int done = 0; done < Rounds;)
            {
                long value = (await redis.ExecuteAsync(RedisCommand.Create("GET", key), Replies.Integer));
                var transaction = new RedisTransaction();
                transaction.Require(Condition.StringEquals(key, value));
                transaction.Add(RedisStrings.Set(key, value + 1));
                if (await redis.ExecuteAsync(transaction)) done++;
                else Interlocked.Increment(ref refused);
            }
        }))), 60, "all rounds");
        Assert.Equal(Callers * Rounds, await redis.ExecuteAsync(RedisCommand.Create("GET", key), Replies.Integer));
        Assert.NotEqual(0, refused);
    }

    [Theory, EveryServer]
    public async Task A_transaction_is_executed_once_and_an_empty_one_is_done(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        var transaction = new RedisTransaction();
        Assert.True(await redis.ExecuteAsync(transaction));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await redis.ExecuteAsync(transaction));
        Assert.Throws<InvalidOperationException>(() => transaction.Require(Condition.KeyExists("k")));
    }

    [Theory, EveryServer]
    public async Task A_command_that_cannot_be_spelled_or_was_cancelled_before_leaves_nothing_behind(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        foreach (bool conditional in (bool[])[false, true])
        {
            var half = new RedisTransaction();
            if (conditional) half.Require(Condition.KeyNotExists(key));
            half.Add(RedisStrings.Set(key, "x"));
            half.Add(RedisStrings.Set(key, "\ud800"));
            await Assert.ThrowsAsync<ArgumentException>(async () => await redis.ExecuteAsync(half));
            Assert.All(half.Results, result => Assert.IsType<ArgumentException>(result.Error));

            var late = new RedisTransaction();
            if (conditional) late.Require(Condition.KeyNotExists(key));
            late.Add(RedisStrings.Set(key, "x"));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await redis.ExecuteAsync(late, new CancellationToken(true)));
            Assert.Null(await redis.GetAsync(key));
        }
    }

    private static async Task DecidesAsync(IRedisClient redis, string key, Condition condition, bool holds, string written)
    {
        var transaction = new RedisTransaction();
        BatchResult<bool> held = transaction.Require(condition);
        BatchResult<string?> get = transaction.Add(RedisStrings.Get(key));
        transaction.Add(RedisStrings.Set(written, "x"));
        Assert.Equal(holds, await redis.ExecuteAsync(transaction));
        Assert.Equal(holds, held.Value);
        Assert.Equal(holds, await redis.ExistsAsync(written));
        if (holds) Assert.Equal("5", get.Value);
        else Assert.Contains("condition", Assert.Throws<InvalidOperationException>(() => get.Value).Message, StringComparison.Ordinal);
    }
}
