using System.Runtime.CompilerServices;
using RedisToolkit.Tests.Support;

namespace RedisToolkit.Tests.Bulk;

/// <summary>Loading what a source gives.</summary>
public sealed class BulkLoaderTests
{
    [Theory, EveryTarget]
    public async Task Every_entry_is_written_with_its_time_to_live(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        string prefix = TestServers.NewKey() + ":";
        var progress = new Reports<BulkProgress>();
        BulkResult result = await new BulkLoader(redis).LoadAsync(Entries(prefix, 20_000), TimeSpan.FromHours(1), new BulkOptions { Progress = progress });
        Assert.Equal((20_000, 20_000, 0, 0), (result.Total.Done, result.Total.Loaded, result.Total.Skipped, result.Total.Failed));
        Assert.True(result.Total.PerSecond > 0 && result.Total.Elapsed > TimeSpan.Zero);
        Assert.Equal(20_000, (await redis.KeysAsync(prefix + "*")).Length);
        Assert.Equal("value 12345", await redis.GetAsync(prefix + 12345));
        Assert.InRange((await redis.TimeToLiveAsync(prefix + 12345)).Left!.Value.TotalMinutes, 59, 60);
        Assert.Equal(progress.All.Select(report => report.Done).Order(), progress.All.Select(report => report.Done));
        Assert.Equal(20_000, progress.All[^1].Done);
    }

    [Theory, EveryTarget]
    public async Task An_entry_may_say_its_own_time_to_live_and_keys_that_are_there_may_be_left(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        string prefix = TestServers.NewKey() + ":";
        byte[] binary = [0, 255, 13, 10];
        await redis.SetAsync(prefix + "there", "old");
        BulkEntry[] entries = [new(prefix + "there", "new"), new(prefix + "own", binary, TimeToLive.After(TimeSpan.FromMinutes(5))), new(prefix + "all", "new")];
        BulkResult result = await new BulkLoader(redis).LoadAsync(entries.ToAsyncEnumerable(), TimeToLive.Forever, new BulkOptions { When = SetWhen.KeyIsMissing });
        Assert.Equal((2, 1), (result.Total.Loaded, result.Total.Skipped));
        Assert.Equal("old", await redis.GetAsync(prefix + "there"));
        Assert.Equal(binary, await redis.GetBytesAsync(prefix + "own"));
        Assert.InRange((await redis.TimeToLiveAsync(prefix + "own")).Left!.Value.TotalMinutes, 4, 5);
        Assert.Null((await redis.TimeToLiveAsync(prefix + "all")).Left);
    }

    [Theory, EveryTarget]
    public async Task What_fails_ends_the_work_or_is_listed_up_to_the_bound(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        string prefix = TestServers.NewKey() + ":";
        var loader = new BulkLoader(redis);
        // Number 700 cannot be sent, number 1,300 has no key.
        BulkEntry[] entries = [.. Enumerable.Range(0, 2000).Select(i => i switch
        {
            700 => new BulkEntry(prefix + "half a pair: \ud800", "value"),
            1300 => new BulkEntry("", "value"),
            _ => new BulkEntry(prefix + i, "value"),
        })];
        InvalidOperationException ended = await Assert.ThrowsAsync<InvalidOperationException>(() => loader.LoadAsync(entries.ToAsyncEnumerable(), TimeToLive.Forever, new BulkOptions { BatchSize = 100, BatchesInFlight = 1 }));
        Assert.Contains("number 700", ended.Message, StringComparison.Ordinal);
        Assert.IsType<ArgumentException>(ended.InnerException);
        Assert.InRange((await redis.KeysAsync(prefix + "*")).Length, 700, 1300);

        BulkResult result = await loader.LoadAsync(entries.ToAsyncEnumerable(), TimeToLive.Forever, new BulkOptions { MaxFailures = 2 });
        Assert.Equal([700, 1300], result.Failures.Select(failure => failure.Index));
        Assert.Equal((1998, 2), (result.Total.Loaded, result.Total.Failed));
        Assert.Equal(1998, (await redis.KeysAsync(prefix + "*")).Length);
    }

