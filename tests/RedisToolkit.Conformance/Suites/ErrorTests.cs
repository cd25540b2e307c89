using RedisToolkit.Client;
using RedisToolkit.Testing;

namespace RedisToolkit.Conformance;

/// <summary>An error says what happened, by the server's code word, and what is known of the command.</summary>
public abstract class ErrorTests(ClientUnderTest client) : ConformanceTests(client)
{
    [Theory, EveryServer]
    public async Task What_the_server_refuses_has_its_code_word_and_its_words(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string text = TestServers.NewKey(), stream = text + ":stream";
        await redis.SetAsync(text, "text");
        _ = await redis.ExecuteAsync(RedisCommand.Create("XGROUP", "CREATE", stream, "g", "$", "MKSTREAM"), Replies.Done);
        (RedisCommand Command, string Code, string Words)[] cases =
        [
            (RedisCommand.Create("LPUSH", text, "x"), RedisErrorCode.WrongType, "wrong kind of value"),
            (RedisCommand.Create("INCR", text), RedisErrorCode.Error, "not an integer"),
            (RedisCommand.Create("NO.SUCH"), RedisErrorCode.Error, "unknown command"),
            (RedisCommand.Create("GET", text, "too", "many"), RedisErrorCode.Error, "wrong number of arguments"),
            (RedisCommand.Create("EVALSHA", new string('0', 40), 0), RedisErrorCode.NoScript, "No matching script"),
            (RedisCommand.Create("XGROUP", "CREATE", stream, "g", "$"), RedisErrorCode.BusyGroup, "already exists"),
            (RedisCommand.Create("XREADGROUP", "GROUP", "none", "c", "STREAMS", stream, ">"), RedisErrorCode.NoGroup, "No such"),
            (RedisCommand.Create("EVAL", "return redis.error_reply('MYOWN is the word')", 0), "MYOWN", "MYOWN is the word"),
            (RedisCommand.Create("EVAL", "return redis.error_reply('lower case has none')", 0), RedisErrorCode.Error, "lower case has none"),
        ];
        foreach ((RedisCommand command, string code, string words) in cases)
        {
            RedisServerException refused = await Assert.ThrowsAsync<RedisServerException>(async () => await redis.ExecuteAsync(command, Replies.Any));
            Assert.Equal((code, CommandOutcome.Refused, false), (refused.Code, refused.Outcome, refused.IsTransient));
            Assert.Contains(words, refused.ServerMessage, StringComparison.Ordinal);
        }
    }

    [Theory, EveryServer]
    public async Task A_refusal_that_may_pass_is_transient(RedisFlavor flavor)
    {
        await using RedisServer server = await StartServerAsync(flavor);
        await using IRedisClient redis = await ConnectAsync(server);
        await server.SetConfigAsync("maxmemory", "1");
        RedisServerException full = await Assert.ThrowsAsync<RedisServerException>(async () => await redis.SetAsync("k", "v"));
        Assert.Equal((RedisErrorCode.OutOfMemory, true, CommandOutcome.Refused), (full.Code, full.IsTransient, full.Outcome));
        await server.SetConfigAsync("maxmemory", "0");
        Assert.True(await redis.SetAsync("k", "v"));
    }

    [Theory, EveryServer]
    public async Task What_a_user_may_not_do_is_refused_and_nothing_else(RedisFlavor flavor)
    {
        await using RedisServer server = await StartServerAsync(flavor);
        await using IRedisClient redis = await ConnectAsync(server);
        // The user that is signed in already: the rules hold from the next command on.
        _ = await redis.ExecuteAsync(RedisCommand.Create("ACL", "SETUSER", "default", "-del", "resetkeys", "~app:*", "resetchannels", "&app:*"), Replies.Done);
        Assert.True(await redis.SetAsync("app:k", "v"));
        foreach (Func<Task> forbidden in (Func<Task>[])
        [
            async () => await redis.GetAsync("other"),
            async () => await redis.ExecuteAsync(RedisCommand.Create("DEL", "app:k"), Replies.Integer),
            async () => await redis.PublishAsync("other", "x"),
            async () => await redis.SubscribeAsync(["app:a", "other"]),
        ])
        {
            Assert.Equal(RedisErrorCode.NoPermission, (await Assert.ThrowsAsync<RedisServerException>(forbidden)).Code);
        }

        await Bounded.Until(async () => await server.SubscribersAsync("app:a") == 0, "what was refused leaves nothing behind");
        await using RedisSubscription allowed = await redis.SubscribeAsync(["app:b"]);
        await using var reading = new SubscriptionReading(allowed);
        Assert.Equal(1, await redis.PublishAsync("app:b", "heard"));
        Assert.Equal("heard", await reading.NextTextAsync());
    }

