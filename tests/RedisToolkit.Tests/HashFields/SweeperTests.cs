using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RedisToolkit.Tests.Support;

namespace RedisToolkit.Tests;

/// <summary>The sweeper that runs in a host: what it removes, when it rests, who of several does it, and how it ends.</summary>
public sealed class SweeperTests
{
    private const int Swept = 1200, NothingSwept = 1201, Idle = 1202, HashesFailed = 1203, Failed = 1204;
    private const string Lease = "redistoolkit:hash-field-sweeper";
    private static readonly HashFieldSweeperOptions EverySecond = new() { Interval = TimeSpan.FromSeconds(1), StepsPerSecond = 10_000 };

    [Theory, EveryStorage]
    public async Task Fields_whose_time_has_run_out_are_removed_though_nobody_touches_their_hashes(Target target, HashFieldStorage storage)
    {
        await using RedisServer server = await target.StartServerAsync();
        await using IRedisClient redis = await target.ConnectAsync(server);
        var log = new LogLines();
        await using AsyncServiceHost host = HostOf(log, services => services.AddRedisToolkit().UseClient(_ => redis)
            .ConfigureHashFields(new HashFieldsOptions { Storage = storage }).AddHashFieldSweeper(EverySecond));
        await host.StartAsync();
        var fields = host.Services.GetRequiredService<HashFields>();
        Assert.Equal(storage, fields.Options.Storage);
        string[] keys = ["plain", "tagged:{7}", "odd}"];
        foreach (string key in keys) await fields.SetAsync(key, [("brief", 1, TimeToLive.Milliseconds(10)), ("long", 1, TimeToLive.Hours(1)), ("ever", 1, TimeToLive.Forever)]);
        await redis.SetAsync("text", "not a hash");
        _ = await server.CommandAsync("ZADD", "{text}:field-deadlines", "1700000000000.5", "f");
        foreach (string key in keys) await Bounded.Until(async () => await redis.HashCountAsync(key) == 2, "only those that are kept are left");
        await Bounded.Until(() => log.Count(HashesFailed) > 0, "the hash that cannot be swept is told of");
        await Bounded.Within(host.StopAsync(), 30, "the host has stopped");
        bool beside = storage == HashFieldStorage.Portable || target.Flavor == RedisFlavor.Redis7;
        Assert.Equal(beside, log.Count(Swept) > 0);
        Assert.DoesNotContain(log.All, line => line.Text.Contains("tagged", StringComparison.Ordinal) || line.Text.Contains("brief", StringComparison.Ordinal));
        Assert.False(await redis.ExistsAsync(Lease));
    }