    [Theory, EveryTarget]
    public async Task Commands_of_any_kind_are_executed_and_refusals_are_listed(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        string prefix = TestServers.NewKey() + ":";
        await redis.SetAsync(prefix + "7", "text");
        IEnumerable<RedisCommand> commands = Enumerable.Range(0, 5000).Select(i => RedisCommand.Create("HSET", prefix + i % 10, $"field:{i}", i));
        BulkResult result = await new BulkLoader(redis).SendAsync(commands.ToAsyncEnumerable(), new BulkOptions { MaxFailures = 1000 });
        Assert.Equal((4500, 500), (result.Total.Loaded, result.Total.Failed));
        Assert.All(result.Failures, failure =>
        {
            RedisKeyTypeException error = Assert.IsType<RedisKeyTypeException>(failure.Error);
            Assert.Equal((prefix + "7", null, "string"), (error.Key, error.Expected, error.Actual));
            Assert.Contains("HSET", error.Message, StringComparison.Ordinal);
            Assert.Equal(RedisErrorCode.WrongType, Assert.IsType<RedisServerException>(error.InnerException).Code);
        });
        Assert.All(result.Failures, failure => Assert.Equal(7, failure.Index % 10));
        Assert.Equal(500, await redis.HashCountAsync(prefix + "3"));
    }

    [Theory, EveryTarget]
    public async Task A_source_is_not_asked_for_more_than_there_is_room_for(Target target)
    {
        await using FaultProxy proxy = await (await target.ServerAsync()).StartProxyAsync();
        await using IRedisClient redis = await target.ConnectAsync(proxy);
        await redis.PingAsync();
        proxy.ToClient.Stall();
        int asked = 0;
        using var cancellation = new CancellationTokenSource();
        Task<BulkResult> loading = new BulkLoader(redis).LoadAsync(
            Entries(TestServers.NewKey() + ":", int.MaxValue, () => Interlocked.Increment(ref asked)), TimeSpan.FromMinutes(1), new BulkOptions { BatchSize = 50, BatchesInFlight = 3 }, cancellation.Token);
        await Bounded.Until(() => Volatile.Read(ref asked) == 200, "three batches under way and one filled");
        await Task.Delay(100);
        Assert.Equal(200, Volatile.Read(ref asked));
        await cancellation.CancelAsync();
        await Bounded.Within(Assert.ThrowsAnyAsync<OperationCanceledException>(() => loading), 30, "loading that waits for replies is cancelled");
        proxy.PassThrough();
    }

    [Theory, EveryTarget]
    public async Task Entries_of_a_slow_source_are_written_without_waiting_for_a_full_batch(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        string prefix = TestServers.NewKey() + ":";
        var more = new TaskCompletionSource();
        Task<BulkResult> loading = new BulkLoader(redis).LoadAsync(Slowly(), TimeSpan.FromMinutes(1));
        await Bounded.Until(async () => await redis.ExistsAsync(prefix + 3), "the first entries are there while the source waits");
        Assert.False(loading.IsCompleted);
        more.SetResult();
        Assert.Equal(5, (await Bounded.Within(loading, 30, "loading ends")).Total.Loaded);

        async IAsyncEnumerable<BulkEntry> Slowly()
        {
            for (int i = 0; i < 4; i++) yield return new BulkEntry(prefix + i, "value");
            await more.Task;
            yield return new BulkEntry(prefix + 4, "value");
        }
    }

