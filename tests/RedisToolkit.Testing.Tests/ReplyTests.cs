namespace RedisToolkit.Testing.Tests;

public sealed class ReplyTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    [Fact]
    public async Task Every_shape_of_reply_is_read()
    {
        var server = fixture.Server;
        Assert.Equal("PONG", (await server.CommandAsync("PING")).Text);
        Assert.Equal(1, (await server.CommandAsync("INCR", "n")).ToInt64());
        Assert.True((await server.CommandAsync("GET", "missing")).IsNull);
        Assert.Equal("nil", (await server.CommandAsync("GET", "missing")).ToString());
        await server.CommandAsync("RPUSH", "list", "a", "", "ü");
        var list = await server.CommandAsync("LRANGE", "list", "0", "-1");
        Assert.Equal(["a", "", "ü"], list.Items.Select(item => item.Text));
        Assert.Null(list.Text);
        Assert.Equal("[a, , ü]", list.ToString());
        Assert.Equal("[0, [list]]", (await server.CommandAsync("SCAN", "0", "MATCH", "list")).ToString());
        Assert.Throws<FormatException>(() => list.ToInt64());
        var script = await server.CommandAsync("EVAL", "return {1, {redis.error_reply('BAD thing')}, false}", "0");
        Assert.True(script.Items[1].Items[0].IsError);
        Assert.Equal("BAD thing", script.Items[1].Items[0].Text);
        Assert.True(script.Items[2].IsNull);
        var error = await Assert.ThrowsAsync<CommandException>(() => server.CommandAsync("LPUSH", "n", "x"));
        Assert.Equal("WRONGTYPE", error.Code);
    }

    [Fact]
    public async Task A_reply_larger_than_the_buffer_is_whole()
    {
        var server = fixture.Server;
        string value = string.Concat(Enumerable.Range(0, 50_000).Select(i => (char)('a' + (i % 26))));
        await server.CommandAsync("SET", "big", value);
        Assert.Equal(value, (await server.CommandAsync("GET", "big")).Text);
        Assert.Equal(50_000, (await server.CommandAsync("GET", "big")).Bytes.Length);
    }

    [Fact]
    public async Task A_command_needs_a_name() => await Assert.ThrowsAsync<ArgumentException>(() => fixture.Server.CommandAsync());
}

public sealed class RedisFixture : IAsyncLifetime
{
    public RedisServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await RedisServer.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
