namespace RedisToolkit.Client.Tests.Docs;

/// <summary>The code of docs/failures.md.</summary>
public sealed class FailuresSnippets
{
    [Fact]
    public async Task The_code_of_the_page_on_failures_runs()
    {
        await using RedisClient redis = await Servers.ConnectAsync();
        await Outcomes(redis, CancellationToken.None);
        RedisCommand set = RedisCommand.Create("SET", "state", "open").SafeToRepeat();      // twice is the same as once
        RedisCommand read = RedisCommand.Create("GET", "state").WithoutRepeat();            // once, or not at all
        RedisCommand slow = RedisCommand.Create("DBSIZE").WithTimeout(TimeSpan.FromSeconds(30));
        Assert.True(await redis.ExecuteAsync(set, Replies.Done));
        Assert.Equal("open", await redis.ExecuteAsync(read, Replies.Text));
        Assert.InRange(await redis.ExecuteAsync(slow, Replies.Integer), 1, long.MaxValue);
    }

    private static async Task Outcomes(RedisClient redis, CancellationToken cancellationToken)
    {
        try
        {
            _ = await redis.ExecuteAsync(RedisCommand.Create("INCR", "orders"), Replies.Integer, cancellationToken);
        }
        catch (RedisException failure) when (failure.Outcome is CommandOutcome.NotSent)
        {
            // Nothing happened: safe to try again, or to tell the user so.
        }
        catch (RedisException failure) when (failure.Outcome is CommandOutcome.Unknown)
        {
            // It was sent, and the reply never came. Only you know whether twice is harmful.
        }
    }
}
