using System.Text;
using FsCheck.Fluent;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Commands;

/// <summary>What is sent to a real server comes back the same.</summary>
public sealed class RoundTripTests
{
    public static TheoryData<RedisFlavor> Flavors => Servers.Flavors;

    [Theory]
    [MemberData(nameof(Flavors))]
    public async Task A_server_echoes_every_argument_as_it_was_meant(RedisFlavor flavor)
    {
        await using RedisClient redis = await Servers.ConnectAsync(flavor);
        Meant[] all = [.. Arguments.Any.Sample(500, 60)];
        await Task.WhenAll(all.Select(async meant =>
            Assert.Equal(meant.Bytes, await redis.ExecuteAsync(RedisCommand.Create("ECHO", meant.Argument), Replies.Bytes))));
    }

    [Theory]
    [MemberData(nameof(Flavors))]
    public async Task A_server_keeps_every_key_and_value_as_it_was_meant(RedisFlavor flavor)
    {
        await using RedisClient redis = await Servers.ConnectAsync(flavor);
        byte[] prefix = Encoding.UTF8.GetBytes(Servers.NewKey());
        Meant[] all = [.. Arguments.Any.Sample(300, 60)];
        await Task.WhenAll(all.Select(async (meant, i) =>
        {
            byte[] key = [.. prefix, .. BitConverter.GetBytes(i), .. meant.Bytes];
            Assert.True(await redis.ExecuteAsync(RedisCommand.Create("SET", key, meant.Argument), Replies.Boolean));
            Assert.Equal(meant.Bytes, await redis.ExecuteAsync(RedisCommand.Create("GET", key), Replies.Bytes));
            using PooledBytes pooled = await redis.ExecuteAsync(RedisCommand.Create("GET", key), Replies.Pooled);
            Assert.Equal(meant.Bytes, pooled.Span.ToArray());
            Assert.Equal(Encoding.UTF8.GetString(meant.Bytes), await redis.ExecuteAsync(RedisCommand.Create("GET", key), Replies.Text));
        }));
    }

    [Theory]
    [MemberData(nameof(Flavors))]
    public async Task Values_of_every_size_around_the_buffers_come_back_whole(RedisFlavor flavor)
    {
        await using RedisClient redis = await Servers.ConnectAsync(flavor);
        string key = Servers.NewKey();
        var random = new Random(1);
        foreach (int size in (int[])[0, 1, 32 * 1024 - 1, 32 * 1024, 32 * 1024 + 1, 64 * 1024 - 20, 64 * 1024, 64 * 1024 + 1, 1024 * 1024, 1024 * 1024 + 1, 5_000_000])
        {
            byte[] value = new byte[size];
            random.NextBytes(value);
            _ = await redis.ExecuteAsync(RedisCommand.Create("SET", key, value), Replies.Done);
            // Several at once, so that long strings follow and precede others in the same receive.
            Task<byte[]?>[] reads = [.. Enumerable.Range(0, 4).Select(_ => redis.ExecuteAsync(RedisCommand.Create("GET", key), Replies.Bytes).AsTask())];
            Task<string?> echo = redis.ExecuteAsync(RedisCommand.Create("ECHO", "between"), Replies.Text).AsTask();
            using PooledBytes pooled = await redis.ExecuteAsync(RedisCommand.Create("GET", key), Replies.Pooled);
            Assert.True(pooled.Span.SequenceEqual(value));
            Assert.Equal("between", await echo);
            foreach (Task<byte[]?> read in reads) Assert.True((await read).AsSpan().SequenceEqual(value));
        }
    }

