using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Faults;

/// <summary>Callers whose code blocks on a task where it should await: bad manners, but nobody else is to suffer for them.</summary>
[Collection(nameof(Alone))]
public sealed class BlockedContinuationTests
{
    private const int Callers = 50;

    public static TheoryData<int> Blockers => [1, 2, 8];

    [Theory]
    [MemberData(nameof(Blockers))]
    public async Task Callers_that_block_in_their_continuations_stall_nobody(int blockers)
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server);
        using var stop = new CancellationTokenSource();
        long[] done = new long[Callers];
        Task[] callers = [.. Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                string text = $"{caller}:{i}";
                Assert.Equal(text, await redis.EchoAsync(text));
                if (caller < blockers) Assert.Equal("again", Block(redis.EchoAsync("again").AsTask()));
                done[caller]++;
            }
        }))];
        // A stall shows as a command that takes until its connection is given up; every caller makes progress long before that.
        for (int round = 0; round < 5; round++)
        {
            long[] before = [.. done];
            await Bounded.Until(() => !done.Where((n, i) => n < before[i] + 5).Any(), $"progress of every caller, round {round}", 20);
        }

        await stop.CancelAsync();
        await Bounded.Within(Task.WhenAll(callers), 20, "all callers");
        Assert.Equal(1, (await server.CommandAsync("INFO", "stats")).Text!.Split('\n').Count(l => l.StartsWith("total_error_replies:0", StringComparison.Ordinal)));
    }

    // Every command takes part in a round that is deferred, and all of them but the last get stuck.
    [Fact]
    public async Task Commands_put_off_to_the_end_of_a_round_are_sent_though_every_resumer_gets_stuck()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server, o => o with { CommandTimeout = TimeSpan.FromSeconds(20), HeartbeatTimeout = TimeSpan.FromSeconds(60) });
        for (int round = 0; round < 300; round++)
        {
            Task[] callers = [.. Enumerable.Range(0, 4).Select(caller => Task.Run(async () =>
            {
                await redis.EchoAsync("first");
                Assert.Equal("second", Block(redis.EchoAsync("second").AsTask()));
            }))];
            await Bounded.Within(Task.WhenAll(callers), 15, $"round {round}");
        }
    }

    // The one who put it off has gone on; the last of the round waits for its reply, and would have been the one to send it.
    [Fact]
    public async Task A_command_put_off_by_one_caller_is_sent_though_the_next_one_blocks_on_its_reply()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server, o => o with { CommandTimeout = TimeSpan.FromSeconds(20), HeartbeatTimeout = TimeSpan.FromSeconds(60) });
        for (int round = 0; round < 300; round++)
        {
            var putOff = new TaskCompletionSource<Task<string?>>(TaskCreationOptions.RunContinuationsAsynchronously);
            // The first one leaves alone, the others together, so that their replies come together.
            Task<string?> alone = redis.EchoAsync("alone").AsTask();
            Task[] callers = [PutOffAsync(redis.EchoAsync("first")), WaitAsync(redis.EchoAsync("second"))];
            await Bounded.Within(Task.WhenAll([alone, .. callers]), 15, $"round {round}");

            async Task PutOffAsync(ValueTask<string?> own)
            {
                Assert.Equal("first", await own);
                putOff.SetResult(redis.EchoAsync("put off").AsTask());
            }

            async Task WaitAsync(ValueTask<string?> own)
            {
                Assert.Equal("second", await own);
                Assert.Equal("put off", Block(Block(putOff.Task)));
            }
        }
    }

    // What has lost its connection is tried again by a caller who blocks: the next connection must not wait for that caller.
    [Fact]
    public async Task A_caller_who_blocks_on_trying_again_after_a_loss_does_not_hold_up_the_next_connection()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync(proxy.OptionsFor() with { CommandTimeout = TimeSpan.FromSeconds(60) });
        for (int round = 0; round < 5; round++)
        {
            await redis.EchoAsync("connected");
            proxy.ToClient.Stall();
            long sent = proxy.ToServer.Bytes;
            Task[] callers = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
            {
                await Assert.ThrowsAsync<RedisConnectionException>(async () => await redis.IncrAsync("n"));
                Block(redis.EchoAsync("again").AsTask());
            }))];
            await Bounded.Until(() => proxy.ToServer.Bytes >= sent + (3 * "*2\r\n$4\r\nINCR\r\n$1\r\nn\r\n".Length), "commands under way");
            await proxy.DropConnectionsAsync();
            proxy.PassThrough();
            await Bounded.Within(Task.WhenAll(callers), 20, $"callers of round {round}");
        }
    }

    [Fact]
    public async Task A_caller_with_a_synchronization_context_is_resumed_on_it()
    {
        await using RedisClient redis = await Servers.ConnectAsync();
        using var context = new OneThread();
        await Bounded.Within(context.RunAsync(async () =>
        {
            for (int i = 0; i < 200; i++)
            {
                Assert.Equal($"{i}", await redis.EchoAsync($"{i}"));
                Assert.Equal(context.ThreadId, Environment.CurrentManagedThreadId);
            }

            // Blocking on that one thread is no deadlock, since the engine needs no context.
            for (int i = 0; i < 50; i++) Assert.Equal("x", Block(redis.EchoAsync("x").AsTask()));
        }), 30, "the caller with a context");
    }

    [Fact]
    public async Task A_caller_on_a_task_scheduler_of_its_own_is_resumed_there()
    {
        await using RedisClient redis = await Servers.ConnectAsync();
        TaskScheduler scheduler = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        await Bounded.Within(Task.Factory.StartNew(
            async () =>
            {
                for (int i = 0; i < 200; i++)
                {
                    Assert.Equal($"{i}", await redis.EchoAsync($"{i}"));
                    Assert.Same(scheduler, TaskScheduler.Current);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.None,
            scheduler).Unwrap(), 30, "the caller with a scheduler");
    }

    private static T Block<T>(Task<T> task) => task.GetAwaiter().GetResult();

    /// <summary>A context with one thread, as user interfaces have.</summary>
    private sealed class OneThread : SynchronizationContext, IDisposable
    {
        private readonly System.Collections.Concurrent.BlockingCollection<(SendOrPostCallback, object?)> _work = [];
        private readonly Thread _thread;

        public OneThread()
        {
            _thread = new Thread(() =>
            {
                SetSynchronizationContext(this);
                foreach ((SendOrPostCallback run, object? state) in _work.GetConsumingEnumerable()) run(state);
            });
            _thread.Start();
        }

        public int ThreadId => _thread.ManagedThreadId;

        public override void Post(SendOrPostCallback d, object? state) => _work.Add((d, state));

        public Task RunAsync(Func<Task> code)
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Post(async _ =>
            {
                try
                {
                    await code();
                    done.SetResult();
                }
                catch (Exception e)
                {
                    done.SetException(e);
                }
            }, null);
            return done.Task;
        }

        public void Dispose()
        {
            _work.CompleteAdding();
            _thread.Join(TimeSpan.FromSeconds(10));
            _work.Dispose();
        }
    }
}
