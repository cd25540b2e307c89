using System.Globalization;
using RedisToolkit.Client;
using RedisToolkit.Testing;

namespace RedisToolkit.Conformance;

/// <summary>A reply becomes what was asked for, whatever the protocol has made of it.</summary>
public abstract class ReplyShapeTests(ClientUnderTest client) : ConformanceTests(client)
{
    [Theory, EveryServer]
    public async Task What_is_absent_is_null_in_every_shape_and_differs_from_empty(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string missing = TestServers.NewKey(), empty = missing + ":empty";
        _ = await redis.SetAsync(empty, "");
        RedisCommand absent = RedisCommand.Create("GET", missing), there = RedisCommand.Create("GET", empty);
        Assert.Null(await redis.ExecuteAsync(absent, Replies.Text));
        Assert.Null(await redis.ExecuteAsync(absent, Replies.Bytes));
        Assert.Null(await redis.ExecuteAsync(absent, Replies.IntegerOrNull));
        Assert.Null(await redis.ExecuteAsync(absent, Replies.DoubleOrNull));
        Assert.Null(await redis.ExecuteAsync(absent, Replies.OrNull(Replies.Any)));
        Assert.True((await redis.ExecuteAsync(absent, Replies.Any)).IsNull);
        using (PooledBytes pooled = await redis.ExecuteAsync(absent, Replies.Pooled)) Assert.True(pooled.IsNull);
        Assert.Equal("", await redis.ExecuteAsync(there, Replies.Text));
        Assert.Empty((await redis.ExecuteAsync(there, Replies.Bytes))!);
        Assert.False((await redis.ExecuteAsync(there, Replies.Any)).IsNull);
        using (PooledBytes pooled = await redis.ExecuteAsync(there, Replies.Pooled)) Assert.Equal((false, 0), (pooled.IsNull, pooled.Length));
        // An array that is absent: nothing to pop within the time.
        Assert.Empty(await redis.ExecuteAsync(RedisCommand.Create("LPOP", missing, 2), Texts));
    }

    [Theory, EveryServer]
    public async Task Integers_keep_all_their_digits(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        foreach (long number in (long[])[0, -1, 42, int.MaxValue, (long)int.MaxValue + 1, long.MaxValue, long.MinValue + 1, long.MinValue])
        {
            _ = await redis.SetAsync(key, number);
            Assert.Equal(number, await redis.ExecuteAsync(RedisCommand.Create("INCRBY", key, 0), Replies.Integer));
            Assert.Equal(number, await redis.ExecuteAsync(RedisCommand.Create("GET", key), Replies.Integer));
            Assert.Equal(number, await redis.ExecuteAsync(RedisCommand.Create("GET", key), Replies.IntegerOrNull));
            Assert.Equal(number, (await redis.ExecuteAsync(RedisCommand.Create("INCRBY", key, 0), Replies.Any)).AsInt64());
            Assert.Equal(number.ToString(CultureInfo.InvariantCulture), await redis.ExecuteAsync(RedisCommand.Create("INCRBY", key, 0), Replies.Text));
        }
    }

    [Theory, EveryServer]
    public async Task Doubles_written_as_scores_come_back_the_same(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        double[] numbers = [0, -0.0, 0.1, 1.0 / 3, 1e21, 1e-7, 123456789.125, double.Epsilon, double.MaxValue, double.MinValue, double.PositiveInfinity, double.NegativeInfinity];
        foreach (double number in numbers)
        {
            _ = await redis.ExecuteAsync(RedisCommand.Create("ZADD", key, number, "member"), Replies.Integer);
            Assert.Equal(number, await redis.ExecuteAsync(RedisCommand.Create("ZSCORE", key, "member"), Replies.Double));
            Assert.Equal(number, await redis.ExecuteAsync(RedisCommand.Create("ZSCORE", key, "member"), Replies.DoubleOrNull));
            (string? Member, double Score) only = Assert.Single(await redis.ExecuteAsync(RedisCommand.Create("ZRANGE", key, 0, -1, "WITHSCORES"), Replies.PairsOf(Replies.Text, Replies.Double)));
            Assert.Equal(("member", number), only);
        }
    }