    [Theory]
    [MemberData(nameof(Flavors))]
    public async Task Doubles_written_as_scores_come_back_the_same(RedisFlavor flavor)
    {
        await using RedisClient redis = await Servers.ConnectAsync(flavor);
        string key = Servers.NewKey();
        double[] numbers = [0, -0.0, 0.1, 1.0 / 3, 1e21, 1e-7, 123456789.125, double.Epsilon, double.MaxValue, double.MinValue, double.PositiveInfinity, double.NegativeInfinity];
        foreach (double number in numbers)
        {
            _ = await redis.ExecuteAsync(RedisCommand.Create("ZADD", key, number, "member"), Replies.Integer);
            Assert.Equal(number, await redis.ExecuteAsync(RedisCommand.Create("ZSCORE", key, "member"), Replies.Double));
            (string? Member, double Score) only = Assert.Single(await redis.ExecuteAsync(RedisCommand.Create("ZRANGE", key, 0, -1, "WITHSCORES"), Replies.PairsOf(Replies.Text, Replies.Double)));
            Assert.Equal(("member", number), only);
        }
    }

    [Theory]
    [MemberData(nameof(Flavors))]
    public async Task An_argument_that_cannot_be_sent_disturbs_no_other_command(RedisFlavor flavor)
    {
        await using RedisClient redis = await Servers.ConnectAsync(flavor, options => options with { MaxArgumentBytes = 1024 });
        await Task.WhenAll(Enumerable.Range(0, 300).Select(async i =>
        {
            RedisArgument bad = (i % 3) switch { 0 => "half\ud800", 1 => new byte[1025], _ => "fine" };
            ValueTask<string?> reply = redis.ExecuteAsync(RedisCommand.Create("ECHO", bad), Replies.Text);
            if (i % 3 == 2) Assert.Equal("fine", await reply);
            else await Assert.ThrowsAsync<ArgumentException>(async () => await reply);
        }));
        Assert.Equal("still here", await redis.ExecuteAsync(RedisCommand.Create("ECHO", "still here"), Replies.Text));
    }

    [Theory]
    [MemberData(nameof(Flavors))]
    public async Task Every_kind_that_a_script_can_answer_is_read_in_both_protocols(RedisFlavor flavor)
    {
        foreach (RespProtocol protocol in (RespProtocol[])[RespProtocol.Resp2, RespProtocol.Resp3])
        {
            await using RedisClient redis = await Servers.ConnectAsync(flavor, options => options with { Protocol = protocol });
            Assert.Equal(3, await Eval("return 3.9", Replies.Integer));
            Assert.Null(await Eval("return false", Replies.Text));
            Assert.Equal("tXtX", await Eval("return {ok='tXtX'}", Replies.Text));
            // Servers keep line breaks out of status lines and errors; a reply could not be found behind them.
            Assert.Equal("a  b", await Eval("return {ok='a\\r\\nb'}", Replies.Text));
            Assert.Equal("ERR", (await Assert.ThrowsAsync<RedisServerException>(async () => await Eval("return {err='a\\r\\nb'}", Replies.Text))).Code);
            Assert.Equal("1 2", string.Join(' ', await Eval("return {1, 2}", Replies.ArrayOf(Replies.Integer))));
            Assert.Equal(1.5, await Eval("redis.setresp(3) return {double=1.5}", Replies.Double));
            Assert.Equal(double.PositiveInfinity, await Eval("redis.setresp(3) return {double=math.huge}", Replies.Double));
            Assert.True(await Eval("redis.setresp(3) return true", Replies.Boolean));
            Assert.False(await Eval("redis.setresp(3) return false", Replies.Boolean));
            Assert.Equal(new Dictionary<string, long> { ["a"] = 1 }, await Eval("redis.setresp(3) return {map={a=1}}", Replies.MapOf(Replies.Text, Replies.Integer)));
            Assert.Equal("x", (await Eval("redis.setresp(3) return {set={x=true}}", Replies.ArrayOf(Replies.Text))).Single());
            Assert.Equal("12345678901234567890", await Eval("redis.setresp(3) return {big_number='12345678901234567890'}", Replies.Text));
            Assert.Equal("some text", await Eval("redis.setresp(3) return {verbatim_string={string='some text', format='txt'}}", Replies.Text));

            ValueTask<T> Eval<T>(string script, ReplyReader<T> shape) => redis.ExecuteAsync(RedisCommand.Create("EVAL", script, 0), shape);
        }
    }
}
