using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Scripts;

public sealed class LuaScriptTests
{
    private static readonly LuaScript Add = LuaScript.FromResource(typeof(LuaScriptTests).Assembly, "add.lua");
    private static readonly LuaScript Read = LuaScript.FromText("return redis.call('GET', KEYS[1])").AsReadOnly();
    private static readonly LuaScript Append = LuaScript.FromText("redis.call('APPEND', KEYS[1], ARGV[1]) return redis.call('GET', KEYS[1])");

    public static TheoryData<RedisFlavor> Flavors => Servers.Flavors;

    [Theory]
    [MemberData(nameof(Flavors))]
    public async Task A_script_gets_its_keys_and_arguments(RedisFlavor flavor)
    {
        foreach (RespProtocol protocol in new[] { RespProtocol.Resp2, RespProtocol.Resp3 })
        {
            await using RedisClient redis = await Servers.ConnectAsync(flavor, options => options with { Protocol = protocol });
            LuaScript echo = LuaScript.FromText($"return {{#KEYS, #ARGV, KEYS[1] or '-', KEYS[2] or '-', ARGV[1] or '-', ARGV[2] or '-'}} -- {Guid.NewGuid()}");
            for (int keys = 0; keys <= 3; keys++)
            {
                for (int arguments = 0; arguments <= 3; arguments++)
                {
                    RedisArgument[] k = [.. Enumerable.Range(1, keys).Select(i => (RedisArgument)$"{{k}}{i}")];
                    RedisArgument[] a = [.. Enumerable.Range(1, arguments).Select(i => (RedisArgument)$"a{i}")];
                    string?[] told = await redis.EvaluateAsync(echo, k, a, Replies.ArrayOf(Replies.Text));
                    string?[] expected = [$"{keys}", $"{arguments}", keys > 0 ? "{k}1" : "-", keys > 1 ? "{k}2" : "-", arguments > 0 ? "a1" : "-", arguments > 1 ? "a2" : "-"];
                    Assert.Equal(expected, told);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Flavors))]
    public async Task A_script_that_the_server_has_lost_is_sent_with_its_text(RedisFlavor flavor)
    {
        await using RedisClient redis = await Servers.ConnectAsync(flavor);
        string key = Servers.NewKey();
        for (int i = 1; i <= 3; i++)
        {
            await redis.ExecuteAsync(RedisCommand.Create("SCRIPT", "FLUSH"), Replies.Done);
            Assert.Equal(2 * i - 1, await redis.EvaluateAsync(Add, [key], [1], Replies.Integer));
            Assert.Equal(2 * i, await redis.EvaluateAsync(Add, [key], [1], Replies.Integer));
        }

        await redis.ExecuteAsync(RedisCommand.Create("SCRIPT", "FLUSH"), Replies.Done);
        Assert.Equal("6", await redis.EvaluateAsync(Read, [key], [], Replies.Text));
        Assert.Equal("6", await redis.EvaluateAsync(Read, [key], [], Replies.Text));
    }

    [Fact]
    public async Task Many_callers_lose_no_call_while_scripts_are_flushed_again_and_again()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server);
        string key = Servers.NewKey();
        using var stop = new CancellationTokenSource();
        Task<int> flushing = Task.Run(async () =>
        {
            int flushed = 0;
            for (; !stop.IsCancellationRequested; flushed++) await redis.ExecuteAsync(RedisCommand.Create("SCRIPT", "FLUSH"), Replies.Done);
            return flushed;
        });
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async caller =>
        {
            for (int i = 0; i < 200; i++)
            {
                await redis.EvaluateAsync(Add, [key], [1], Replies.Integer);
                string own = $"{key}:{caller}:{i}";
                Assert.Equal(own, await redis.EvaluateAsync(Append, [own], [own], Replies.Text));
            }
        })).WaitAsync(TimeSpan.FromSeconds(60));
        await stop.CancelAsync();
        Assert.NotEqual(0, await flushing);
        Assert.Equal("10000", await redis.GetAsync(key));
    }

    [Fact]
    public async Task A_script_heals_after_the_server_was_restarted()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server);
        Assert.Equal(1, await redis.EvaluateAsync(Add, ["k"], [1], Replies.Integer));
        await server.RestartAsync(keepData: false);
        Assert.Equal(1, await redis.ExecuteAsync(Add.Call(["k"], [1]).WithTimeout(TimeSpan.FromSeconds(30)), Replies.Integer));
    }

    [Fact]
    public async Task A_script_that_may_write_is_not_sent_again_when_its_reply_was_lost_and_one_that_reads_is()
    {
        RedisServer server = await Servers.GetAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync($"{proxy.Host}:{proxy.Port}");
        string key = Servers.NewKey();
        await redis.EvaluateAsync(Add, [key], [1], Replies.Integer);
        await redis.EvaluateAsync(Read, [key], [], Replies.Text);
        proxy.ToClient.CutAfter(1);
        RedisConnectionException lost = await Assert.ThrowsAsync<RedisConnectionException>(async () => await redis.EvaluateAsync(Add, [key], [1], Replies.Integer));
        Assert.Equal(CommandOutcome.Unknown, lost.Outcome);
        proxy.ToClient.CutAfter(1);
        Assert.Equal("2", await redis.EvaluateAsync(Read, [key], [], Replies.Text));
    }

    [Fact]
    public async Task A_read_only_script_that_writes_is_refused()
    {
        await using RedisClient redis = await Servers.ConnectAsync();
        RedisServerException refused = await Assert.ThrowsAsync<RedisServerException>(async () => await redis.EvaluateAsync(Add.AsReadOnly(), [Servers.NewKey()], [1], Replies.Integer));
        Assert.Contains("Write commands are not allowed", refused.ServerMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sending_the_text_does_not_prolong_the_deadline()
    {
        RedisServer server = await Servers.GetAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync($"{proxy.Host}:{proxy.Port}");
        LuaScript unknown = LuaScript.FromText($"return 1 -- {Guid.NewGuid()}");
        proxy.ToClient.Delay(TimeSpan.FromMilliseconds(1000));
        RedisTimeoutException late = await Assert.ThrowsAsync<RedisTimeoutException>(
            async () => await redis.ExecuteAsync(unknown.Call([], []).WithTimeout(TimeSpan.FromMilliseconds(1100)), Replies.Integer));
        Assert.Equal(TimeSpan.FromMilliseconds(1100), late.Timeout);
    }

    [Fact]
    public async Task A_cancelled_call_of_an_unknown_script_ends_and_the_object_is_used_again()
    {
        await using RedisClient redis = await Servers.ConnectAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async caller =>
        {
            for (int i = 0; i < 50; i++)
            {
                using var source = new CancellationTokenSource();
                LuaScript unknown = LuaScript.FromText($"return '{caller}:{i}' -- {Guid.NewGuid()}");
                Task<string?> call = redis.EvaluateAsync(unknown, [], [], Replies.Text, source.Token).AsTask();
                for (int yields = i % 5; yields > 0; yields--) await Task.Yield();
                if (i % 2 == 0) await source.CancelAsync();
                try
                {
                    Assert.Equal($"{caller}:{i}", await call);
                }
                catch (OperationCanceledException)
                {
                    Assert.Equal(0, i % 2);
                }

                Assert.Equal($"{caller}:{i}", await redis.ExecuteAsync(RedisCommand.Create("ECHO", $"{caller}:{i}"), Replies.Text));
            }
        })).WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Theory]
    [MemberData(nameof(Flavors))]
    public async Task Batches_and_transactions_run_unknown_scripts_in_their_place(RedisFlavor flavor)
    {
        await using RedisClient redis = await Servers.ConnectAsync(flavor);
        string key = Servers.NewKey();
        LuaScript append = LuaScript.FromText($"redis.call('APPEND', KEYS[1], ARGV[1]) return redis.call('GET', KEYS[1]) -- {Guid.NewGuid()}");
        var batch = new RedisBatch();
        batch.Add(RedisStrings.Set(key, "a"));
        BatchResult<string?> first = batch.Add(append.Call([key], ["b"]), Replies.Text);
        batch.Add(RedisCommand.Create("APPEND", key, "c"), Replies.Integer);
        BatchResult<string?> second = batch.Add(append.Call([key], ["d"]), Replies.Text);
        await redis.ExecuteAsync(batch);
        Assert.Equal("ab", first.Value);
        Assert.Equal("abcd", second.Value);

        LuaScript other = LuaScript.FromText($"{append.Text} -- other");
        var transaction = new RedisTransaction();
        transaction.Require(Condition.StringEquals(key, "abcd"));
        BatchResult<string?> third = transaction.Add(other.Call([key], ["e"]), Replies.Text);
        BatchResult<string?> fourth = transaction.Add(other.Call([key], ["f"]), Replies.Text);
        Assert.True(await redis.ExecuteAsync(transaction));
        Assert.Equal("abcde", third.Value);
        Assert.Equal("abcdef", fourth.Value);
    }

    [Fact]
    public void A_script_is_named_by_its_SHA_1()
    {
        Assert.Equal("e0e1f9fabfc9d4800c877a703b823ac0578ff8db", LuaScript.FromText("return 1").Sha1);
        Assert.DoesNotContain("secret", LuaScript.FromText("return 'secret'").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_resource_is_told_with_those_there_are()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => LuaScript.FromResource(typeof(LuaScriptTests).Assembly, "nosuch.lua"));
        Assert.Contains("RedisToolkit.Client.Tests.Scripts.add.lua", error.Message, StringComparison.Ordinal);
        Assert.Equal(Add.Sha1, LuaScript.FromResource(typeof(LuaScriptTests).Assembly, "RedisToolkit.Client.Tests.Scripts.add.lua").Sha1);
    }
}