    [Theory, EveryServer]
    public async Task Yes_and_no_are_read_however_a_command_says_them(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        Assert.True(await redis.ExecuteAsync(RedisCommand.Create("SET", key, "1", "NX"), Replies.Boolean));
        Assert.False(await redis.ExecuteAsync(RedisCommand.Create("SET", key, "1", "NX"), Replies.Boolean));
        Assert.True(await redis.ExecuteAsync(RedisCommand.Create("EXISTS", key), Replies.Boolean));
        Assert.False(await redis.ExecuteAsync(RedisCommand.Create("EXISTS", key + ":missing"), Replies.Boolean));
        Assert.True(await redis.ExecuteAsync(RedisCommand.Create("GET", key), Replies.Boolean));
        Assert.Equal((bool[])[true, false], await redis.ExecuteAsync(RedisCommand.Create("SCRIPT", "EXISTS", await LoadAsync(redis, "return 1"), new string('0', 40)), Replies.ArrayOf(Replies.Boolean)));
        Assert.True(await redis.ExecuteAsync(RedisCommand.Create("DBSIZE"), Replies.Done));
    }

    [Theory, EveryServer]
    public async Task Arrays_keep_their_order_their_holes_and_their_depth(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        _ = await redis.SetAsync(key, "there");
        Assert.Equal((string?[])["there", null, "there"], await redis.ExecuteAsync(RedisCommand.Create("MGET", key, key + ":missing", key), Texts));
        Assert.Empty(await redis.ExecuteAsync(RedisCommand.Create("LRANGE", key + ":missing", 0, -1), Texts));
        Assert.Equal((long[][])[[1], [], [2, 3]], await redis.ExecuteAsync(RedisCommand.Create("EVAL", "return {{1}, {}, {2, 3}}", 0), Replies.ArrayOf(Replies.ArrayOf(Replies.Integer))));
        RedisReply nested = await redis.ExecuteAsync(RedisCommand.Create("EVAL", "local t = 'core' for i = 1, 20 do t = {i, t} end return t", 0), Replies.Any);
        for (int depth = 20; depth >= 1; depth--)
        {
            Assert.Equal((2, depth), (nested.Items.Count, nested.Items[0].AsInt64()));
            nested = nested.Items[1];
        }

        Assert.Equal("core", nested.AsText());
        long[] many = await redis.ExecuteAsync(RedisCommand.Create("EVAL", "local t = {} for i = 1, 7000 do t[i] = i end return t", 0), Replies.ArrayOf(Replies.Integer));
        Assert.Equal(Enumerable.Range(1, 7000).Select(i => (long)i), many);
    }

    [Theory, EveryServer]
    public async Task Maps_pairs_and_tuples_are_read_alike_whether_they_are_flat_or_nested(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        _ = await redis.ExecuteAsync(RedisCommand.Create("HSET", key, "a", 1, "b", 2), Replies.Integer);
        Assert.Equal(new Dictionary<string, long> { ["a"] = 1, ["b"] = 2 }, await redis.ExecuteAsync(RedisCommand.Create("HGETALL", key), Replies.MapOf(Replies.Text, Replies.Integer)));
        Assert.Empty(await redis.ExecuteAsync(RedisCommand.Create("HGETALL", key + ":missing"), Replies.MapOf(Replies.Text, Replies.Integer)));
        Assert.Equal("noeviction", (await redis.ExecuteAsync(RedisCommand.Create("CONFIG", "GET", "maxmemory-policy"), Replies.MapOf(Replies.Text, Replies.Text)))["maxmemory-policy"]);
        _ = await redis.ExecuteAsync(RedisCommand.Create("ZADD", key + ":z", 1, "one", 2.5, "more"), Replies.Integer);
        RedisCommand range = RedisCommand.Create("ZRANGE", key + ":z", 0, -1, "WITHSCORES");
        Assert.Equal([("one", 1), ("more", 2.5)], await redis.ExecuteAsync(range, Replies.PairsOf(Replies.Text, Replies.Double)));
        (long seconds, long microseconds) = await redis.ExecuteAsync(RedisCommand.Create("TIME"), Replies.TupleOf(Replies.Integer, Replies.Integer));
        Assert.True(seconds > 1_700_000_000 && microseconds is >= 0 and < 1_000_000, $"{seconds}, {microseconds}");
        Assert.Equal((1, "x", 2.5), await redis.ExecuteAsync(RedisCommand.Create("EVAL", "return {1, 'x', '2.5'}", 0), Replies.TupleOf(Replies.Integer, Replies.Text, Replies.Double)));
    }

