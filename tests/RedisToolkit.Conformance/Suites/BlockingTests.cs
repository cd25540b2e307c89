using RedisToolkit.Client;
using RedisToolkit.Testing;

namespace RedisToolkit.Conformance;

/// <summary>Commands that wait on the server hold up nobody, and lose nothing when their caller leaves.</summary>
public abstract class BlockingTests(ClientUnderTest client) : ConformanceTests(client)
{
    [Theory, EveryServer, Limited(Limit.Blocking)]
    public async Task A_command_that_blocks_waits_for_what_it_asks_for_and_holds_up_nobody(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        RedisCommand pop = RedisCommand.Create("BLPOP", key, 20);
        RedisCommand read = RedisCommand.Create("XREAD", "BLOCK", 20_000, "STREAMS", key + ":stream", "$");
        if (IsLimited(Limit.Blocking))
        {
            foreach (RedisCommand command in (RedisCommand[])[pop, read, RedisCommand.Create("BRPOP", key, 0), RedisCommand.Create("WAIT", 1, 1000)])
                await RefusesAsync(Limit.Blocking, async () => await redis.ExecuteAsync(command, Replies.Any));
            // Without the words that make it block, it does not.
            Assert.True((await redis.ExecuteAsync(RedisCommand.Create("XREAD", "STREAMS", key + ":stream", "$"), Replies.Any)).IsNull);
            return;
        }

        Task<string?[]> popping = redis.ExecuteAsync(pop, Texts).AsTask();
        Task<RedisReply> reading = redis.ExecuteAsync(read, Replies.Any).AsTask();
        for (int i = 0; i < 50; i++) Assert.Equal($"{i}", await redis.EchoAsync($"{i}"));
        Assert.False(popping.IsCompleted || reading.IsCompleted);
        await redis.ListPushRightAsync(key, ["pushed"]);
        Assert.Equal((string?[])[key, "pushed"], await Bounded.Within(popping, 10, "what was pushed"));
        // The stream's read may begin after an entry, of which it then knows nothing: another one is added.
        await Bounded.Until(
            async () =>
            {
                _ = await redis.ExecuteAsync(RedisCommand.Create("XADD", key + ":stream", "*", "f", "v"), Replies.Text);
                return reading.IsCompleted;
            },
            "what was added");
        Assert.False((await reading).IsNull);
        Assert.Empty(await redis.ExecuteAsync(RedisCommand.Create("BLPOP", key, 0.05), Texts));
    }

    [Theory, EveryServer, Limited(Limit.Blocking)]
    public async Task What_is_handed_out_to_a_caller_who_leaves_just_then_is_not_lost(RedisFlavor flavor)
    {
        const int Rounds = 300;
        await using IRedisClient redis = await ConnectAsync(flavor);
        if (IsLimited(Limit.Blocking)) return;
        string stem = TestServers.NewKey();
        var random = new Random(1);
        int cancelled = 0, handedOut = 0;
        for (int round = 0; round < Rounds; round++)
        {
            string key = $"{stem}:{round}";
            using var leave = new CancellationTokenSource();
            Task<string?[]> pop = redis.ExecuteAsync(RedisCommand.Create("BLPOP", key, 20), Texts, leave.Token).AsTask();
            // In every tenth round he has left before there is anything; in the others it is a close race.
            if (round % 10 == 0)
            {
                await leave.CancelAsync();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Bounded.Within(pop, 20, "a pop of nothing"));
            }

            Task<long> push = redis.ListPushRightAsync(key, ["element"]).AsTask();
            for (int spin = random.Next(60); spin > 0; spin--) await Task.Yield();
            await leave.CancelAsync();
            await push;
            try
            {
                Assert.Equal((string?[])[key, "element"], await Bounded.Within(pop, 20, "a pop that was cancelled"));
                Assert.Null(await redis.ListPopLeftAsync(key));
                handedOut++;
            }
            catch (OperationCanceledException e)
            {
                Assert.Equal(leave.Token, e.CancellationToken);
                Assert.Equal("element", await redis.ListPopLeftAsync(key));
                cancelled++;
            }
        }

        Assert.Equal(Rounds, cancelled + handedOut);
        Assert.True(cancelled >= Rounds / 10, $"{cancelled} were cancelled in time");
    }
}
