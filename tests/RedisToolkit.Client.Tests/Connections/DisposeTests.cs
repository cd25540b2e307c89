using RedisToolkit.Client.Tests.Faults;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Connections;

[Collection(nameof(Alone))]
public sealed class DisposeTests
{
    [Fact]
    public async Task Replies_that_are_owed_still_arrive_and_later_commands_are_refused()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        RedisClient redis = await RedisClient.ConnectAsync(proxy.OptionsFor() with { MaxInFlightCommands = 16 });
        proxy.ToClient.Delay(TimeSpan.FromMilliseconds(100));
        // More than fit: some of them are still waiting for room.
        Task<string?>[] owed = [.. Enumerable.Range(0, 100).Select(i => redis.EchoAsync($"{i}").AsTask())];
        ValueTask disposing = redis.DisposeAsync();
        var refused = await Assert.ThrowsAsync<ObjectDisposedException>(() => redis.EchoAsync("late").AsTask());
        Assert.Contains("ECHO was not sent", refused.Message, StringComparison.Ordinal);
        await Bounded.Within(disposing.AsTask(), 20, "the disposal");
        for (int i = 0; i < owed.Length; i++) Assert.Equal($"{i}", await Bounded.Within(owed[i], 5, "an owed reply"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => redis.EchoAsync("later").AsTask());
        await redis.DisposeAsync();
        await server.ConnectionsFallToAsync(0);
    }

    [Fact]
    public async Task Callers_who_never_stop_do_not_keep_a_client_from_being_disposed()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        RedisClient redis = await Servers.ConnectAsync(server, o => o with { DrainTimeout = TimeSpan.FromMinutes(5) });
        Task[] callers = [.. Enumerable.Range(0, 50).Select(_ => Task.Run(async () =>
        {
            while (true) await redis.EchoAsync("x");
        }))];
        await Task.Delay(50);
        await Bounded.Within(redis.DisposeAsync().AsTask(), 20, "the disposal");
        foreach (Task caller in callers) Assert.IsType<ObjectDisposedException>(await Record.ExceptionAsync(() => Bounded.Within(caller, 10, "a caller")));
    }

    [Fact]
    public async Task Disposing_while_the_server_stalls_takes_no_longer_than_allowed()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        RedisClient redis = await Servers.ConnectAsync(server, o => o with { DrainTimeout = TimeSpan.FromMilliseconds(300), CommandTimeout = TimeSpan.FromSeconds(60) });
        await server.PauseAsync();
        Task<long> owed = redis.IncrAsync("n").AsTask();
        await Bounded.Within(redis.DisposeAsync().AsTask(), 10, "the disposal");
        var ended = await Assert.ThrowsAsync<RedisConnectionException>(() => Bounded.Within(owed, 5, "the command"));
        Assert.Equal((ConnectionFailure.Disposed, CommandOutcome.Unknown), (ended.Failure, ended.Outcome));
        await server.ResumeAsync();
        await server.ConnectionsFallToAsync(0);
    }

    [Fact]
    public async Task A_client_that_never_found_its_server_is_disposed_at_once()
    {
        await using FaultProxy proxy = await FaultProxy.StartAsync(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 1));
        proxy.RefuseConnections();
        var redis = new RedisClient(proxy.OptionsFor() with { CommandTimeout = TimeSpan.FromSeconds(60) });
        Task<string?> waiting = redis.GetAsync("k").AsTask();
        await Bounded.Within(redis.DisposeAsync().AsTask(), 10, "the disposal");
        RedisException ended = await Assert.ThrowsAnyAsync<RedisException>(() => Bounded.Within(waiting, 5, "the command"));
        Assert.Equal(CommandOutcome.NotSent, ended.Outcome);
    }

    // Dials, greets and is disposed at every stage of it.
    [Fact]
    public async Task Disposing_while_a_connection_comes_up_ends_and_leaves_none()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        var random = new Random(1);
        for (int round = 0; round < 300; round++)
        {
            var redis = new RedisClient(server.OptionsFor() with { ConnectionsPerEndpoint = 1 + (round % 3) });
            for (int spin = random.Next(3_000); spin > 0; spin--) Thread.SpinWait(20);
            await Bounded.Within(redis.DisposeAsync().AsTask(), 10, $"the disposal of round {round}");
        }

        await server.ConnectionsFallToAsync(0);
    }

    [Fact]
    public async Task Nothing_is_left_behind_by_clients_that_lost_their_server()
    {
        var unobserved = new List<Exception>();
        void Note(object? sender, UnobservedTaskExceptionEventArgs e)
        {
            lock (unobserved) unobserved.Add(e.Exception);
        }

        Collect();
        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            await using RedisServer server = await RedisServer.StartAsync();
            await using FaultProxy proxy = await server.StartProxyAsync();
            var clients = new List<WeakReference>();
            for (int round = 0; round < 10; round++) clients.Add(await LoseAsync(proxy));
            await proxy.WaitForNoConnectionsAsync(TimeSpan.FromSeconds(10));
            await server.ConnectionsFallToAsync(0);
            await Bounded.Until(
                () =>
                {
                    Collect();
                    return clients.Count(c => c.IsAlive) <= 1;
                },
                "the clients are collected");
        }
        finally
        {
            Collect();
            TaskScheduler.UnobservedTaskException -= Note;
        }

        Assert.Empty(unobserved);
    }

    private static async Task<WeakReference> LoseAsync(FaultProxy proxy)
    {
        RedisClient redis = await RedisClient.ConnectAsync(proxy.OptionsFor() with { DrainTimeout = TimeSpan.Zero });
        using var leave = new CancellationTokenSource();
        Task[] commands =
        [
            .. Enumerable.Range(0, 20).Select(i => redis.IncrAsync("n").AsTask()),
            redis.ExecuteAsync(RedisCommand.Create("BLPOP", "none", 0), Wire.Texts, leave.Token).AsTask(),
            redis.ExecuteAsync(RedisCommand.Create("BLPOP", "none", 30), Wire.Texts, leave.Token).AsTask(),
        ];
        await proxy.DropConnectionsAsync();
        await leave.CancelAsync();
        await redis.DisposeAsync();
        foreach (Task command in commands) _ = await Record.ExceptionAsync(() => Bounded.Within(command, 10, "a command"));
        return new WeakReference(redis);
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
