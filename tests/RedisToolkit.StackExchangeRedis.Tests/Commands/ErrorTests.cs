using RedisToolkit.Testing;
using StackExchange.Redis;
using Ours = RedisToolkit.Client;

namespace RedisToolkit.StackExchangeRedis.Tests.Commands;

public sealed class ErrorTests
{
    [Fact]
    public async Task An_error_of_the_server_keeps_its_code_word()
    {
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync();
        string key = TestServers.NewKey();
        await redis.ExecuteAsync(Ours.RedisCommand.Create("LPUSH", key, "a"), Replies.Done);
        Ours.RedisServerException typed = await Assert.ThrowsAsync<Ours.RedisServerException>(() => redis.GetAsync(key).AsTask());
        Ours.RedisServerException untyped = await Assert.ThrowsAsync<Ours.RedisServerException>(() => redis.ExecuteAsync(Ours.RedisCommand.Create("INCR", key), Replies.Integer).AsTask());
        Assert.All([typed, untyped], error => Assert.Equal((RedisErrorCode.WrongType, CommandOutcome.Refused), (error.Code, error.Outcome)));
        Assert.IsType<global::StackExchange.Redis.RedisServerException>(typed.InnerException);
    }

    [Fact]
    public async Task A_command_that_the_multiplexer_disables_is_told_as_disabled()
    {
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync(
            with: options => options.CommandMap = CommandMap.Create(["GET", "ECHO"], available: false));
        await Assert.ThrowsAsync<RedisCommandDisabledException>(() => redis.GetAsync("a").AsTask());
        RedisCommandDisabledException disabled = await Assert.ThrowsAsync<RedisCommandDisabledException>(() => redis.ExecuteAsync(Ours.RedisCommand.Create("ECHO", "a"), Replies.Text).AsTask());
        Assert.Equal(("ECHO", CommandOutcome.NotSent), (disabled.Command, disabled.Outcome));
        Assert.Equal("PONG", await redis.ExecuteAsync(Ours.RedisCommand.Create("PING"), Replies.Text));
    }

