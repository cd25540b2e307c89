using System.Collections.Concurrent;
using RedisToolkit.Client;
using RedisToolkit.Testing;

namespace RedisToolkit.Conformance;

/// <summary>However many callers there are, and whatever becomes of some, each gets the reply to its own command.</summary>
public abstract class ConcurrencyTests(ClientUnderTest client) : ConformanceTests(client)
{
    private static readonly LuaScript Mirror = LuaScript.FromText("return ARGV[1]");

    [Theory, EveryServer]
    public async Task No_reply_reaches_the_wrong_caller(RedisFlavor flavor)
    {
        const int Callers = 50, Operations = 500;
        await using IRedisClient redis = await ConnectAsync(flavor);
        string stem = TestServers.NewKey();
        await redis.SetAsync(stem, "text");
        var outcomes = new ConcurrentDictionary<string, int>();
        await Bounded.Within(Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            for (int i = 0; i < Operations; i++)
            {
                string own = $"{caller}:{i}" + (random.Next(50) == 0 ? new string('x', random.Next(40_000)) : string.Empty);
                string outcome = random.Next(10) switch
                {
                    0 => await BatchAsync(redis, own),
                    1 => await TransactionAsync(redis, $"{stem}:{caller}", own),
                    2 => await RefusedAsync(redis, stem),
                    3 or 4 => await CancelledAsync(redis, own, random.Next(30)),
                    5 => await HastyAsync(redis, own),
                    6 => await StoredAsync(redis, $"{stem}:{caller}", own),
                    7 => await ScriptAsync(redis, own),
                    _ => await EchoAsync(redis, own),
                };
                outcomes.AddOrUpdate(outcome, 1, static (_, n) => n + 1);
            }
        }))), 120, "all callers");
        Assert.Equal(Callers * Operations, outcomes.Values.Sum());
        Assert.All((string[])["batch", "transaction", "refused", "cancelled", "stored", "script", "echo"], outcome => Assert.True(outcomes.GetValueOrDefault(outcome) > 0, $"none was {outcome}"));
    }

    private static async Task<string> EchoAsync(IRedisClient redis, string own)
    {
        Assert.Equal(own, await redis.EchoAsync(own));
        return "echo";
    }

    private static async Task<string> BatchAsync(IRedisClient redis, string own)
    {
        var batch = new RedisBatch();
        BatchResult<string?>[] echoes = [.. Enumerable.Range(0, 5).Select(i => batch.Add(RedisCommand.Create("ECHO", $"{own}:{i}"), Replies.Text))];
        await redis.ExecuteAsync(batch);
        for (int i = 0; i < echoes.Length; i++) Assert.Equal($"{own}:{i}", echoes[i].Value);
        return "batch";
    }

    private static async Task<string> TransactionAsync(IRedisClient redis, string key, string own)
    {
        var transaction = new RedisTransaction();
        transaction.Add(RedisStrings.Set(key, own));
        BatchResult<string?> get = transaction.Add(RedisStrings.Get(key));
        Assert.True(await redis.ExecuteAsync(transaction));
        Assert.Equal(own, get.Value);
        return "transaction";
    }

    private static async Task<string> RefusedAsync(IRedisClient redis, string text)
    {
        Assert.Equal(RedisErrorCode.WrongType, (await Assert.ThrowsAsync<RedisServerException>(async () => await redis.ListPushLeftAsync(text, ["x"]))).Code);
        return "refused";
    }

    private static async Task<string> CancelledAsync(IRedisClient redis, string own, int yields)
    {
        using var leave = new CancellationTokenSource();
        Task<string?> echo = redis.EchoAsync(own, leave.Token).AsTask();
        for (; yields > 0; yields--) await Task.Yield();
        await leave.CancelAsync();
        try
        {
            Assert.Equal(own, await echo);
            return "too late to cancel";
        }
        catch (OperationCanceledException e)
        {
            Assert.Equal(leave.Token, e.CancellationToken);
            return "cancelled";
        }
    }

    private static async Task<string> HastyAsync(IRedisClient redis, string own)
    {
        try
        {
            Assert.Equal(own, await redis.ExecuteAsync(RedisCommand.Create("ECHO", own).WithTimeout(TimeSpan.FromMilliseconds(1)), Replies.Text));
            return "in time";
        }
        catch (RedisTimeoutException)
        {
            return "timed out";
        }
    }

    private static async Task<string> StoredAsync(IRedisClient redis, string key, string own)
    {
        await redis.SetAsync(key, own);
        using PooledBytes pooled = await redis.GetPooledAsync(key);
        Assert.Equal(own, System.Text.Encoding.UTF8.GetString(pooled.Span));
        return "stored";
    }

    private static async Task<string> ScriptAsync(IRedisClient redis, string own)
    {
        Assert.Equal(own, await redis.EvaluateAsync(Mirror, [], [own], Replies.Text));
        return "script";
    }
}