    [Theory, EveryTarget]
    public async Task It_is_cancelled_while_it_waits_for_the_source_and_for_its_rate(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        string prefix = TestServers.NewKey() + ":";
        using var first = new CancellationTokenSource();
        var waits = new TaskCompletionSource();
        Task<BulkResult> loading = new BulkLoader(redis).LoadAsync(Waiting(default), TimeSpan.FromMinutes(1), null, first.Token);
        await Bounded.Within(waits.Task, 30, "the source waits");
        await first.CancelAsync();
        await Bounded.Within(Assert.ThrowsAnyAsync<OperationCanceledException>(() => loading), 30, "the source is told");

        using var second = new CancellationTokenSource();
        var time = new StandingTime();
        loading = new BulkLoader(redis, time).LoadAsync(Entries(prefix, 1000), TimeSpan.FromMinutes(1), new BulkOptions { PerSecond = 100 }, second.Token);
        await Bounded.Until(() => time.Waits > 0, "the rate is waited for");
        await second.CancelAsync();
        await Bounded.Within(Assert.ThrowsAnyAsync<OperationCanceledException>(() => loading), 30, "the wait for the rate is cancelled");

        async IAsyncEnumerable<BulkEntry> Waiting([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return new BulkEntry(prefix + "first", "value");
            waits.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }

    [Theory, EveryTarget]
    public async Task The_rate_is_kept(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        var time = new JumpingTime();
        BulkResult result = await new BulkLoader(redis, time).LoadAsync(Entries(TestServers.NewKey() + ":", 2000), TimeSpan.FromMinutes(1), new BulkOptions { PerSecond = 500 });
        Assert.Equal(2000, result.Total.Loaded);
        Assert.InRange(time.Elapsed.TotalSeconds, 3.9, 4.0);
    }

    [Theory, EveryTarget]
    public async Task A_fault_of_the_source_is_thrown_when_what_was_sent_has_been_answered(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        string prefix = TestServers.NewKey() + ":";
        Task<BulkResult> loading = new BulkLoader(redis).LoadAsync(Entries(prefix, 5000, () => 0, failAt: 3000), TimeSpan.FromMinutes(1), new BulkOptions { BatchSize = 100 });
        Assert.Equal("the file is torn", (await Assert.ThrowsAsync<IOException>(() => loading)).Message);
        Assert.Equal(3000, (await redis.KeysAsync(prefix + "*")).Length);
    }

    [Theory, EveryTarget]
    public async Task A_lost_connection_is_made_up_for(Target target)
    {
        await using FaultProxy proxy = await (await target.ServerAsync()).StartProxyAsync();
        await using IRedisClient redis = await target.ConnectAsync(proxy);
        string prefix = TestServers.NewKey() + ":";
        await redis.PingAsync();
        int given = 0;
        BulkResult result = await new BulkLoader(redis).LoadAsync(
            Entries(prefix, 10_000, () =>
            {
                if (++given == 5000) proxy.ToClient.CutAfter(12);
                return given;
            }),
            TimeSpan.FromMinutes(5));
        Assert.Equal(10_000, result.Total.Loaded);
        Assert.Equal(10_000, (await redis.KeysAsync(prefix + "*")).Length);
    }

    [Fact]
    public async Task Bad_options_are_refused_before_the_source_is_asked()
    {
        RedisServer server = await TestServers.GetAsync();
        await using IRedisClient redis = await new OwnClient().ConnectAsync(new ClientSettings(server.Host, server.Port));
        var loader = new BulkLoader(redis);
        int asked = 0;
        foreach (BulkOptions options in (BulkOptions[])[new() { BatchSize = 0 }, new() { BatchBytes = 1 }, new() { BatchesInFlight = 65 }, new() { PerSecond = 0 }, new() { MaxFailures = -1 }, new() { When = (SetWhen)9 }])
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => loader.LoadAsync(Entries("key:", 1, () => ++asked), TimeToLive.Forever, options));
        await Assert.ThrowsAsync<ArgumentNullException>(() => loader.LoadAsync(null!, TimeToLive.Forever));
        await Assert.ThrowsAsync<ArgumentNullException>(() => loader.SendAsync(null!));
        Assert.Equal(0, asked);
    }

    private static async IAsyncEnumerable<BulkEntry> Entries(string prefix, int count, Func<int>? onEach = null, int failAt = -1)
    {
        for (int i = 0; i < count; i++)
        {
            if (i == failAt) throw new IOException("the file is torn");
            _ = onEach?.Invoke();
            yield return new BulkEntry(prefix + i, "value " + i);
        }

        await Task.CompletedTask;
    }
}
