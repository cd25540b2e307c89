using RedisToolkit.Client.Tests.Faults;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Pool;

public sealed class DedicatedPoolTests : IAsyncLifetime
{
    private RedisServer _server = null!;

    public async Task InitializeAsync() => _server = await RedisServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    private static ValueTask<string?[]> PopAsync(RedisClient redis, string key, double seconds, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisCommand.Create("BLPOP", key, seconds), Wire.Texts, cancellationToken);

    [Fact]
    public async Task A_blocking_command_holds_up_nobody_else()
    {
        await using RedisClient redis = await Servers.ConnectAsync(_server);
        string key = Servers.NewKey();
        Task<string?[]> popped = PopAsync(redis, key, 20).AsTask();
        for (int i = 0; i < 1_000; i++) Assert.Equal($"{i}", await redis.EchoAsync($"{i}"));
        Assert.False(popped.IsCompleted);
        await _server.CommandAsync("RPUSH", key, "a");
        Assert.Equal("a", (await Bounded.Within(popped, 10, "the pop"))[1]);
    }

    [Fact]
    public async Task An_unused_connection_outlives_its_heartbeats_and_is_used_again()
    {
        await using RedisClient redis = await Servers.ConnectAsync(_server, o => o with { HeartbeatInterval = TimeSpan.FromMilliseconds(100) });
        string key = Servers.NewKey();
        await PopAsync(redis, key, 0.01);
        int connections = await _server.ConnectionCountAsync();
        Assert.Equal(2, connections);
        for (int i = 0; i < 5; i++)
        {
            // Long enough for a heartbeat to have been sent and answered on it.
            long pings = await CallsOfPingAsync();
            await Bounded.Until(async () => await CallsOfPingAsync() >= pings + 4, "heartbeats");
            await PopAsync(redis, key, 0.01);
            Assert.Equal(connections, await _server.ConnectionCountAsync());
        }
    }

    [Fact]
    public async Task An_unused_connection_is_closed_after_its_time()
    {
        await using RedisClient redis = await Servers.ConnectAsync(_server, o => o with { DedicatedIdleTimeout = TimeSpan.FromSeconds(1) });
        await PopAsync(redis, Servers.NewKey(), 0.01);
        Assert.Equal(2, await _server.ConnectionCountAsync());
        await _server.ConnectionsFallToAsync(1);
    }

    [Fact]
    public async Task A_connection_that_broke_while_unused_is_not_used_again()
    {
        await using RedisClient redis = await Servers.ConnectAsync(_server);
        string key = Servers.NewKey();
        for (int i = 0; i < 10; i++)
        {
            await PopAsync(redis, key, 0.01);
            await _server.CommandAsync("CLIENT", "KILL", "TYPE", "normal");
            await Bounded.Until(async () => await redis.EchoAsync("x") == "x", "connected again");
            await _server.CommandAsync("RPUSH", key, $"{i}");
            Assert.Equal($"{i}", (await PopAsync(redis, key, 5))[1]);
        }
    }