    [Theory, EveryTarget]
    public async Task It_rests_where_the_server_expires_fields_and_looks_again_every_hour(Target target)
    {
        await using RedisServer server = await target.StartServerAsync();
        await using IRedisClient redis = await target.ConnectAsync(server);
        int waits = 0;
        var time = new JumpingTime(() => Interlocked.Increment(ref waits));
        var log = new LogLines();
        await using (await SweepingAsync(redis, new HashFieldSweeperOptions(), log, time)) await Bounded.Until(() => time.Elapsed > TimeSpan.FromHours(5), "five hours have passed");
        string? scans = (await server.CommandAsync("INFO", "commandstats")).ToString()!.Split('\n').FirstOrDefault(line => line.StartsWith("cmdstat_scan:", StringComparison.Ordinal));
        int count = int.Parse(scans!.Split('=', ',')[1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(waits > 200);
        double hours = time.Elapsed.TotalHours;
        if (target.Flavor == RedisFlavor.Redis7)
        {
            Assert.InRange(count, hours * 48, waits);
            Assert.Equal(0, log.Count(Idle));
        }
        else
        {
            Assert.InRange(count, 4, hours + 1);
            // The last one may have been stopped.
            Assert.InRange(log.Count(Idle), count - 1, count);
        }
    }

    [Theory, EveryTarget]
    public async Task Of_several_instances_one_sweeps_and_another_takes_over_when_it_stops(Target target)
    {
        await using RedisServer server = await target.StartServerAsync();
        await using IRedisClient redis = await target.ConnectAsync(server);
        var instances = new List<(LogLines Log, Sweeping Sweeper)>();
        for (int i = 0; i < 3; i++)
        {
            var log = new LogLines();
            instances.Add((log, await SweepingAsync(redis, EverySecond, log, storage: HashFieldStorage.Portable)));
        }

        while (instances.Count > 0)
        {
            await Bounded.Until(() => instances.Any(one => Runs(one.Log) >= 2), "one of them has swept twice");
            (LogLines Log, Sweeping Sweeper) holder = Assert.Single(instances, one => Runs(one.Log) > 0);
            await holder.Sweeper.DisposeAsync();
            instances.Remove(holder);
            Assert.All(holder.Log.All, line => Assert.True(line.Level < LogLevel.Warning, line.Text));
        }

        static int Runs(LogLines log) => log.Count(Swept) + log.Count(NothingSwept);
    }

    [Theory, EveryTarget]
    public async Task While_another_instance_holds_the_lease_nothing_is_swept_and_when_that_died_it_is(Target target)
    {
        await using RedisServer server = await target.StartServerAsync();
        await using IRedisClient redis = await target.ConnectAsync(server);
        var fields = new HashFields(redis, new HashFieldsOptions { Storage = HashFieldStorage.Portable });
        await fields.SetAsync("k", [("brief", 1, TimeToLive.Milliseconds(1)), ("long", 1, TimeToLive.Hours(1))]);
        await redis.SetAsync(Lease, "an instance that has died", Expiry.After(TimeSpan.FromHours(1)));
        int waits = 0;
        var log = new LogLines();
        await using Sweeping sweeper = await SweepingAsync(redis, EverySecond, log, new JumpingTime(() => Interlocked.Increment(ref waits)), HashFieldStorage.Portable);
        await Bounded.Until(() => Volatile.Read(ref waits) > 50, "it has asked many times");
        Assert.Equal(2, await redis.HashCountAsync("k"));
        Assert.Equal("an instance that has died", await redis.GetAsync(Lease));
        await redis.ExpireAsync(Lease, TimeSpan.FromMilliseconds(10));
        await Bounded.Until(async () => await redis.HashCountAsync("k") == 1, "it has taken over");
        Assert.InRange((await redis.TimeToLiveAsync(Lease)).Left!.Value, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(32));
        Assert.DoesNotContain(log.All, line => line.Level >= LogLevel.Warning);
    }

    [Theory, EveryTarget]
    public async Task A_sweep_keeps_its_rate_and_ends_when_somebody_else_took_the_lease(Target target)
    {
        await using RedisServer server = await target.StartServerAsync();
        await using IRedisClient redis = await target.ConnectAsync(server);
        var fields = new HashFields(redis, new HashFieldsOptions { Storage = HashFieldStorage.Portable });
        var log = new LogLines();
        await FillAsync();
        await using (await SweepingAsync(redis, new HashFieldSweeperOptions { StepsPerSecond = 2 }, log, new JumpingTime(), HashFieldStorage.Portable))
            await Bounded.Until(() => log.Count(Swept) > 0, "all are swept");
        string line = log.All.First(line => line.Id == Swept).Text;
        Assert.StartsWith("Removed 60 fields whose time had run out from 60 hashes", line, StringComparison.Ordinal);
        // The first of 61 steps or more waits for nothing.
        Assert.InRange(int.Parse(line.Split(' ')[^2], System.Globalization.CultureInfo.InvariantCulture), 29_000, 32_000);

        await redis.DeleteAsync(Lease);
        await FillAsync();
        var second = new LogLines();
        int waits = 0;
        var time = new JumpingTime(() =>
        {
            // The first wait is before the first sweep.
            if (Interlocked.Increment(ref waits) == 25) Assert.True(server.CommandAsync("SET", Lease, "somebody else").Wait(TimeSpan.FromSeconds(30)));
        });
        await using (await SweepingAsync(redis, new HashFieldSweeperOptions { StepsPerSecond = 2 }, second, time, HashFieldStorage.Portable))
            await Bounded.Until(() => Volatile.Read(ref waits) > 100, "it has asked often");
        line = Assert.Single(second.All, line => line.Id == Swept).Text;
        Assert.InRange(int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), 20, 59);
        Assert.Equal("somebody else", await redis.GetAsync(Lease));

        async Task FillAsync()
        {
            for (int i = 0; i < 60; i++) await fields.SetAsync($"k{i}", [("brief", i, TimeToLive.Milliseconds(1)), ("long", i, TimeToLive.Hours(1))]);
            await Task.Delay(5);
        }
    }

    [Theory, EveryTarget]
    public async Task What_fails_is_told_without_secrets_and_tried_again(Target target)
    {
        await using RedisServer server = await target.StartServerAsync();
        await using IRedisClient redis = await target.ConnectAsync(server, settings => settings with { CommandTimeout = TimeSpan.FromSeconds(1) });
        await redis.HashSetAsync(Lease, "f", "s3cr3t");
        var log = new LogLines();
        await using Sweeping sweeper = await SweepingAsync(redis, EverySecond, log, storage: HashFieldStorage.Portable);
        await Bounded.Until(() => log.Count(Failed) >= 2, "it has failed twice");
        (_, LogLevel level, string text) = log.All.First(line => line.Id == Failed);
        Assert.Equal(LogLevel.Warning, level);
        Assert.Contains($"'{Lease}' holds a hash", text, StringComparison.Ordinal);
        await server.KillAsync();
        int failed = log.Count(Failed);
        await Bounded.Until(() => log.Count(Failed) > failed, "it has failed without a server");
        await server.RestartAsync(keepData: false);
        var fields = new HashFields(redis, new HashFieldsOptions { Storage = HashFieldStorage.Portable });
        await Bounded.Until(async () => await SetAsync(), "the server is there again");
        await Bounded.Until(async () => await redis.HashCountAsync("k") == 1, "it sweeps again");
        Assert.DoesNotContain(log.All, line => line.Text.Contains("s3cr3t", StringComparison.Ordinal));

        async Task<bool> SetAsync()
        {
            try
            {
                return await fields.SetAsync("k", [("brief", 1, TimeToLive.Milliseconds(1)), ("long", 1, TimeToLive.Hours(1))]);
            }
            catch (RedisToolkit.Client.RedisException)
            {
                return false;
            }
        }
    }

    [Theory, EveryTarget]
    public async Task It_stops_at_once_while_it_rests_and_in_the_midst_of_a_sweep(Target target)
    {
        await using RedisServer server = await target.StartServerAsync();
        await using IRedisClient redis = await target.ConnectAsync(server);
        var fields = new HashFields(redis, new HashFieldsOptions { Storage = HashFieldStorage.Portable });
        for (int i = 0; i < 40; i++) await fields.SetAsync($"k{i}", [("brief", i, TimeToLive.Milliseconds(1)), ("long", i, TimeToLive.Hours(1))]);
        var log = new LogLines();
        Sweeping sweeper = await SweepingAsync(redis, new HashFieldSweeperOptions { Interval = TimeSpan.FromSeconds(1), StepsPerSecond = 2 }, log, storage: HashFieldStorage.Portable);
        await Bounded.Until(async () => await CountAsync() < 80, "it has begun");
        await Bounded.Within(sweeper.DisposeAsync().AsTask(), 10, "it stops in the midst of a sweep");
        Assert.InRange(await CountAsync(), 45, 79);
        Assert.False(await redis.ExistsAsync(Lease));

        sweeper = await SweepingAsync(redis, new HashFieldSweeperOptions { Interval = TimeSpan.FromDays(1) }, log);
        await Bounded.Within(sweeper.DisposeAsync().AsTask(), 10, "it stops while it rests");
        Assert.DoesNotContain(log.All, line => line.Level >= LogLevel.Warning);

        async Task<long> CountAsync()
        {
            var batch = new RedisBatch();
            BatchResult<long>[] counts = [.. Enumerable.Range(0, 40).Select(i => batch.Add(RedisHashes.Count($"k{i}")))];
            await redis.ExecuteAsync(batch);
            return counts.Sum(count => count.Value);
        }
    }

    [Fact]
    public async Task It_rests_a_little_more_or_less_each_time()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync(server.ConnectionString);
        var time = new NotingTime();
        await using (await SweepingAsync(redis, new HashFieldSweeperOptions { Interval = TimeSpan.FromMinutes(10) }, new LogLines(), time)) await Bounded.Until(() => time.Waits.Count > 100, "it has rested often");
        TimeSpan[] waits = [.. time.Waits.Take(100)];
        Assert.InRange(waits[0], TimeSpan.Zero, TimeSpan.FromMinutes(10));
        Assert.All(waits[1..], wait => Assert.InRange(wait, TimeSpan.FromMinutes(8), TimeSpan.FromMinutes(12)));
        Assert.True(waits[1..].Max() - waits[1..].Min() > TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task Each_toolkit_has_a_sweeper_of_its_own()
    {
        await using RedisServer first = await RedisServer.StartAsync(new RedisServerOptions { Flavor = RedisFlavor.Redis7 });
        await using RedisServer second = await RedisServer.StartAsync(new RedisServerOptions { Flavor = RedisFlavor.Redis7 });
        await using AsyncServiceHost host = HostOf(new LogLines(), services =>
        {
            services.AddRedisToolkit(first.ConnectionString).AddHashFieldSweeper(EverySecond);
            services.AddRedisToolkit(second.ConnectionString, key: "orders").AddHashFieldSweeper(EverySecond);
        });
        await host.StartAsync();
        foreach (HashFields fields in new[] { host.Services.GetRequiredService<HashFields>(), host.Services.GetRequiredKeyedService<HashFields>("orders") })
            await fields.SetAsync("k", [("brief", 1, TimeToLive.Milliseconds(10)), ("long", 1, TimeToLive.Hours(1))]);
        foreach (IRedisClient redis in new[] { host.Services.GetRequiredService<IRedisClient>(), host.Services.GetRequiredKeyedService<IRedisClient>("orders") })
            await Bounded.Until(async () => await redis.HashCountAsync("k") == 1, "it is swept");
        await Bounded.Within(host.StopAsync(), 30, "the host has stopped");
        foreach (RedisServer server in new[] { first, second }) Assert.Equal("0", (await server.CommandAsync("EXISTS", Lease)).ToString());
    }

    [Fact]
    public void A_second_sweeper_for_one_toolkit_is_refused()
    {
        RedisToolkitBuilder builder = new ServiceCollection().AddRedisToolkit("localhost").AddHashFieldSweeper();
        Assert.Contains("before", Assert.Throws<InvalidOperationException>(() => builder.AddHashFieldSweeper()).Message, StringComparison.Ordinal);
    }

    private static AsyncServiceHost HostOf(LogLines log, Action<IServiceCollection> add)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<ILoggerFactory>(log);
        add(builder.Services);
        return new AsyncServiceHost(builder.Build());
    }

    private static async Task<Sweeping> SweepingAsync(
        IRedisClient redis, HashFieldSweeperOptions options, LogLines log, TimeProvider? time = null, HashFieldStorage storage = HashFieldStorage.Automatic)
    {
        var sweeper = new HashFieldSweeper(new HashFields(redis, new HashFieldsOptions { Storage = storage }), options, log, time ?? TimeProvider.System);
        await sweeper.StartAsync(default);
        return new Sweeping(sweeper);
    }

    private sealed class AsyncServiceHost(IHost host) : IAsyncDisposable
    {
        public IServiceProvider Services => host.Services;

        public Task StartAsync() => host.StartAsync();

        public Task StopAsync() => host.StopAsync();

        public ValueTask DisposeAsync() => ((IAsyncDisposable)host).DisposeAsync();
    }

    private sealed class Sweeping(HashFieldSweeper sweeper) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Bounded.Within(sweeper.StopAsync(default), 30, "the sweeper has stopped");
            sweeper.Dispose();
        }
    }

    private sealed class NotingTime : TimeProvider
    {
        public System.Collections.Concurrent.ConcurrentQueue<TimeSpan> Waits { get; } = new();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime > TimeSpan.Zero) Waits.Enqueue(dueTime);
            return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }
}
