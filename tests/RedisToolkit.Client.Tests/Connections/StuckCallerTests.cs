using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Connections;

public sealed class StuckCallerTests
{
    [Fact]
    public async Task A_caller_who_blocks_after_a_loss_does_not_hold_up_the_next_connection()
    {
        RedisServer server = await Servers.GetAsync();
        await using FaultProxy proxy = await server.Primary.StartProxyAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync($"{proxy.Host}:{proxy.Port}");
        string key = Servers.NewKey();
        await redis.SetAsync(key, "1");
        proxy.ToClient.Stall();
        long before = proxy.ToServer.Bytes;
        Task<string?> blocking = Task.Run(() => FailAndBlockAsync(redis, key));
        await Bounded.Until(() => proxy.ToServer.Bytes > before, "the command has left");
        proxy.PassThrough();
        await proxy.DropConnectionsAsync();
        Assert.Equal("1", await blocking.WaitAsync(SubscriptionReading.Bound));
    }

    // Bad manners, but not for a library to punish with a deadlock.
    private static async Task<string?> FailAndBlockAsync(RedisClient redis, string key)
    {
        try
        {
            _ = await redis.ExecuteAsync(RedisCommand.Create("INCR", key + ":n"), Replies.Integer).ConfigureAwait(false);
        }
        catch (RedisConnectionException)
        {
            // runs on, on the thread that told of the loss
        }

        return redis.GetAsync(key).AsTask().GetAwaiter().GetResult();
    }
}