    [Fact]
    public async Task Too_many_blocking_commands_are_told_who_holds_the_connections()
    {
        await using RedisClient redis = await Servers.ConnectAsync(_server, o => o with { MaxDedicatedConnections = 2, CommandTimeout = TimeSpan.FromMilliseconds(300) });
        string key = Servers.NewKey();
        using var stop = new CancellationTokenSource();
        Task[] holders = [PopAsync(redis, key, 60, stop.Token).AsTask(), PopAsync(redis, key, 60, stop.Token).AsTask()];
        var exhausted = await Assert.ThrowsAsync<RedisPoolExhaustedException>(() => PopAsync(redis, key, 60).AsTask());
        Assert.Contains("BLPOP: 2", exhausted.Message, StringComparison.Ordinal);
        Assert.Contains("RedisClientOptions.MaxDedicatedConnections", exhausted.Message, StringComparison.Ordinal);
        Assert.Single(exhausted.Holders);
        Assert.Equal(CommandOutcome.NotSent, exhausted.Outcome);
        await stop.CancelAsync();
        foreach (Task holder in holders) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Bounded.Within(holder, 10, "a cancelled pop"));
        // What they held is free again.
        await PopAsync(redis, key, 0.01);
    }

    [Fact]
    public async Task A_caller_who_waits_for_a_connection_of_its_own_can_leave()
    {
        await using RedisClient redis = await Servers.ConnectAsync(_server, o => o with { MaxDedicatedConnections = 1 });
        string key = Servers.NewKey();
        using var stop = new CancellationTokenSource();
        Task holder = PopAsync(redis, key, 60, stop.Token).AsTask();
        using var leave = new CancellationTokenSource();
        Task waiter = PopAsync(redis, key, 60, leave.Token).AsTask();
        await leave.CancelAsync();
        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Bounded.Within(waiter, 10, "the waiter leaves"));
        Assert.Equal(leave.Token, cancelled.CancellationToken);
        await stop.CancelAsync();
        cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Bounded.Within(holder, 10, "the holder leaves"));
        Assert.Equal(stop.Token, cancelled.CancellationToken);
        await PopAsync(redis, key, 0.01);
    }

    [Fact]
    public async Task Waiting_without_end_needs_a_token()
    {
        await using RedisClient redis = await Servers.ConnectAsync(_server);
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => PopAsync(redis, Servers.NewKey(), 0).AsTask());
        Assert.Contains("RedisCommand.WithTimeout", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disposing_the_client_ends_blocking_commands_and_leaves_no_connection()
    {
        RedisClient redis = await Servers.ConnectAsync(_server);
        string key = Servers.NewKey();
        using var never = new CancellationTokenSource();
        Task[] holders = [.. Enumerable.Range(0, 8).Select(_ => PopAsync(redis, key, 0, never.Token).AsTask())];
        await Bounded.Until(async () => (await _server.CommandAsync("INFO", "clients")).Text!.Contains("blocked_clients:8", StringComparison.Ordinal), "eight blocked connections");
        await Bounded.Within(redis.DisposeAsync().AsTask(), 10, "the disposal");
        foreach (Task holder in holders)
        {
            var ended = await Assert.ThrowsAsync<RedisConnectionException>(() => Bounded.Within(holder, 10, "a blocking command ends"));
            Assert.Equal(ConnectionFailure.Disposed, ended.Failure);
        }

        await _server.ConnectionsFallToAsync(0);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => PopAsync(redis, key, 1).AsTask());
    }

    [Fact]
    public async Task Disposing_while_connections_are_opened_for_blocking_commands_leaves_none()
    {
        for (int round = 0; round < 40; round++)
        {
            RedisClient redis = await Servers.ConnectAsync(_server);
            using var never = new CancellationTokenSource();
            Task[] holders = [.. Enumerable.Range(0, 6).Select(_ => Task.Run(() => PopAsync(redis, "nothing", 0, never.Token).AsTask()))];
            await Task.Delay(round % 10);
            await Bounded.Within(redis.DisposeAsync().AsTask(), 10, "the disposal");
            foreach (Task holder in holders)
            {
                Exception? ended = await Record.ExceptionAsync(() => Bounded.Within(holder, 10, "a blocking command ends"));
                Assert.True(ended is ObjectDisposedException or RedisConnectionException { Failure: ConnectionFailure.Disposed }, $"{ended}");
            }
        }

        await _server.ConnectionsFallToAsync(0);
    }

    private async Task<long> CallsOfPingAsync()
    {
        string stats = (await _server.CommandAsync("INFO", "commandstats")).Text ?? "";
        string line = stats.Split('\n').FirstOrDefault(l => l.StartsWith("cmdstat_ping:", StringComparison.Ordinal), "");
        return line.Length == 0 ? 0 : long.Parse(line.Split('=')[1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture);
    }
}