    [Theory, EveryServer]
    public async Task What_a_script_answers_in_the_newer_protocol_is_read_in_both(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        Assert.Equal(3, await Eval("return 3.9", Replies.Integer));
        Assert.Null(await Eval("return false", Replies.Text));
        Assert.Equal("tXtX", await Eval("return {ok='tXtX'}", Replies.Text));
        // Servers keep line breaks out of status lines and errors; a reply could not be found behind them.
        Assert.Equal("a  b", await Eval("return {ok='a\\r\\nb'}", Replies.Text));
        Assert.Equal("ERR", (await Assert.ThrowsAsync<RedisServerException>(async () => await Eval("return {err='a\\r\\nb'}", Replies.Text))).Code);
        Assert.Equal(1.5, await Eval("redis.setresp(3) return {double=1.5}", Replies.Double));
        Assert.Equal(double.PositiveInfinity, await Eval("redis.setresp(3) return {double=math.huge}", Replies.Double));
        Assert.True(await Eval("redis.setresp(3) return true", Replies.Boolean));
        Assert.False(await Eval("redis.setresp(3) return false", Replies.Boolean));
        Assert.Equal(new Dictionary<string, long> { ["a"] = 1 }, await Eval("redis.setresp(3) return {map={a=1}}", Replies.MapOf(Replies.Text, Replies.Integer)));
        Assert.Equal("x", (await Eval("redis.setresp(3) return {set={x=true}}", Texts)).Single());
        Assert.Equal("12345678901234567890", await Eval("redis.setresp(3) return {big_number='12345678901234567890'}", Replies.Text));
        Assert.Equal("some text", await Eval("redis.setresp(3) return {verbatim_string={string='some text', format='txt'}}", Replies.Text));

        ValueTask<T> Eval<T>(string script, ReplyReader<T> shape) => redis.ExecuteAsync(RedisCommand.Create("EVAL", script, 0), shape);
    }

    [Theory, EveryServer, Limited(Limit.ReplyKinds)]
    public async Task A_reply_tells_of_what_kind_it_was(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        Assert.True(await redis.SetAsync(key, "OK"));
        RedisReply status = await redis.ExecuteAsync(RedisCommand.Create("TYPE", key), Replies.Any);
        RedisReply text = await redis.ExecuteAsync(RedisCommand.Create("GET", key), Replies.Any);
        RedisReply number = await redis.ExecuteAsync(RedisCommand.Create("STRLEN", key), Replies.Any);
        RedisReply none = await redis.ExecuteAsync(RedisCommand.Create("GET", key + ":missing"), Replies.Any);
        Assert.Equal(("string", "OK", 2), (status.AsText(), text.AsText(), number.AsInt64()));
        Assert.Equal((RespKind.BulkString, RespKind.Null), (text.Kind, none.Kind));
        if (IsLimited(Limit.ReplyKinds))
        {
            Assert.Equal(RespKind.BulkString, status.Kind);
            return;
        }

        Assert.Equal((RespKind.SimpleString, RespKind.Integer), (status.Kind, number.Kind));
    }

