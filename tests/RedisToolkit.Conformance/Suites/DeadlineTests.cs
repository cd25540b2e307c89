using System.Diagnostics;
using RedisToolkit.Client;
using RedisToolkit.Testing;

namespace RedisToolkit.Conformance;

/// <summary>Every wait ends: by the command's own deadline, by the client's, or by the caller's token. Nobody else is disturbed.</summary>
public abstract class DeadlineTests(ClientUnderTest client) : ConformanceTests(client)
{
    // Far above what a timer step and a busy machine need, far below every other time in play.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(3);

    [Theory, EveryServer]
    public async Task A_commands_own_deadline_holds_while_the_server_is_silent(RedisFlavor flavor)
    {
        await using FaultProxy proxy = await (await TestServers.GetAsync(flavor)).StartProxyAsync();
        await using IRedisClient redis = await ConnectAsync(proxy);
        Assert.Equal("warm", await redis.EchoAsync("warm"));
        proxy.ToClient.Stall();
        TimeSpan allowed = TimeSpan.FromMilliseconds(300);
        long started = Stopwatch.GetTimestamp();
        Task<string?> late = redis.ExecuteAsync(RedisCommand.Create("ECHO", "secret").WithTimeout(allowed), Replies.Text).AsTask();
        var timeout = await Assert.ThrowsAsync<RedisTimeoutException>(() => Bounded.Within(late, 10, "the deadline"));
        Assert.InRange(Stopwatch.GetElapsedTime(started), allowed - TimeSpan.FromMilliseconds(1), allowed + Slack);
        Assert.Equal(("ECHO", allowed, true, CommandOutcome.Unknown), (timeout.Command, timeout.Timeout, timeout.IsTransient, timeout.Outcome));
        Assert.Contains($"{proxy.Port}", timeout.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", timeout.Message, StringComparison.Ordinal);
        proxy.PassThrough();
        // The late reply is dropped in its turn.
        for (int i = 0; i < 100; i++) Assert.Equal($"{i}", await redis.EchoAsync($"{i}"));
    }

    [Theory, EveryServer]
    public async Task The_clients_deadline_holds_for_whatever_waits(RedisFlavor flavor)
    {
        await using FaultProxy proxy = await (await TestServers.GetAsync(flavor)).StartProxyAsync();
        TimeSpan allowed = TimeSpan.FromMilliseconds(500);
        await using IRedisClient redis = await ConnectAsync(proxy, settings => settings with { CommandTimeout = allowed });
        proxy.ToClient.Stall();
        var batch = new RedisBatch();
        BatchResult<string?> batched = batch.Add(RedisCommand.Create("ECHO", "x"), Replies.Text);
        var transaction = new RedisTransaction();
        BatchResult<string?> executed = transaction.Add(RedisCommand.Create("ECHO", "x"), Replies.Text);
        long started = Stopwatch.GetTimestamp();
        Task[] all =
        [
            redis.EchoAsync("x").AsTask(),
            redis.ExecuteAsync(batch).AsTask(),
            redis.ExecuteAsync(transaction).AsTask(),
            redis.SubscribeAsync(["c"]).AsTask(),
            redis.CopyToAsync(RedisCommand.Create("ECHO", "x"), Stream.Null).AsTask(),
        ];
        foreach (Task one in all) Assert.Equal(allowed, (await Assert.ThrowsAsync<RedisTimeoutException>(() => Bounded.Within(one, 10, "the deadline"))).Timeout);
        Assert.InRange(Stopwatch.GetElapsedTime(started), allowed - TimeSpan.FromMilliseconds(1), allowed + Slack);
        Assert.IsType<RedisTimeoutException>(batched.Error);
        Assert.IsType<RedisTimeoutException>(executed.Error);
        proxy.PassThrough();
    }

    [Theory, EveryServer]
    public async Task A_batch_may_take_as_long_as_its_longest_command(RedisFlavor flavor)
    {
        await using FaultProxy proxy = await (await TestServers.GetAsync(flavor)).StartProxyAsync();
        await using IRedisClient redis = await ConnectAsync(proxy, settings => settings with { CommandTimeout = TimeSpan.FromMilliseconds(500) });
        proxy.ToClient.Delay(TimeSpan.FromMilliseconds(800));
        var patient = new RedisBatch();
        BatchResult<string?> echo = patient.Add(RedisCommand.Create("ECHO", "x").WithTimeout(TimeSpan.FromSeconds(30)), Replies.Text);
        patient.Add(RedisCommand.Create("PING"), Replies.Done);
        await redis.ExecuteAsync(patient);
        Assert.Equal("x", echo.Value);
    }

    [Theory, EveryServer]
    public async Task Every_caller_has_its_own_deadline_and_late_replies_hit_nobody_else(RedisFlavor flavor)
    {
        await using FaultProxy proxy = await (await TestServers.GetAsync(flavor)).StartProxyAsync();
        await using IRedisClient redis = await ConnectAsync(proxy);
        for (int round = 0; round < 3; round++)
        {
            Assert.Equal("warm", await redis.EchoAsync("warm"));
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
            for (int i = 0; i < 50; i++) Assert.Equal($"patient {i}", await Bounded.Within(patient[i], 20, "a patient caller"));
        }
    }

    [Theory, EveryServer]
    public async Task A_token_ends_the_wait_at_once_and_is_the_one_that_is_told(RedisFlavor flavor)
    {
        await using FaultProxy proxy = await (await TestServers.GetAsync(flavor)).StartProxyAsync();
        await using IRedisClient redis = await ConnectAsync(proxy);
        string key = TestServers.NewKey();
        using var before = new CancellationTokenSource();
        await before.CancelAsync();
        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await redis.IncrAsync(key, before.Token));
        Assert.Equal(before.Token, cancelled.CancellationToken);
        Assert.Null(await redis.GetAsync(key));

        proxy.ToClient.Stall();
        for (int i = 0; i < 5; i++)
        {
            using var leave = new CancellationTokenSource();
            Task<string?> echo = redis.EchoAsync("x", leave.Token).AsTask();
            await leave.CancelAsync();
            cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Bounded.Within(echo, 10, "a cancelled caller"));
            Assert.Equal(leave.Token, cancelled.CancellationToken);
        }

        using var both = new CancellationTokenSource();
        var batch = new RedisBatch();
        BatchResult<string?> batched = batch.Add(RedisCommand.Create("ECHO", "x"), Replies.Text);
        var transaction = new RedisTransaction();
        transaction.Add(RedisCommand.Create("ECHO", "x"), Replies.Text);
        Task[] waiting = [redis.ExecuteAsync(batch, both.Token).AsTask(), redis.ExecuteAsync(transaction, both.Token).AsTask()];
        await both.CancelAsync();
        foreach (Task one in waiting) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Bounded.Within(one, 10, "a cancelled caller"));
        Assert.IsAssignableFrom<OperationCanceledException>(batched.Error);
        proxy.PassThrough();
        for (int i = 0; i < 20; i++) Assert.Equal($"{i}", await redis.EchoAsync($"{i}"));
    }
}
