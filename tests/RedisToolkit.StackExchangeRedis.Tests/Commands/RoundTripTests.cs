
namespace RedisToolkit.StackExchangeRedis.Tests.Commands;

public sealed class RoundTripTests
{
    private static readonly byte[] Binary = [.. Enumerable.Range(0, 256).Select(i => (byte)i), 13, 10, 0];

    [Fact]
    public async Task Keys_and_values_of_any_bytes_come_back_as_they_were()
    {
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync();
        byte[] key = [.. Binary, .. Guid.NewGuid().ToByteArray()];
        await redis.SetAsync(key, Binary);
        Assert.Equal(Binary, await redis.GetBytesAsync(key));
        Assert.Equal(Binary, await redis.ExecuteAsync(RedisCommand.Create("GETRANGE", key, 0, -1), Replies.Bytes));
        Assert.Equal(Binary, await redis.ExecuteAsync(RedisCommand.Create("ECHO", Binary), Replies.Bytes));
        Assert.True(await redis.ExecuteAsync(RedisCommand.Create("SET", key, new ReadOnlyMemory<byte>(Binary, 10, 20), "XX"), Replies.Done));
        Assert.Equal(Binary[10..30], await redis.GetBytesAsync(key));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(3_000_000)]
    public async Task A_string_of_any_length_is_read_by_every_reader(int length)
    {
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync();
        string key = TestServers.NewKey();
        byte[] value = new byte[length];
        Random.Shared.NextBytes(value);
        await redis.SetAsync(key, value);
        Assert.Equal(value, await redis.GetBytesAsync(key));
        using (PooledBytes pooled = await redis.GetPooledAsync(key)) Assert.Equal(value, pooled.Span.ToArray());
        Assert.Equal(value, (await redis.ExecuteAsync(RedisCommand.Create("GET", key), Replies.Any)).AsBytes());
        Assert.Equal(value, (await redis.ExecuteAsync(RedisCommand.Create("MGET", key, "missing"), Replies.ArrayOf(Replies.Bytes)))[0]);
        using var copy = new MemoryStream();
        Assert.Equal(length, await redis.CopyToAsync(RedisStrings.GetBytes(key).Command, copy));
        Assert.Equal(value, copy.ToArray());
    }

    [Fact]
    public async Task What_is_absent_reads_as_absent_in_every_shape()
    {
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync();
        Assert.Null(await redis.GetBytesAsync("missing"));
        Assert.Null(await redis.GetAsync("missing"));
        Assert.Null(await redis.CopyToAsync(RedisStrings.GetBytes("missing").Command, Stream.Null));
        // An array that is absent, as a whole and within another.
        Assert.Empty(await redis.ExecuteAsync(RedisCommand.Create("LPOP", "missing", 3), Replies.ArrayOf(Replies.Text)));
        Assert.True((await redis.ExecuteAsync(RedisCommand.Create("XREAD", "STREAMS", "missing", "0"), Replies.Any)).IsNull);
        Assert.True((await redis.ExecuteAsync(RedisCommand.Create("GEOPOS", "missing", "a"), Replies.Any)).Items[0].IsNull);
    }

    [Fact]
    public async Task Integers_arrays_and_errors_within_arrays_keep_their_kinds()
    {
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync();
        RedisReply reply = await redis.ExecuteAsync(
            RedisCommand.Create("EVAL", "return {1, 'two', {3, false}, redis.error_reply('OOPS four'), redis.status_reply('five')}", 0), Replies.Any);
        Assert.Equal([RespKind.Integer, RespKind.BulkString, RespKind.Array, RespKind.Error, RespKind.BulkString], reply.Items.Select(item => item.Kind));
        Assert.Equal("OOPS", reply.Items[3].Error!.Code);
        Assert.True(reply.Items[2].Items[1].IsNull);
        Assert.Equal("five", reply.Items[4].AsText());
        Assert.Equal(-7, await redis.ExecuteAsync(RedisCommand.Create("DECRBY", TestServers.NewKey(), 7), Replies.Integer));
    }

    [Fact]
    public async Task A_reader_that_throws_fails_its_own_command_only()
    {
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync();
        ReplyReader<int> broken = Replies.From<int>((ref RespReader _) => throw new FormatException("no"));
        RedisReplyException failure = await Assert.ThrowsAsync<RedisReplyException>(() => redis.ExecuteAsync(RedisCommand.Create("PING"), broken).AsTask());
        Assert.IsType<FormatException>(failure.InnerException);
        await Assert.ThrowsAsync<RedisReplyException>(() => redis.ExecuteAsync(RedisCommand.Create("PING"), Replies.Integer).AsTask());
        Assert.Equal("PONG", await redis.ExecuteAsync(RedisCommand.Create("PING"), Replies.Text));
    }

    [Fact]
    public async Task A_database_of_its_own_is_used()
    {
        await using StackExchangeRedisClient third = await Servers.ConnectAsync(options: new StackExchangeRedisOptions { Database = 3 });
        await using StackExchangeRedisClient first = await Servers.ConnectAsync();
        string key = TestServers.NewKey();
        await third.SetAsync(key, "there");
        Assert.Null(await first.GetAsync(key));
        Assert.Equal("there", await third.ExecuteAsync(RedisCommand.Create("GETDEL", key), Replies.Text));
    }

    [Fact]
    public async Task A_script_that_the_server_forgot_is_sent_with_its_text()
    {
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync();
        LuaScript script = LuaScript.FromText($"return ARGV[1] .. KEYS[1] -- {Guid.NewGuid()}");
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal("ab", await redis.EvaluateAsync(script, ["b"], ["a"], Replies.Text));
            Assert.Equal("ab", await redis.EvaluateAsync(script, ["b"], ["a"], Replies.Text));
            Assert.True(await redis.ExecuteAsync(RedisCommand.Create("SCRIPT", "FLUSH"), Replies.Done));
        }

        var batch = new RedisBatch();
        BatchResult<string?> first = batch.Add(script.Call(["x"], ["y"]), Replies.Text), second = batch.Add(script.Call(["x"], ["z"]), Replies.Text);
        await redis.ExecuteAsync(batch);
        Assert.Equal(("yx", "zx"), (first.Value, second.Value));
    }

    [Fact]
    public async Task A_capability_is_found_by_trying()
    {
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync();
        Assert.True(await redis.SupportsAsync(RedisCapabilities.HashFieldExpiry));
        Assert.False(await redis.SupportsAsync(new RedisCapability("nothing", RedisCommand.Create("NO.SUCH.COMMAND"))));
    }
}
