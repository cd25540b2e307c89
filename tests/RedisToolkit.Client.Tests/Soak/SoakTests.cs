using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using RedisToolkit.Client.Tests.Faults;
using RedisToolkit.Testing;
using Xunit.Abstractions;

namespace RedisToolkit.Client.Tests.Soak;

/// <summary>
/// Two hundred callers while connections are cut, stalled, split and killed, commands are cancelled, and the server is killed
/// and started again. The long form (10 million commands) runs where REDISTOOLKIT_LONG_TESTS is 1.
/// </summary>
[Collection(nameof(Alone))]
public sealed class SoakTests(ITestOutputHelper output)
{
    private const int Callers = 200;
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("REDISTOOLKIT_LONG_TESTS") == "1";
    private readonly ConcurrentDictionary<string, long> _outcomes = new();
    private long _done;
    private long _replies;

    [Fact]
    public async Task Every_caller_gets_its_own_reply_or_an_error_whatever_happens_and_nothing_is_left_behind()
    {
        long commands = IsLong ? 10_000_000 : 200_000;
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Persistence = RedisPersistence.AppendOnly });
        await using FaultProxy proxy = await server.StartProxyAsync();
        RedisClient redis = await RedisClient.ConnectAsync(proxy.OptionsFor() with
        {
            CommandTimeout = TimeSpan.FromSeconds(3),
            HeartbeatInterval = TimeSpan.FromMilliseconds(200),
            HeartbeatTimeout = TimeSpan.FromMilliseconds(500),
            ConnectTimeout = TimeSpan.FromSeconds(1),
        });
        for (int caller = 0; caller < Callers; caller++) await redis.SetAsync($"own:{caller}", $"value of {caller}");

        // Other tests share the process: what they hold is not this one's.
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long started = Stopwatch.GetTimestamp();
        using var stop = new CancellationTokenSource();
        Task faults = Task.Run(() => FaultsAsync(server, proxy, stop.Token));
        Task[] callers = [.. Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(redis, caller, commands / Callers)))];
        var heaps = new List<long>();
        Task all = Task.WhenAll(callers);
        long last = 0;
        while (!all.IsCompleted)
        {
            await Task.WhenAny(all, Task.Delay(TimeSpan.FromSeconds(IsLong ? 10 : 2)));
            long done = Interlocked.Read(ref _done);
            Assert.True(done > last || all.IsCompleted, $"No progress beyond {done} commands.");
            last = done;
            heaps.Add(GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        await all;
        await stop.CancelAsync();
        await Bounded.Within(faults, 60, "the faults");
        proxy.PassThrough();
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await Bounded.Until(async () => await Record.ExceptionAsync(() => redis.EchoAsync("x").AsTask()) is null, "all is well again");
        await Bounded.Within(redis.DisposeAsync().AsTask(), 15, "the disposal");
        await server.ConnectionsFallToAsync(0);

        string figures = string.Create(
            CultureInfo.InvariantCulture,
            $"{_done} commands in {seconds:0.0} s, {proxy.ConnectionsAccepted} connections; {string.Join(", ", _outcomes.OrderByDescending(o => o.Value).Select(o => $"{o.Key} {o.Value}"))}; heap growth MB {string.Join(" ", heaps.Select(h => (h / 1048576.0).ToString("0.0", CultureInfo.InvariantCulture)))}");
        output.WriteLine(figures);
        Assert.Equal(commands, _done);
        Assert.True(_replies > commands / 2, figures);
        // Two hundred callers and their largest values need little; growth by the command would be far beyond this.
        Assert.True(heaps.Max() < 64 << 20, figures);
        if (heaps.Count >= 8) Assert.True(heaps.Skip(heaps.Count / 2).Average() < heaps.Take(heaps.Count / 2).Average() + (8 << 20), figures);
    }

    private async Task CallAsync(RedisClient redis, int caller, long commands)
    {
        var random = new Random(caller);
        for (long i = 0; i < commands; i++)
        {
            string text = string.Create(CultureInfo.InvariantCulture, $"{caller}:{i}:");
            if (random.Next(200) == 0) text += new string('x', random.Next(50_000));
            using CancellationTokenSource? leave = random.Next(50) == 0 ? new CancellationTokenSource() : null;
            if (leave is not null && random.Next(2) == 0) leave.CancelAfter(random.Next(3));
            int kind = random.Next(20);
            string outcome;
            try
            {
                outcome = await CommandAsync(redis, caller, text, kind, leave);
                Interlocked.Increment(ref _replies);
            }
            catch (OperationCanceledException e) when (leave is not null && e.CancellationToken == leave.Token)
            {
                outcome = "cancelled";
            }
            catch (RedisException e)
            {
                outcome = $"{e.GetType().Name}/{e.Outcome}";
            }
            catch (ArgumentException) when (kind == 19)
            {
                outcome = "unspeakable";
            }

            _outcomes.AddOrUpdate(outcome, 1, static (_, n) => n + 1);
            Interlocked.Increment(ref _done);
        }
    }

    private static async Task<string> CommandAsync(RedisClient redis, int caller, string text, int kind, CancellationTokenSource? leave)
    {
        CancellationToken token = leave?.Token ?? default;
        switch (kind)
        {
            case < 8:
                Task<string?> get = redis.GetAsync($"own:{caller}", token).AsTask();
                if (leave is not null) await leave.CancelAsync();
                Assert.Equal($"value of {caller}", await get.WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None));
                return "reply";
            case < 16:
                Assert.Equal(text, await redis.EchoAsync(text, token).AsTask().WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None));
                return "reply";
            case 16:
                using (PooledBytes pooled = await redis.ExecuteAsync(RedisCommand.Create("ECHO", text), Replies.Pooled, token))
                    Assert.Equal(text, System.Text.Encoding.UTF8.GetString(pooled.Span));
                return "reply";
            case 17:
                Assert.Equal(text, await redis.ExecuteAsync(RedisCommand.Create("ECHO", text).WithTimeout(TimeSpan.FromMilliseconds(2)), Replies.Text, token));
                return "reply";
            case 18:
                await redis.SetAsync($"own:{caller}", $"value of {caller}", token);
                return "reply";
            default:
                return await redis.EchoAsync(text + '\ud800', token) ?? "nothing";
        }
    }

    private async Task FaultsAsync(RedisServer server, FaultProxy proxy, CancellationToken stop)
    {
        var random = new Random(2026);
        for (int round = 0; !stop.IsCancellationRequested; round++)
        {
            // Some time of peace in between, in which most of the commands are answered.
            long until = Interlocked.Read(ref _replies) + (IsLong ? 60_000 : 8_000);
            while (Interlocked.Read(ref _replies) < until && !stop.IsCancellationRequested) await Task.Delay(10, CancellationToken.None);
            switch (round % 7)
            {
                case 0:
                    proxy.ToClient.CutAfter(random.Next(20_000), random.Next(2) == 0 ? ConnectionEnd.Close : ConnectionEnd.Reset);
                    break;
                case 1:
                    proxy.ToServer.CutAfter(random.Next(20_000), random.Next(2) == 0 ? ConnectionEnd.Close : ConnectionEnd.Reset);
                    break;
                case 2:
                    proxy.ToClient.SingleBytes();
                    await Task.Delay(100, CancellationToken.None);
                    proxy.ToClient.PassThrough();
                    break;
                case 3:
                    await server.CommandAsync("CLIENT", "KILL", "TYPE", "normal");
                    break;
                case 4:
                    proxy.Stall();
                    await Task.Delay(random.Next(1_000), CancellationToken.None);
                    proxy.PassThrough();
                    break;
                case 5:
                    await server.PauseAsync();
                    await Task.Delay(random.Next(300), CancellationToken.None);
                    await server.ResumeAsync();
                    break;
                default:
                    await server.KillAsync();
                    await server.Primary.StartAsync(CancellationToken.None);
                    break;
            }
        }
    }
}
