using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Scripts;

public sealed class LuaScriptTests
{
    private static readonly LuaScript Add = LuaScript.FromResource(typeof(LuaScriptTests).Assembly, "add.lua");
    private static readonly LuaScript Read = LuaScript.FromText("return redis.call('GET', KEYS[1])").AsReadOnly();
    private static readonly LuaScript Append = LuaScript.FromText("redis.call('APPEND', KEYS[1], ARGV[1]) return redis.call('GET', KEYS[1])");

    public static TheoryData<RedisFlavor> Flavors => Servers.Flavors;

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
