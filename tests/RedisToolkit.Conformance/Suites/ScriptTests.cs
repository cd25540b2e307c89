using RedisToolkit.Client;
using RedisToolkit.Testing;

namespace RedisToolkit.Conformance;

/// <summary>Scripts are sent by their SHA-1, and with their text to a server that does not know them.</summary>
public abstract class ScriptTests(ClientUnderTest client) : ConformanceTests(client)
{
    private static readonly LuaScript Add = LuaScript.FromText("return redis.call('INCRBY', KEYS[1], ARGV[1])");
    private static readonly LuaScript Append = LuaScript.FromText("redis.call('APPEND', KEYS[1], ARGV[1]) return redis.call('GET', KEYS[1])");

    [Theory, EveryServer]
    public async Task A_script_gets_its_keys_and_arguments(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        LuaScript echo = LuaScript.FromText("return {#KEYS, #ARGV, KEYS[1] or '-', KEYS[2] or '-', ARGV[1] or '-', ARGV[2] or '-'}");
        for (int keys = 0; keys <= 3; keys++)
        {
            for (int arguments = 0; arguments <= 3; arguments++)
            {
                RedisArgument[] k = [.. Enumerable.Range(1, keys).Select(i => (RedisArgument)$"{{k}}{i}")];
                RedisArgument[] a = [.. Enumerable.Range(1, arguments).Select(i => (RedisArgument)$"a{i}")];
                string?[] expected = [$"{keys}", $"{arguments}", keys > 0 ? "{k}1" : "-", keys > 1 ? "{k}2" : "-", arguments > 0 ? "a1" : "-", arguments > 1 ? "a2" : "-"];
                Assert.Equal(expected, await redis.EvaluateAsync(echo, k, a, Texts));
            }
        }

        byte[] binary = [0, 13, 10, 255, 128];
        Assert.Equal(binary, await redis.EvaluateAsync(LuaScript.FromText("return ARGV[1]"), [], [binary], Replies.Bytes));
    }

    [Theory, EveryServer]
    public async Task A_script_that_the_server_has_lost_is_sent_with_its_text(RedisFlavor flavor)
    {
        await using RedisServer server = await StartServerAsync(flavor);
        await using IRedisClient redis = await ConnectAsync(server);
        for (int i = 1; i <= 3; i++)
        {
            await server.CommandAsync("SCRIPT", "FLUSH");
            Assert.Equal(2 * i - 1, await redis.EvaluateAsync(Add, ["k"], [1], Replies.Integer));
            Assert.Equal(2 * i, await redis.EvaluateAsync(Add, ["k"], [1], Replies.Integer));
        }
    }

    [Theory, EveryServer]
    public async Task A_script_that_the_server_knows_is_sent_without_its_text(RedisFlavor flavor)
    {
        await using FaultProxy proxy = await (await TestServers.GetAsync(flavor)).StartProxyAsync();
        await using IRedisClient redis = await ConnectAsync(proxy);
        LuaScript large = LuaScript.FromText($"return ARGV[1] -- {Guid.NewGuid()} {new string('x', 100_000)}");
        Assert.Equal("first", await redis.EvaluateAsync(large, [], ["first"], Replies.Text));
        long before = proxy.ToServer.Bytes;
        for (int i = 0; i < 10; i++) Assert.Equal($"{i}", await redis.EvaluateAsync(large, [], [i], Replies.Text));
        Assert.InRange(proxy.ToServer.Bytes - before, 1, 50_000);
    }

    [Theory, EveryServer]
    public async Task Many_callers_lose_no_call_while_scripts_are_flushed_again_and_again(RedisFlavor flavor)
    {
        await using RedisServer server = await StartServerAsync(flavor);
        await using IRedisClient redis = await ConnectAsync(server);
        using var stop = new CancellationTokenSource();
        Task<int> flushing = Task.Run(async () =>
        {
            int flushed = 0;
            for (; !stop.IsCancellationRequested; flushed++) await server.CommandAsync("SCRIPT", "FLUSH");
            return flushed;
        });
        await Bounded.Within(Task.WhenAll(Enumerable.Range(0, 20).Select(async caller =>
        {
            for (int i = 0; i < 50; i++)
            {
                await redis.EvaluateAsync(Add, ["sum"], [1], Replies.Integer);
                string own = $"{caller}:{i}";
                Assert.Equal(own, await redis.EvaluateAsync(Append, [own], [own], Replies.Text));
            }
        })), 60, "all callers");
        await stop.CancelAsync();
        Assert.NotEqual(0, await flushing);
        Assert.Equal("1000", await redis.GetAsync("sum"));
    }

    [Theory, EveryServer]
    public async Task Batches_and_transactions_run_unknown_scripts_in_their_place(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        LuaScript append = LuaScript.FromText($"{Append.Text} -- {Guid.NewGuid()}");
        var batch = new RedisBatch();
        batch.Add(RedisStrings.Set(key, "a"));
        BatchResult<string?> first = batch.Add(append.Call([key], ["b"]), Replies.Text);
        batch.Add(RedisCommand.Create("APPEND", key, "c"), Replies.Integer);
        BatchResult<string?> second = batch.Add(append.Call([key], ["d"]), Replies.Text);
        await redis.ExecuteAsync(batch);
        Assert.Equal(("ab", "abcd"), (first.Value, second.Value));

        LuaScript other = LuaScript.FromText($"{append.Text} -- other");
        var transaction = new RedisTransaction();
        transaction.Require(Condition.StringEquals(key, "abcd"));
        BatchResult<string?> third = transaction.Add(other.Call([key], ["e"]), Replies.Text);
        BatchResult<string?> fourth = transaction.Add(other.Call([key], ["f"]), Replies.Text);
        Assert.True(await redis.ExecuteAsync(transaction));
        Assert.Equal(("abcde", "abcdef"), (third.Value, fourth.Value));
    }

    [Theory, EveryServer]
    public async Task A_read_only_script_reads_and_is_refused_when_it_writes(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        await redis.SetAsync(key, "x");
        LuaScript read = LuaScript.FromText($"return redis.call('GET', KEYS[1]) -- {Guid.NewGuid()}").AsReadOnly();
        for (int i = 0; i < 2; i++) Assert.Equal("x", await redis.EvaluateAsync(read, [key], [], Replies.Text));
        RedisServerException refused = await Assert.ThrowsAsync<RedisServerException>(async () => await redis.EvaluateAsync(Append.AsReadOnly(), [key], ["y"], Replies.Text));
        Assert.Contains("Write commands are not allowed", refused.ServerMessage, StringComparison.Ordinal);
    }

    [Theory, EveryServer]
    public async Task A_function_is_called_and_its_library_is_sent_to_a_server_without_it(RedisFlavor flavor)
    {
        await using RedisServer server = await StartServerAsync(flavor);
        await using IRedisClient redis = await ConnectAsync(server);
        RedisFunctionLibrary library = RedisFunctionLibrary.FromText("#!lua name=conformance\nredis.register_function('add', function(keys, args) return redis.call('INCRBY', keys[1], args[1]) end)");
        for (int i = 1; i <= 2; i++)
        {
            await server.CommandAsync("FUNCTION", "FLUSH");
            Assert.Equal(2 * i - 1, await redis.CallAsync(library, RedisFunctions.Call("add", ["k"], [1]), Replies.Integer));
            Assert.Equal(2 * i, await redis.CallAsync("add", ["k"], [1], Replies.Integer));
        }
    }
}