    [Fact]
    public async Task A_late_command_is_a_timeout_of_unknown_outcome_and_the_multiplexer_goes_on()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync(server);
        await redis.SetAsync("a", "b");
        await server.PauseAsync();
        Ours.RedisTimeoutException late = await Assert.ThrowsAsync<Ours.RedisTimeoutException>(
            () => redis.ExecuteAsync(Ours.RedisCommand.Create("APPEND", "a", "c").WithTimeout(TimeSpan.FromMilliseconds(100)), Replies.Integer).AsTask());
        Assert.Equal((CommandOutcome.Unknown, "APPEND", TimeSpan.FromMilliseconds(100)), (late.Outcome, late.Command, late.Timeout));
        await server.ResumeAsync();
        Assert.Equal("bc", await redis.GetAsync("a"));
    }

    [Fact]
    public async Task A_cancelled_wait_ends_and_the_command_still_takes_effect()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync(server);
        await redis.SetAsync("a", "b");
        await server.PauseAsync();
        using var cancelling = new CancellationTokenSource();
        Task<long> waiting = redis.ExecuteAsync(Ours.RedisCommand.Create("APPEND", "a", "c"), Replies.Integer, cancelling.Token).AsTask();
        Task<string?> another = redis.GetAsync("a").AsTask();
        await cancelling.CancelAsync();
        OperationCanceledException cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(cancelling.Token, cancelled.CancellationToken);
        await server.ResumeAsync();
        Assert.Equal("bc", await another);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => redis.GetAsync("a", cancelling.Token).AsTask());
    }

    [Fact]
    public async Task A_reader_survives_a_lost_connection_and_a_writer_is_told_that_its_outcome_is_unknown()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        ConnectionMultiplexer multiplexer = await ConnectionMultiplexer.ConnectAsync(Servers.OptionsFor(proxy.Host, proxy.Port));
        await using StackExchangeRedisClient redis = StackExchangeRedisClient.Create(multiplexer, new StackExchangeRedisOptions { DisposeMultiplexer = true, CommandTimeout = TimeSpan.FromSeconds(30) });
        await redis.SetAsync("a", "b");
        await server.PauseAsync();
        Task<string?> reading = redis.GetAsync("a").AsTask();
        Task<long> writing = redis.ExecuteAsync(Ours.RedisCommand.Create("APPEND", "a", "c"), Replies.Integer).AsTask();
        await Bounded.Until(() => multiplexer.GetCounters().TotalOutstanding >= 2, "both are under way");
        await proxy.DropConnectionsAsync();
        await server.ResumeAsync();
        Assert.StartsWith("b", await reading, StringComparison.Ordinal);
        Ours.RedisConnectionException lost = await Assert.ThrowsAsync<Ours.RedisConnectionException>(() => writing);
        Assert.Equal(CommandOutcome.Unknown, lost.Outcome);
    }

    [Fact]
    public async Task While_there_is_no_connection_a_command_waits_within_its_deadline()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        using ConnectionMultiplexer multiplexer = await Servers.MultiplexAsync(server);
        await using StackExchangeRedisClient redis = StackExchangeRedisClient.Create(multiplexer);
        await redis.SetAsync("a", "b");
        await server.KillAsync();
        await Bounded.Until(() => !multiplexer.IsConnected, "the multiplexer has noticed");
        Ours.RedisTimeoutException late = await Assert.ThrowsAsync<Ours.RedisTimeoutException>(() => redis.ExecuteAsync(Ours.RedisCommand.Create("SET", "a", "c").WithTimeout(TimeSpan.FromMilliseconds(300)), Replies.Done).AsTask());
        Assert.Equal(CommandOutcome.NotSent, late.Outcome);
        Task<bool> waiting = redis.ExecuteAsync(Ours.RedisCommand.Create("SET", "a", "d").WithTimeout(TimeSpan.FromSeconds(60)), Replies.Done).AsTask();
        await server.RestartAsync(keepData: false);
        Assert.True(await waiting);
        Assert.Equal("d", await redis.GetAsync("a"));
    }

    [Fact]
    public async Task After_it_was_disposed_nothing_is_sent_and_the_applications_multiplexer_lives_on()
    {
        RedisServer server = await TestServers.GetAsync();
        using ConnectionMultiplexer multiplexer = await Servers.MultiplexAsync(server);
        StackExchangeRedisClient redis = StackExchangeRedisClient.Create(multiplexer);
        RedisSubscription news = await redis.SubscribeAsync([TestServers.NewKey()]);
        await redis.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => redis.GetAsync("a").AsTask());
        await Assert.ThrowsAsync<Ours.RedisConnectionException>(async () => await news.GetAsyncEnumerator().MoveNextAsync());
        Assert.True(await multiplexer.GetDatabase().StringSetAsync(TestServers.NewKey(), "still here"));
    }

    [Fact]
    public async Task A_multiplexer_that_was_disposed_is_told_as_such()
    {
        ConnectionMultiplexer multiplexer = await Servers.MultiplexAsync(await TestServers.GetAsync());
        await using StackExchangeRedisClient redis = StackExchangeRedisClient.Create(multiplexer);
        multiplexer.Dispose();
        Ours.RedisConnectionException refused = await Assert.ThrowsAsync<Ours.RedisConnectionException>(() => redis.GetAsync("a").AsTask());
        Assert.Equal((ConnectionFailure.Disposed, CommandOutcome.NotSent), (refused.Failure, refused.Outcome));
    }

    [Fact]
    public async Task A_factory_that_fails_is_asked_again_by_the_next_command_and_once_for_all_who_wait()
    {
        RedisServer server = await TestServers.GetAsync();
        int calls = 0;
        await using StackExchangeRedisClient redis = StackExchangeRedisClient.Create(async _ =>
        {
            if (Interlocked.Increment(ref calls) == 1) throw new TimeoutException("not yet");
            return await Servers.MultiplexAsync(server);
        });
        Ours.RedisConnectionException refused = await Assert.ThrowsAsync<Ours.RedisConnectionException>(() => redis.GetAsync("a").AsTask());
        Assert.Equal(CommandOutcome.NotSent, refused.Outcome);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => redis.SetAsync(TestServers.NewKey(), i).AsTask()));
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task Waits_that_ended_early_leave_no_unobserved_exception()
    {
        var unobserved = new System.Collections.Concurrent.ConcurrentQueue<Exception>();
        void Note(object? sender, UnobservedTaskExceptionEventArgs e)
        {
            if (e.Exception.ToString().Contains("StackExchange", StringComparison.Ordinal)) unobserved.Enqueue(e.Exception);
        }

        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            await LeaveEarlyAsync();
            for (int i = 0; i < 5; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            Assert.Empty(unobserved);
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Note;
        }
    }

    private static async Task LeaveEarlyAsync()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        ConnectionMultiplexer multiplexer = await Servers.MultiplexAsync(server);
        await using StackExchangeRedisClient redis = StackExchangeRedisClient.Create(multiplexer, new StackExchangeRedisOptions { CommandTimeout = TimeSpan.FromMilliseconds(50), DrainTimeout = TimeSpan.Zero });
        await server.PauseAsync();
        for (int i = 0; i < 20; i++)
        {
            var batch = new RedisBatch();
            batch.Add(RedisStrings.Increment("n"));
            var transaction = new RedisTransaction();
            transaction.Add(RedisStrings.Increment("n"));
            Task[] all = [redis.ExecuteAsync(batch).AsTask(), redis.ExecuteAsync(transaction).AsTask(), redis.GetAsync("n").AsTask(), redis.ExecuteAsync(Ours.RedisCommand.Create("INCR", "n"), Replies.Integer).AsTask()];
            foreach (Task each in all) await Assert.ThrowsAsync<Ours.RedisTimeoutException>(() => each);
        }

        await server.KillAsync();
        await Bounded.Until(() => multiplexer.GetCounters().TotalOutstanding == 0, "what was under way has failed");
        multiplexer.Dispose();
    }
}
