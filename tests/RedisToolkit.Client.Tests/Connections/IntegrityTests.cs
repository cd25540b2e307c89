using RedisToolkit.Client.Tests.Faults;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Connections;

public sealed class IntegrityTests
{
    [Theory]
    [InlineData(Middlebox.Fate.DropReply)]
    [InlineData(Middlebox.Fate.DoubleReply)]
    internal async Task A_reply_that_is_lost_or_added_on_the_way_is_noticed_and_reaches_nobody(Middlebox.Fate fate)
    {
        await using RedisServer server = await RedisServer.StartAsync();
        for (int i = 0; i < 10; i++) await server.CommandAsync("SET", $"k{i}", $"v{i}");
        int at = 0;
        await using var between = new Middlebox(server.EndPoint, (command, seen) => command == "GET" && seen == Volatile.Read(ref at) ? fate : Middlebox.Fate.Pass);
        for (int round = 0; round < 20; round++)
        {
            Volatile.Write(ref at, between.Seen("GET") + round % 10);
            await using RedisClient redis = await RedisClient.ConnectAsync(Wire.At(between.Port) with { VerifyReplies = true, CommandTimeout = TimeSpan.FromSeconds(10), HeartbeatTimeout = TimeSpan.FromSeconds(1) });
            Task<string?>[] gets = [.. Enumerable.Range(0, 10).Select(i => redis.ExecuteAsync(RedisCommand.Create("GET", $"k{i}").WithoutRepeat(), Replies.Text).AsTask())];
            int lost = 0;
            for (int i = 0; i < gets.Length; i++)
            {
                try
                {
                    Assert.Equal($"v{i}", await Bounded.Within(gets[i], 20, "a read"));
                }
                catch (RedisConnectionException e)
                {
                    // Where the last reply was dropped nothing comes behind it that could be wrong: the marker stays away.
                    Assert.True(e.Failure == ConnectionFailure.Protocol || (fate == Middlebox.Fate.DropReply && e.Failure == ConnectionFailure.Silent), $"{e}");
                    if (e.Failure == ConnectionFailure.Protocol) Assert.Contains("RedisClientOptions.VerifyReplies", e.Message, StringComparison.Ordinal);
                    lost++;
                }
            }

            Assert.NotEqual(0, lost);
            Assert.Equal("v1", await redis.GetAsync("k1"));
        }
    }

    [Fact]
    public async Task Checked_replies_reach_their_callers_through_losses_and_refusals()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync(proxy.OptionsFor() with { VerifyReplies = true });
        await redis.SetAsync("k", "v");
        await redis.ExecuteAsync(RedisCommand.Create("LPUSH", "list", "a"), Replies.Done);
        var random = new Random(5);
        for (int round = 0; round < 20; round++)
        {
            proxy.ToClient.CutAfter(random.Next(600));
            await Bounded.Within(Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
            {
                if (i % 4 == 0) await Assert.ThrowsAsync<RedisServerException>(() => redis.GetAsync("list").AsTask());
                else Assert.Equal("v", await redis.GetAsync("k"));
            })), 20, "all reads");
        }
    }
}
