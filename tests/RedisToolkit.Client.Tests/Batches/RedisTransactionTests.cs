using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Batches;

public sealed class RedisTransactionTests
{
    public static TheoryData<RedisFlavor> Flavors => Servers.Flavors;

    public static TheoryData<RedisFlavor, RespProtocol> FlavorsAndProtocols
    {
        get
        {
            var all = new TheoryData<RedisFlavor, RespProtocol>();
            foreach (RedisFlavor flavor in Enum.GetValues<RedisFlavor>())
            {
                all.Add(flavor, RespProtocol.Resp2);
                all.Add(flavor, RespProtocol.Resp3);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(FlavorsAndProtocols))]
    public async Task An_error_while_executing_stays_with_its_command(RedisFlavor flavor, RespProtocol protocol)
    {
        await using RedisClient redis = await Servers.ConnectAsync(flavor, options => options with { Protocol = protocol });
        string key = Servers.NewKey();
        var transaction = new RedisTransaction();
        transaction.Add(RedisStrings.Set(key, "text"));
        BatchResult<long> refused = transaction.Add(RedisCommand.Create("LPUSH", key, "x"), Replies.Integer);
        BatchResult<long> shape = transaction.Add(RedisStrings.Get(key).Command, Replies.Integer);
        BatchResult<RedisReply> nested = transaction.Add(RedisCommand.Create("EVAL", "return {1, redis.error_reply('MINE inner'), 'x'}", 0), Replies.Any);
        BatchResult<long[]> nestedThrown = transaction.Add(RedisCommand.Create("EVAL", "return {1, redis.error_reply('MINE inner'), 2}", 0), Replies.ArrayOf(Replies.Integer));
        BatchResult<string?> get = transaction.Add(RedisStrings.Get(key));
        Assert.True(await redis.ExecuteAsync(transaction));
        Assert.Equal(RedisErrorCode.WrongType, Assert.Throws<RedisServerException>(() => refused.Value).Code);
        Assert.Throws<RedisReplyException>(() => shape.Value);
        Assert.Equal("MINE inner", nested.Value.Items[1].Error!.ServerMessage);
        Assert.Equal("MINE", Assert.Throws<RedisServerException>(() => nestedThrown.Value).Code);
        Assert.Equal("text", get.Value);
    }

    [Theory]
    [MemberData(nameof(Flavors))]
    public async Task A_command_refused_when_it_is_queued_stops_all(RedisFlavor flavor)
    {
        await using RedisClient redis = await Servers.ConnectAsync(flavor);
        string key = Servers.NewKey();
        var transaction = new RedisTransaction();
        BatchResult<bool> set = transaction.Add(RedisStrings.Set(key, "x"));
        BatchResult<RedisReply> wrong = transaction.Add(RedisCommand.Create("GET", key, "too", "many"), Replies.Any);
        RedisServerException abort = await Assert.ThrowsAsync<RedisServerException>(async () => await redis.ExecuteAsync(transaction));
        Assert.Equal(RedisErrorCode.ExecAbort, abort.Code);
        Assert.Equal(CommandOutcome.Refused, abort.Outcome);
        Assert.Contains("Command 2 of 2, GET", abort.Message, StringComparison.Ordinal);
        Assert.Same(abort, set.Error);
        Assert.Equal(RedisErrorCode.Error, Assert.IsType<RedisServerException>(wrong.Error).Code);
        Assert.Null(await redis.GetAsync(key));
    }

    [Fact]
    public async Task A_condition_that_cannot_be_checked_is_an_error_and_nothing_is_executed()
    {
        await using RedisClient redis = await Servers.ConnectAsync();
        string key = Servers.NewKey();
        await redis.ExecuteAsync(RedisCommand.Create("RPUSH", key, "x"), Replies.Done);
        var transaction = new RedisTransaction();
        BatchResult<bool> held = transaction.Require(Condition.StringEquals(key, "x"));
        BatchResult<bool> set = transaction.Add(RedisStrings.Set(key, "y"));
        RedisServerException error = await Assert.ThrowsAsync<RedisServerException>(async () => await redis.ExecuteAsync(transaction));
        Assert.Equal(RedisErrorCode.WrongType, error.Code);
        Assert.Same(error, held.Error);
        Assert.Same(error, set.Error);
        Assert.Equal("list", await redis.ExecuteAsync(RedisCommand.Create("TYPE", key), Replies.Text));
    }

    [Fact]
    public void A_condition_needs_a_key_and_only_reads()
    {
        Assert.Throws<ArgumentException>(() => Condition.That(RedisCommand.Create("INCR", "k").Returning(Replies.Integer), _ => true));
        Assert.Throws<ArgumentException>(() => Condition.That(RedisCommand.Create("BLPOP", "k", 0).Returning(Replies.Any), _ => true));
        Assert.Throws<ArgumentException>(() => Condition.That(RedisCommand.Create("PING").Returning(Replies.Text), _ => true));
        Assert.Single(Condition.That(RedisCommand.Create("PING").Returning(Replies.Text), _ => true, "k").Keys);
        Assert.Equal(["a", "b"], Condition.That(RedisCommand.Create("MGET", "a", "b").Returning(Replies.Any), _ => true).Keys);
    }

    [Fact]
    public void Commands_that_block_or_change_the_connection_are_refused()
    {
        var transaction = new RedisTransaction();
        Assert.Throws<ArgumentException>(() => transaction.Add(RedisCommand.Create("BLPOP", "k", 1), Replies.Any));
        Assert.Throws<ArgumentException>(() => transaction.Add(RedisCommand.Create("WATCH", "k"), Replies.Any));
        Assert.Throws<ArgumentException>(() => transaction.Add(RedisCommand.Create("EXEC"), Replies.Any));
        Assert.Throws<ArgumentException>(() => transaction.Add(RedisCommand.Create("CLIENT", "REPLY", "OFF"), Replies.Any));
        Assert.Equal(0, transaction.Count);
    }

    [Fact]
    public async Task A_transaction_of_conditions_alone_has_the_usual_deadline()
    {
        RedisServer server = await Servers.GetAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync($"{proxy.Host}:{proxy.Port}");
        proxy.ToClient.Delay(TimeSpan.FromMilliseconds(100));
        var transaction = new RedisTransaction();
        BatchResult<bool> held = transaction.Require(Condition.KeyNotExists(Servers.NewKey()));
        Assert.True(await redis.ExecuteAsync(transaction));
        Assert.True(held.Value);
    }

    [Fact]
    public async Task A_command_that_cannot_be_spelled_leaves_nothing_behind()
    {
        await using RedisClient redis = await Servers.ConnectAsync();
        string key = Servers.NewKey();
        foreach (bool conditional in new[] { false, true })
        {
            var transaction = new RedisTransaction();
            if (conditional) transaction.Require(Condition.KeyNotExists(key));
            transaction.Add(RedisStrings.Set(key, "x"));
            transaction.Add(RedisStrings.Set(key, "\ud800"));
            await Assert.ThrowsAsync<ArgumentException>(async () => await redis.ExecuteAsync(transaction));
            Assert.All(transaction.Results, result => Assert.IsType<ArgumentException>(result.Error));
            Assert.Null(await redis.GetAsync(key));
        }
    }

    [Fact]
    public async Task A_refused_MULTI_is_told_with_what_became_of_the_commands()
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Users = [new RedisUser("plain", "secret", "~* +@all -multi")] });
        await using RedisClient redis = await RedisClient.ConnectAsync(server.ConnectionStringFor("plain"));
        var transaction = new RedisTransaction();
        BatchResult<string?> echo = transaction.Add(RedisCommand.Create("ECHO", "x"), Replies.Text);
        RedisServerException refused = await Assert.ThrowsAsync<RedisServerException>(async () => await redis.ExecuteAsync(transaction));
        Assert.Equal(RedisErrorCode.NoPermission, refused.Code);
        Assert.Contains("one by one", refused.Message, StringComparison.Ordinal);
        Assert.Equal("x", echo.Value);
        Assert.Equal("y", await redis.ExecuteAsync(RedisCommand.Create("ECHO", "y"), Replies.Text));
    }
}
