using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Scripts;

public sealed class RedisFunctionTests
{
    private static readonly RedisFunctionLibrary Stock = RedisFunctionLibrary.FromResource(typeof(RedisFunctionTests).Assembly, "stock.lua");

    public static TheoryData<RedisFlavor> Flavors => Servers.Flavors;

    [Theory]
    [MemberData(nameof(Flavors))]
    public async Task A_loaded_function_is_called(RedisFlavor flavor)
    {
        await using RedisClient redis = await Servers.ConnectAsync(flavor);
        string key = Servers.NewKey();
        Assert.Equal("stock", await redis.LoadFunctionsAsync(Stock));
        Assert.Equal("stock", await redis.LoadFunctionsAsync(Stock));
        Assert.Equal(3, await redis.CallAsync("stock_add", [key], [3], Replies.Integer));
        Assert.Equal("3", await redis.ExecuteAsync(RedisFunctions.CallReadOnly("stock_read", [key], []), Replies.Text));
        RedisServerException exists = await Assert.ThrowsAsync<RedisServerException>(async () => await redis.LoadFunctionsAsync(Stock, replace: false));
        Assert.Contains("already exists", exists.ServerMessage, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Flavors))]
    public async Task A_function_that_the_server_has_lost_is_loaded_and_called(RedisFlavor flavor)
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Flavor = flavor });
        await using RedisClient redis = await Servers.ConnectAsync(server);
        string key = Servers.NewKey();
        for (int i = 1; i <= 3; i++)
        {
            await redis.ExecuteAsync(RedisCommand.Create("FUNCTION", "FLUSH"), Replies.Done);
            Assert.Equal(i, await redis.CallAsync(Stock, RedisFunctions.Call("stock_add", [key], [1]), Replies.Integer));
        }

        await redis.ExecuteAsync(RedisCommand.Create("FUNCTION", "FLUSH"), Replies.Done);
        string?[] read = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => redis.CallAsync(Stock, RedisFunctions.CallReadOnly("stock_read", [key], []), Replies.Text).AsTask()));
        Assert.All(read, value => Assert.Equal("3", value));
    }

    [Fact]
    public async Task A_function_that_its_library_does_not_have_is_an_error()
    {
        await using RedisClient redis = await Servers.ConnectAsync();
        RedisServerException missing = await Assert.ThrowsAsync<RedisServerException>(async () => await redis.CallAsync(Stock, RedisFunctions.Call("nosuch", [], []), Replies.Any));
        Assert.Contains("Function not found", missing.ServerMessage, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(async () => await redis.CallAsync(Stock, RedisCommand.Create("PING"), Replies.Any));
    }

    [Theory]
    [InlineData("return 1")]
    [InlineData("#!lua")]
    [InlineData("#! name=x")]
    [InlineData("#!lua name=")]
    public void A_library_without_its_first_line_is_refused(string code) => Assert.Throws<ArgumentException>(() => RedisFunctionLibrary.FromText(code));

    [Fact]
    public void A_library_knows_its_name()
    {
        RedisFunctionLibrary library = RedisFunctionLibrary.FromText("#!lua name=mine\r\nredis.register_function('f', function() return 1 end)");
        Assert.Equal(("mine", "lua"), (library.Name, library.Engine));
        Assert.Equal("stock", Stock.Name);
    }
}
