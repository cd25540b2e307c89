using RedisToolkit.Client.Tests.Faults;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Pool;

public sealed class CancelledPopTests
{
    public static TheoryData<RespProtocol> Protocols => [RespProtocol.Auto, RespProtocol.Resp2];

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task What_is_popped_for_a_caller_who_leaves_just_then_is_not_lost(RespProtocol protocol)
    {
        const int Rounds = 2_500;
        const int Poppers = 8;
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server, o => o with { Protocol = protocol });
        string key = Servers.NewKey();
        var returned = new System.Collections.Concurrent.ConcurrentBag<string>();
        int cancelled = 0;
        int left = Rounds;
        Task[] poppers = [.. Enumerable.Range(0, Poppers).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            while (Interlocked.Decrement(ref left) >= 0)
            {
                using var leave = new CancellationTokenSource();
                Task<string?[]> pop = redis.ExecuteAsync(RedisCommand.Create("BLPOP", key, 30), Wire.Texts, leave.Token).AsTask();
                Spin(random.Next(400));
                if (random.Next(4) == 0) await Task.Yield();
                await leave.CancelAsync();
                try
                {
                    returned.Add((await Bounded.Within(pop, 20, "a pop that was cancelled"))[1]!);
                }
                catch (OperationCanceledException e)
                {
                    Assert.Equal(leave.Token, e.CancellationToken);
                    Interlocked.Increment(ref cancelled);
                }
            }
        }))];
        int pushed = 0;
        using var stop = new CancellationTokenSource();
        Task pusher = Task.Run(async () =>
        {
            var random = new Random(99);
            while (!stop.IsCancellationRequested)
            {
                await redis.ExecuteAsync(RedisCommand.Create("RPUSH", key, $"{pushed++}"), Replies.Done);
                Spin(random.Next(300));
            }
        });
        await Bounded.Within(Task.WhenAll(poppers), 60, "all rounds");
        await stop.CancelAsync();
        await Bounded.Within(pusher, 10, "the pusher");

        string?[] rest = await redis.ExecuteAsync(RedisCommand.Create("LRANGE", key, 0, -1), Wire.Texts);
        Assert.Equal(Enumerable.Range(0, pushed).Order(), returned.Concat(rest).Select(e => int.Parse(e!, System.Globalization.CultureInfo.InvariantCulture)).Order());
        Assert.NotEqual(0, cancelled);
        Assert.NotEmpty(returned);
    }

    private static void Spin(int microseconds)
    {
        long until = System.Diagnostics.Stopwatch.GetTimestamp() + (microseconds * System.Diagnostics.Stopwatch.Frequency / 1_000_000);
        while (System.Diagnostics.Stopwatch.GetTimestamp() < until) Thread.SpinWait(10);
    }
}
