using RedisToolkit.Testing;

namespace RedisToolkit.StackExchangeRedis.Tests.Commands;

/// <summary>The objects that wait for replies are used again: nobody gets another's reply, whatever ends before its time.</summary>
public sealed class OwnReplyTests
{
    [Fact]
    public async Task Everybody_gets_his_own_reply_while_others_are_cancelled_or_late()
    {
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        int answered = 0, ended = 0;
        await Task.WhenAll(Enumerable.Range(0, 32).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            for (int i = 0; i < 500; i++)
            {
                string mine = $"{caller}:{i}";
                using var cancelling = new CancellationTokenSource();
                RedisCommand command = RedisCommand.Create("ECHO", mine);
                int fate = random.Next(4);
                if (fate == 0) command = command.WithTimeout(TimeSpan.FromMilliseconds(1));
                ValueTask<string?> reply = redis.ExecuteAsync(command, Replies.Text, cancelling.Token);
                if (fate == 1) _ = Task.Run(cancelling.Cancel, limit.Token);
                try
                {
                    Assert.Equal(mine, await reply);
                    Interlocked.Increment(ref answered);
                }
                catch (Exception exception) when (exception is OperationCanceledException or RedisTimeoutException && fate <= 1)
                {
                    Interlocked.Increment(ref ended);
                }
            }
        }, limit.Token)));
        Assert.Equal(32 * 500, answered + ended);
        Assert.InRange(ended, 1, 32 * 500);
        Assert.True(answered > 32 * 200);
    }

    [Fact]
    public async Task Readers_get_their_own_replies_over_many_lost_connections()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync(server, options: new StackExchangeRedisOptions { CommandTimeout = TimeSpan.FromSeconds(60), MaxRepeats = 10 });
        for (int i = 0; i < 16; i++) await redis.SetAsync($"key:{i}", $"value:{i}");
        using var stop = new CancellationTokenSource();
        int rounds = 0;
        Task[] readers = [.. Enumerable.Range(0, 16).Select(reader => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                Assert.Equal($"value:{reader}", await redis.GetAsync($"key:{reader}"));
                Assert.Equal($"value:{reader}", await redis.ExecuteAsync(RedisCommand.Create("GETRANGE", $"key:{reader}", 0, -1), Replies.Text));
                Interlocked.Increment(ref rounds);
            }
        }))];
        for (int i = 0; i < 5; i++)
        {
            int before = Volatile.Read(ref rounds);
            await Bounded.Until(() => Volatile.Read(ref rounds) > before + 100, "they read");
            await server.CommandAsync("CLIENT", "KILL", "TYPE", "normal");
        }

        await stop.CancelAsync();
        await Task.WhenAll(readers);
    }
}