    [Theory, EveryServer, Limited(Limit.NestedErrors)]
    public async Task An_error_within_an_array_stands_in_its_place(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        RedisCommand mixed = RedisCommand.Create("EVAL", "return {1, redis.error_reply('MINE inner'), 'x'}", 0);
        // Who reads it as a number gets it as an exception, limited or not.
        RedisServerException thrown = await Assert.ThrowsAsync<RedisServerException>(async () => await redis.ExecuteAsync(mixed, Replies.ArrayOf(Replies.Integer)));
        Assert.Equal(("MINE", "MINE inner"), (thrown.Code, thrown.ServerMessage));
        if (IsLimited(Limit.NestedErrors))
        {
            thrown = await Assert.ThrowsAsync<RedisServerException>(async () => await redis.ExecuteAsync(mixed, Replies.Any));
            Assert.Equal("MINE", thrown.Code);
            return;
        }

        RedisReply all = await redis.ExecuteAsync(mixed, Replies.Any);
        Assert.Equal(1, all.Items[0].AsInt64());
        Assert.Equal(("MINE", "MINE inner"), (all.Items[1].Error!.Code, all.Items[1].Error!.ServerMessage));
        Assert.Equal("x", all.Items[2].AsText());
    }

    [Theory, EveryServer]
    public async Task A_reply_of_another_shape_is_an_error_of_its_own_command_only(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        RedisCommand text = RedisCommand.Create("ECHO", "no number"), array = RedisCommand.Create("TIME");
        foreach (Func<Task> read in (Func<Task>[])
        [
            async () => await redis.ExecuteAsync(text, Replies.Integer),
            async () => await redis.ExecuteAsync(text, Replies.Double),
            async () => await redis.ExecuteAsync(text, Replies.Boolean),
            async () => await redis.ExecuteAsync(text, Texts),
            async () => await redis.ExecuteAsync(array, Replies.Text),
            async () => await redis.ExecuteAsync(array, Replies.TupleOf(Replies.Text, Replies.Text, Replies.Text)),
            async () => await redis.ExecuteAsync(RedisCommand.Create("EVAL", "return {1, 2, 3}", 0), Replies.PairsOf(Replies.Text, Replies.Text)),
        ])
        {
            RedisReplyException shape = await Assert.ThrowsAsync<RedisReplyException>(read);
            Assert.Equal((CommandOutcome.Executed, false), (shape.Outcome, shape.IsTransient));
        }

        Assert.Equal("next", await redis.EchoAsync("next"));
    }

    [Theory, EveryServer]
    public async Task A_reader_of_ones_own_reads_a_reply_and_may_fail_alone(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        ReplyReader<int> lengths = Replies.From(static (ref RespReader reader) =>
        {
            int sum = 0;
            for (int left = reader.ReadArrayHeader(); left > 0; left--) sum += reader.TryReadNull() ? 100 : reader.ReadSpan().Length;
            return sum;
        });
        string key = TestServers.NewKey();
        _ = await redis.SetAsync(key, "1234");
        Assert.Equal(108, await redis.ExecuteAsync(RedisCommand.Create("MGET", key, key + ":missing", key), lengths));
        ReplyReader<string> faulty = Replies.From<string>(static (ref RespReader _) => throw new FormatException("a reader's own fault"));
        RedisReplyException read = await Assert.ThrowsAsync<RedisReplyException>(async () => await redis.ExecuteAsync(RedisCommand.Create("ECHO", "x"), faulty));
        Assert.IsType<FormatException>(read.InnerException);
        Assert.Equal("next", await redis.EchoAsync("next"));
    }

    private static async Task<string> LoadAsync(IRedisClient redis, string script) => (await redis.ExecuteAsync(RedisCommand.Create("SCRIPT", "LOAD", script), Replies.Text))!;
}