    [Theory, EveryServer]
    public async Task Commands_that_would_change_the_connection_are_refused_with_what_to_use(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        (RedisCommand Command, string Instead)[] cases =
        [
            (RedisCommand.Create("SELECT", 1), "Database"), (RedisCommand.Create("SUBSCRIBE", "c"), "SubscribeAsync"), (RedisCommand.Create("MULTI"), "transaction"),
            (RedisCommand.Create("WATCH", "k"), "transaction"), (RedisCommand.Create("AUTH", "p"), "Password"), (RedisCommand.Create("HELLO", 3), "Protocol"),
            (RedisCommand.Create("QUIT"), "dispose"), (RedisCommand.Create("CLIENT", "REPLY", "OFF"), "unawaited"), (RedisCommand.Create("CLIENT", "TRACKING", "ON"), "tracking"),
        ];
        foreach ((RedisCommand command, string instead) in cases)
        {
            ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(async () => await redis.ExecuteAsync(command, Replies.Any));
            Assert.Contains(instead, refused.Message, StringComparison.Ordinal);
        }

        await Assert.ThrowsAsync<ArgumentException>(async () => await redis.ExecuteAsync(default, Replies.Any));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await redis.ExecuteAsync(RedisCommand.Create("PING"), (ReplyReader<bool>)null!));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await redis.ExecuteAsync((RedisBatch)null!));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await redis.ExecuteAsync((RedisTransaction)null!));
        Assert.Equal("next", await redis.EchoAsync("next"));
    }

    [Theory, EveryServer]
    public async Task A_write_whose_reply_was_lost_is_unknown_and_never_sent_twice(RedisFlavor flavor)
    {
        await using FaultProxy proxy = await (await TestServers.GetAsync(flavor)).StartProxyAsync();
        await using IRedisClient redis = await ConnectAsync(proxy);
        await using IRedisClient witness = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        for (int round = 1; round <= 3; round++)
        {
            proxy.ToClient.CutAfter(1);
            var lost = await Assert.ThrowsAsync<RedisConnectionException>(async () => await redis.IncrAsync(key));
            Assert.Equal((CommandOutcome.Unknown, true), (lost.Outcome, lost.IsTransient));
            await Bounded.Until(async () => await ComesBackAsync(redis), "it has connected again");
            Assert.Equal($"{round}", await witness.GetAsync(key));
        }
    }

    [Theory, EveryServer, Limited(Limit.Repeats)]
    public async Task A_read_whose_reply_was_lost_is_sent_again(RedisFlavor flavor)
    {
        await using FaultProxy proxy = await (await TestServers.GetAsync(flavor)).StartProxyAsync();
        await using IRedisClient redis = await ConnectAsync(proxy);
        string key = TestServers.NewKey();
        await redis.SetAsync(key, "x");
        proxy.ToClient.CutAfter(1);
        if (IsLimited(Limit.Repeats))
        {
            Assert.Equal(CommandOutcome.Unknown, (await Assert.ThrowsAsync<RedisConnectionException>(async () => await redis.GetAsync(key))).Outcome);
            return;
        }

        Assert.Equal("x", await redis.GetAsync(key));
        // What is not to be repeated is not, even if it only reads.
        proxy.ToClient.CutAfter(1);
        await Assert.ThrowsAsync<RedisConnectionException>(async () => await redis.ExecuteAsync(RedisStrings.Get(key).WithoutRepeat()));
    }

    [Theory, EveryServer]
    public async Task A_client_outlives_its_server(RedisFlavor flavor)
    {
        await using RedisServer server = await StartServerAsync(flavor);
        await using IRedisClient redis = await ConnectAsync(server);
        Assert.Equal("before", await redis.EchoAsync("before"));
        await server.KillAsync();
        var down = await Assert.ThrowsAnyAsync<RedisException>(async () => await redis.ExecuteAsync(RedisCommand.Create("INCR", "n").WithTimeout(TimeSpan.FromSeconds(1)), Replies.Integer));
        Assert.True(down.IsTransient, down.Message);
        await server.Primary.StartAsync();
        await Bounded.Until(async () => await ComesBackAsync(redis), "it has connected again");
        Assert.Equal("after", await redis.EchoAsync("after"));
    }

    private static async Task<bool> ComesBackAsync(IRedisClient redis)
    {
        try
        {
            return await redis.EchoAsync("back") == "back";
        }
        catch (RedisException failure) when (failure.IsTransient)
        {
            return false;
        }
    }
}
