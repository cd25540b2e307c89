using System.Collections.Concurrent;
using System.Globalization;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Faults;

/// <summary>Whatever happens on the way, a caller gets the reply to its own command, or an exception, and soon.</summary>
public sealed class OwnReplyTests
{
    private const int Callers = 60;

    [Fact]
    public async Task Replies_reach_their_callers_while_others_are_cancelled_time_out_and_cannot_be_spelled()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server, o => o with { MaxArgumentBytes = 64 * 1024 });
        ReplyReader<string> thrower = Replies.From<string>(static (ref RespReader _) => throw new InvalidOperationException("a reader's own fault"));
        var outcomes = new ConcurrentDictionary<string, int>();
        await Bounded.Within(Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            for (int i = 0; i < 1_000; i++)
            {
                string text = Unique(caller, i, random);
                string outcome;
                switch (random.Next(10))
                {
                    case 0:
                        await Assert.ThrowsAsync<ArgumentException>(() => redis.ExecuteAsync(RedisCommand.Create("ECHO", text + '\ud800'), Replies.Text).AsTask());
                        outcome = "lone surrogate";
                        break;
                    case 1:
                        await Assert.ThrowsAsync<ArgumentException>(() => redis.ExecuteAsync(RedisCommand.Create("MSET", text, text, "k", new byte[65 * 1024]), Replies.Done).AsTask());
                        outcome = "oversized";
                        break;
                    case 2:
                        var read = await Assert.ThrowsAsync<RedisReplyException>(() => redis.ExecuteAsync(RedisCommand.Create("ECHO", text), thrower).AsTask());
                        Assert.Equal(CommandOutcome.Executed, read.Outcome);
                        Assert.IsType<InvalidOperationException>(read.InnerException);
                        outcome = "reader threw";
                        break;
                    case 3 or 4:
                        using (var leave = new CancellationTokenSource())
                        {
                            Task<string?> echo = redis.EchoAsync(text, leave.Token).AsTask();
                            for (int spin = random.Next(2_000); spin > 0; spin--) Thread.SpinWait(1);
                            await leave.CancelAsync();
                            outcome = await ReplyOf(echo, text, leave.Token);
                        }

                        break;
                    case 5:
                        outcome = await ReplyOf(redis.ExecuteAsync(RedisCommand.Create("ECHO", text).WithTimeout(TimeSpan.FromMilliseconds(1)), Replies.Text).AsTask(), text);
                        break;
                    default:
                        Assert.Equal(text, await redis.EchoAsync(text));
                        outcome = "reply";
                        break;
                }

                outcomes.AddOrUpdate(outcome, 1, static (_, n) => n + 1);
            }
        }))), 60, "all callers");
        Assert.Equal(Callers * 1_000, outcomes.Values.Sum());
        Assert.True(outcomes.GetValueOrDefault("cancelled") > 0, "some were cancelled in time");
        Assert.Equal(1, await server.ConnectionCountAsync());
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("reset")]
    [InlineData("kill")]
    [InlineData("split")]
    [InlineData("server")]
    public async Task Replies_reach_their_callers_while_connections_break(string fault)
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Persistence = RedisPersistence.AppendOnly });
        await using FaultProxy proxy = await server.StartProxyAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync(proxy.OptionsFor() with { CommandTimeout = TimeSpan.FromSeconds(3) });
        for (int caller = 0; caller < Callers; caller++) await redis.SetAsync($"own:{caller}", $"value of {caller}");
        using var stop = new CancellationTokenSource();
        int replies = 0;
        int failures = 0;
        Task[] callers = [.. Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                string text = Unique(caller, i, random);
                using var leave = random.Next(20) == 0 ? new CancellationTokenSource(TimeSpan.FromMilliseconds(random.Next(1, 5))) : null;
                CancellationToken token = leave?.Token ?? default;
                bool get = random.Next(2) == 0;
                Task<string?> task = get ? redis.GetAsync($"own:{caller}", token).AsTask() : redis.EchoAsync(text, token).AsTask();
                string outcome = await ReplyOf(Bounded.Within(task, 20, "a command"), get ? $"value of {caller}" : text, token);
                if (outcome == "reply") Interlocked.Increment(ref replies);
                else Interlocked.Increment(ref failures);
            }
        }))];
        var faults = new Random(7);
        int rounds = fault is "server" or "split" ? 3 : 12;
        for (int round = 0; round < rounds; round++)
        {
            long accepted = proxy.ConnectionsAccepted;
            switch (fault)
            {
                case "cut":
                    proxy.ToClient.CutAfter(faults.Next(1, 5_000));
                    break;
                case "reset":
                    (round % 2 == 0 ? proxy.ToClient : proxy.ToServer).CutAfter(faults.Next(1, 5_000), ConnectionEnd.Reset);
                    break;
                case "kill":
                    await server.CommandAsync("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
                    break;
                case "split":
                    proxy.ToClient.SingleBytes();
                    break;
                default:
                    await server.KillAsync();
                    await server.Primary.StartAsync();
                    break;
            }

            int before = Volatile.Read(ref replies);
            await Bounded.Until(() => fault == "split" || proxy.ConnectionsAccepted > accepted, "a new connection");
            await Bounded.Until(() => Volatile.Read(ref replies) > before + (fault == "split" ? 50 : 200), "replies after the fault", 30);
            proxy.PassThrough();
        }

        await stop.CancelAsync();
        await Bounded.Within(Task.WhenAll(callers), 30, "all callers");
        Assert.True(replies > rounds * 50, $"{replies} replies, {failures} failures");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(200_000)]
    public async Task A_caller_who_leaves_while_its_reply_is_half_there_disturbs_nobody(int length)
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync(proxy.OptionsFor());
        byte[] value = new byte[length];
        Array.Fill(value, (byte)'v');
        await redis.SetAsync("large", value);
        for (int round = 0; round < 20; round++)
        {
            using var leave = new CancellationTokenSource();
            proxy.ToClient.SingleBytes();
            long passed = proxy.ToClient.Bytes;
            Task<byte[]?> large = redis.GetBytesAsync("large", leave.Token).AsTask();
            Task<PooledBytes> pooled = redis.GetPooledAsync("large", leave.Token).AsTask();
            Task<string?> behind = redis.EchoAsync($"behind {round}").AsTask();
            await Bounded.Until(() => proxy.ToClient.Bytes >= passed + 3, "some bytes");
            await leave.CancelAsync();
            await ReplyOfAny(large);
            await ReplyOfAny(pooled);
            proxy.PassThrough();
            Assert.Equal($"behind {round}", await Bounded.Within(behind, 20, "the reply behind"));
        }

        Assert.Equal(1, proxy.ConnectionsAccepted);

        static async Task ReplyOfAny(Task task)
        {
            try
            {
                await Bounded.Within(task, 10, "a caller who leaves");
            }
            catch (OperationCanceledException)
            {
                // Unless the short reply was faster.
            }
        }
    }

    private static string Unique(int caller, int i, Random random) =>
        string.Create(CultureInfo.InvariantCulture, $"{caller}:{i}:") + (random.Next(50) == 0 ? new string('x', random.Next(40_000)) : string.Empty);

    private static async Task<string> ReplyOf(Task<string?> task, string expected, CancellationToken token = default)
    {
        try
        {
            Assert.Equal(expected, await task);
            return "reply";
        }
        catch (OperationCanceledException e)
        {
            Assert.Equal(token, e.CancellationToken);
            return "cancelled";
        }
        catch (RedisTimeoutException)
        {
            return "timed out";
        }
        catch (RedisConnectionException)
        {
            return "lost";
        }
        catch (RedisServerException e) when (e.Code == RedisErrorCode.Loading)
        {
            return "loading";
        }
    }
}
