using System.Diagnostics;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Faults;

public sealed class DeadlineTests
{
    // Far above what a timer step and a busy machine need, far below every other time in play.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_deadline_holds_while_the_server_is_paused_and_tells_what_is_known()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server, o => o with { HeartbeatTimeout = TimeSpan.FromSeconds(60) });
        await server.PauseAsync();
        long started = Stopwatch.GetTimestamp();
        Task<string?> late = redis.ExecuteAsync(RedisCommand.Create("ECHO", "late").WithTimeout(TimeSpan.FromMilliseconds(300)), Replies.Text).AsTask();
        var timeout = await Assert.ThrowsAsync<RedisTimeoutException>(() => Bounded.Within(late, 10, "the deadline"));
        TimeSpan took = Stopwatch.GetElapsedTime(started);
        Assert.InRange(took, TimeSpan.FromMilliseconds(299), TimeSpan.FromMilliseconds(300) + Slack);
        Assert.Equal(("ECHO", CommandOutcome.Unknown, TimeSpan.FromMilliseconds(300)), (timeout.Command, timeout.Outcome, timeout.Timeout));
        Assert.True(timeout.IsTransient);
        Assert.True(timeout.Details.Connected);
        Assert.Equal((1, 0, 0L), (timeout.Details.InFlight, timeout.Details.Waiting, timeout.Details.UnsentBytes));
        Assert.Contains($"{server.Port}", timeout.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("late", timeout.Message, StringComparison.Ordinal);
        await server.ResumeAsync();
        // The late reply is dropped in its turn, on the same connection.
        for (int i = 0; i < 100; i++) Assert.Equal($"{i}", await redis.EchoAsync($"{i}"));
        Assert.Equal(1, await server.ConnectionCountAsync());
    }

    [Fact]
    public async Task Every_caller_has_its_own_deadline_and_late_replies_are_dropped_in_order()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync(proxy.OptionsFor() with { HeartbeatTimeout = TimeSpan.FromSeconds(60) });
        for (int round = 0; round < 5; round++)
        {
            proxy.ToClient.Stall();
            Task<string?>[] patient = new Task<string?>[50];
            Task<string?>[] hasty = new Task<string?>[50];
            for (int i = 0; i < 50; i++)
            {
                hasty[i] = redis.ExecuteAsync(RedisCommand.Create("ECHO", $"hasty {i}").WithTimeout(TimeSpan.FromMilliseconds(1 + (i * 4))), Replies.Text).AsTask();
                patient[i] = redis.ExecuteAsync(RedisCommand.Create("ECHO", $"patient {i}").WithTimeout(TimeSpan.FromSeconds(30)), Replies.Text).AsTask();
            }

            foreach (Task<string?> task in hasty) await Assert.ThrowsAsync<RedisTimeoutException>(() => Bounded.Within(task, 10, "a deadline"));
            Assert.DoesNotContain(patient, task => task.IsCompleted);
            proxy.PassThrough();
            for (int i = 0; i < 50; i++) Assert.Equal($"patient {i}", await Bounded.Within(patient[i], 10, "a patient caller"));
        }

        Assert.Equal(1, proxy.ConnectionsAccepted);
    }

    [Fact]
    public async Task A_command_that_finds_no_connection_in_time_was_not_sent_and_says_why_there_is_none()
    {
        await using FaultProxy proxy = await FaultProxy.StartAsync(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 1));
        proxy.RefuseConnections();
        await using var redis = new RedisClient(proxy.OptionsFor() with { CommandTimeout = TimeSpan.FromMilliseconds(400) });
        var timeout = await Assert.ThrowsAsync<RedisTimeoutException>(() => Bounded.Within(redis.IncrAsync("n").AsTask(), 10, "the deadline"));
        Assert.Equal(CommandOutcome.NotSent, timeout.Outcome);
        Assert.False(timeout.Details.Connected);
        Assert.Equal(1, timeout.Details.Waiting);
        Assert.Contains("Nothing listens", timeout.Details.LastFailure, StringComparison.Ordinal);
        Assert.Contains("Nothing listens", timeout.Message, StringComparison.Ordinal);
        Assert.Contains("was not sent", timeout.Message, StringComparison.Ordinal);
        var cause = Assert.IsType<RedisConnectionException>(timeout.InnerException);
        Assert.Equal(ConnectionFailure.Refused, cause.Failure);
    }

    [Fact]
    public async Task A_command_waiting_for_room_times_out_as_not_sent()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server, o => o with { MaxInFlightCommands = 2, HeartbeatTimeout = TimeSpan.FromSeconds(60) });
        await server.PauseAsync();
        TimeSpan timeout = TimeSpan.FromMilliseconds(300);
        Task<long>[] all = [.. Enumerable.Range(0, 5).Select(_ => redis.ExecuteAsync(RedisCommand.Create("INCR", "n").WithTimeout(timeout), Replies.Integer).AsTask())];
        var outcomes = new List<CommandOutcome>();
        foreach (Task<long> task in all) outcomes.Add((await Assert.ThrowsAsync<RedisTimeoutException>(() => Bounded.Within(task, 10, "a deadline"))).Outcome);
        Assert.Equal([CommandOutcome.Unknown, CommandOutcome.Unknown, CommandOutcome.NotSent, CommandOutcome.NotSent, CommandOutcome.NotSent], outcomes);
        await server.ResumeAsync();
        Assert.Equal(3, await redis.IncrAsync("n"));
    }

    [Fact]
    public async Task Cancelling_ends_a_wait_at_every_stage_and_carries_the_token()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server, o => o with { MaxInFlightCommands = 2, HeartbeatTimeout = TimeSpan.FromSeconds(60), CommandTimeout = TimeSpan.FromSeconds(60) });
        using var before = new CancellationTokenSource();
        await before.CancelAsync();
        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => redis.EchoAsync("x", before.Token).AsTask());
        Assert.Equal(before.Token, cancelled.CancellationToken);

        await server.PauseAsync();
        for (int i = 0; i < 4; i++)
        {
            // The first two are in flight, the others wait for room.
            using var leave = new CancellationTokenSource();
            Task<string?> echo = redis.EchoAsync("x", leave.Token).AsTask();
            await leave.CancelAsync();
            cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Bounded.Within(echo, 10, "a cancelled caller"));
            Assert.Equal(leave.Token, cancelled.CancellationToken);
        }

        await server.ResumeAsync();
        Assert.Equal("y", await redis.EchoAsync("y"));
    }

    // The caller's wait ends just when its reply comes: whoever is late must not touch the object's next use.
    [Fact]
    public async Task Deadlines_that_pass_as_replies_arrive_hit_nobody_else()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync(proxy.OptionsFor());
        proxy.ToClient.Delay(TimeSpan.FromMilliseconds(30));
        int timeouts = 0;
        int replies = 0;
        await Bounded.Within(Task.WhenAll(Enumerable.Range(0, 200).Select(caller => Task.Run(async () =>
        {
            for (int i = 0; i < 60; i++)
            {
                try
                {
                    Assert.Equal($"{caller}:{i}", await redis.ExecuteAsync(RedisCommand.Create("ECHO", $"{caller}:{i}").WithTimeout(TimeSpan.FromMilliseconds(1 + (i % 30))), Replies.Text));
                    Interlocked.Increment(ref replies);
                }
                catch (RedisTimeoutException)
                {
                    Interlocked.Increment(ref timeouts);
                }
            }
        }))), 60, "all callers");
        Assert.True(timeouts > 100 && replies > 100, $"{timeouts} timeouts, {replies} replies");
        Assert.Equal(1, proxy.ConnectionsAccepted);
    }
}
