using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Connections;

public sealed class FirstSteps
{
    public static TheoryData<RedisFlavor> Flavors => Servers.Flavors;

    [Theory]
    [MemberData(nameof(Flavors))]
    public async Task A_value_that_was_set_is_read_back(RedisFlavor flavor)
    {
        await using RedisClient redis = await Servers.ConnectAsync(flavor);
        string key = Servers.NewKey();
        Assert.Null(await redis.GetAsync(key));
        Assert.True(await redis.SetAsync(key, "värde"));
        Assert.Equal("värde", await redis.GetAsync(key));
    }

    [Fact]
    public async Task Many_callers_on_one_connection_each_get_their_own_reply()
    {
        await using RedisClient redis = await Servers.ConnectAsync();
        string prefix = Servers.NewKey();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(async caller =>
        {
            for (int i = 0; i < 500; i++)
            {
                string value = $"{prefix}:{caller}:{i}";
                Assert.Equal(value, await redis.ExecuteAsync(RedisCommand.Create("ECHO", value), Replies.Text));
            }
        }));
    }
}
