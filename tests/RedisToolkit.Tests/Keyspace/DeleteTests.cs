using RedisToolkit.Tests.Support;

namespace RedisToolkit.Tests.Keyspace;

/// <summary>Deleting by pattern: exactly what matches, at the rate that was asked for, and to the end whatever happens in between.</summary>
public sealed class DeleteTests
{
    [Theory, EveryTarget]
    public async Task All_keys_that_match_are_deleted_whatever_they_hold_and_no_other(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        string prefix = TestServers.NewKey() + ":";
        await redis.FillTypesAsync(prefix + "old:");
        await redis.FillTypesAsync(prefix + "new:");
        await redis.FillAsync(prefix + "old:", 1500);
        byte[] binary = [.. System.Text.Encoding.UTF8.GetBytes(prefix + "old:"), 0, 0xff, 10];
        await redis.SetAsync(binary, "value");
        KeyspaceResult result = await new RedisKeyspace(redis).DeleteAsync(prefix + "old:*");
        Assert.Equal((1507, 1507, 0, 0, 0), Counts(result.Total));
        Assert.Equal(10, result.Examples.Count);
        Assert.Empty(result.Failures);
        Assert.Empty(await redis.KeysAsync(prefix + "old:*"));
        Assert.Equal(6, (await redis.KeysAsync(prefix + "*")).Length);
        Assert.False(await redis.ExistsAsync(binary));
    }

    [Theory, EveryTarget]
    public async Task A_dry_run_finds_everything_and_deletes_nothing(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        string prefix = TestServers.NewKey() + ":";
        await redis.FillAsync(prefix, 700);
        KeyspaceResult result = await new RedisKeyspace(redis).DeleteAsync(prefix + "*", new KeyspaceOptions { DryRun = true });
        Assert.Equal((700, 0, 0, 0, 0), Counts(result.Total));
        Assert.True(result.DryRun);
        Assert.All(result.Examples, key => Assert.StartsWith(prefix, key.Text, StringComparison.Ordinal));
        Assert.Equal(700, (await redis.KeysAsync(prefix + "*")).Length);
    }

    [Theory, EveryTarget]
    public async Task A_pattern_that_means_every_key_is_refused_unless_it_is_meant(Target target)
    {
        await using RedisServer server = await target.StartServerAsync();
        await using IRedisClient redis = await target.ConnectAsync(server);
        await redis.FillAsync("key:", 100);
        var keyspace = new RedisKeyspace(redis);
        foreach (string pattern in (string[])["*", "**", "?*", "[a-z]*", "[^x]*", "*?*"])
        {
            ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(() => keyspace.DeleteAsync(pattern));
            Assert.Contains(nameof(KeyspaceOptions.AllowEveryKey), refused.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<ArgumentException>(() => keyspace.ExpireAsync(pattern, TimeSpan.FromMinutes(1)));
            await Assert.ThrowsAsync<ArgumentException>(() => keyspace.RenameAsync(pattern, KeyMapping.ReplacePrefix("key:", "other:"), KeyConflict.Skip));
        }

        await Assert.ThrowsAsync<ArgumentException>(() => keyspace.DeleteAsync("", new KeyspaceOptions { AllowEveryKey = true }));
        Assert.Equal(100, await redis.DatabaseSizeAsync());
        Assert.Equal(100, (await keyspace.DeleteAsync("*", new KeyspaceOptions { AllowEveryKey = true })).Total.Changed);
        Assert.Equal(0, await redis.DatabaseSizeAsync());
    }

    [Theory, EveryTarget]
    public async Task What_was_cancelled_goes_on_from_its_checkpoint_and_looks_at_every_key_but_once(Target target)
    {
        await using RedisServer server = await target.StartServerAsync();
        await using IRedisClient redis = await target.ConnectAsync(server);
        await redis.FillAsync("old:", 4000);
        await redis.FillAsync("new:", 1000);
        var keyspace = new RedisKeyspace(redis);
        using var cancellation = new CancellationTokenSource();
        int reports = 0;
        var progress = new Reports<KeyspaceProgress>(_ =>
        {
            if (++reports == 7) cancellation.Cancel();
        });
        var checkpoint = new KeyspaceCheckpoint();
        var options = new KeyspaceOptions { Checkpoint = checkpoint, Progress = progress, ScanCount = 100 };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => keyspace.DeleteAsync("old:*", options, cancellation.Token));
        long before = progress.All[^1].Changed;
        Assert.InRange(before, 1, 3999);
        Assert.False(checkpoint.IsFinished);
        Assert.Equal(checkpoint.ToString(), progress.All[^1].Checkpoint);

        KeyspaceCheckpoint stored = KeyspaceCheckpoint.Parse(checkpoint.ToString());
        KeyspaceResult rest = await keyspace.DeleteAsync("old:*", new KeyspaceOptions { Checkpoint = stored, ScanCount = 100 });
        Assert.Equal(4000, before + rest.Total.Changed);
        Assert.True(stored.IsFinished);
        Assert.Equal(1000, await redis.DatabaseSizeAsync());

        // Finished is finished, also when it was stored.
        await redis.FillAsync("old:", 10);
        Assert.Equal(0, (await keyspace.DeleteAsync("old:*", new KeyspaceOptions { Checkpoint = KeyspaceCheckpoint.Parse(stored.ToString()) })).Total.Matched);
    }

    [Theory, EveryTarget]
    public async Task What_was_cancelled_in_the_midst_of_a_step_leaves_no_key_of_that_step_out(Target target)
    {
        await using RedisServer server = await target.StartServerAsync();
        await using IRedisClient redis = await target.ConnectAsync(server);
        await redis.FillAsync("old:", 2000);
        using var cancellation = new CancellationTokenSource();
        int waits = 0;
        // Steps of some 400 keys, 50 of them at a time: cancelled with some of a step deleted and others not.
        var time = new JumpingTime(() =>
        {
            if (++waits == 11) cancellation.Cancel();
        });
        var checkpoint = new KeyspaceCheckpoint();
        var progress = new Reports<KeyspaceProgress>();
        var options = new KeyspaceOptions { KeysPerSecond = 1000, ScanCount = 400, Checkpoint = checkpoint, Progress = progress };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new RedisKeyspace(redis, time).DeleteAsync("old:*", options, cancellation.Token));
        Assert.InRange(progress.All[^1].Changed, 1, 1999);
        Assert.True(progress.All[^1].Changed > progress.All[^2].Changed, "It was cancelled between steps, which is another test.");
        KeyspaceResult rest = await new RedisKeyspace(redis).DeleteAsync("old:*", new KeyspaceOptions { Checkpoint = checkpoint });
        Assert.Equal(2000, progress.All[^1].Changed + rest.Total.Changed);
        Assert.Equal(0, await redis.DatabaseSizeAsync());
    }

    [Theory, EveryTarget]
    public async Task It_can_be_cancelled_while_it_waits_for_a_scan_for_deletions_and_for_its_rate(Target target)
    {
        await using FaultProxy proxy = await (await target.ServerAsync()).StartProxyAsync();
        await using IRedisClient redis = await target.ConnectAsync(proxy);
        string prefix = TestServers.NewKey() + ":";
        await redis.FillAsync(prefix, 1000);

        // The first step waits for its reply.
        proxy.ToClient.Stall();
        await CancelledAsync(new RedisKeyspace(redis), new KeyspaceOptions(), () => Task.Delay(50));
        proxy.PassThrough();

        // The first keys are known, their deletion waits for its reply. The mapping is asked in between.
        var stalled = new TaskCompletionSource();
        using var cancellation = new CancellationTokenSource();
        Task renaming = new RedisKeyspace(redis).RenameAsync(
            prefix + "*",
            key =>
            {
                proxy.ToClient.Stall();
                stalled.TrySetResult();
                return "renamed:" + key.Text;
            },
            KeyConflict.Skip,
            null,
            cancellation.Token);
        await Bounded.Within(stalled.Task, 30, "keys were found");
        await Task.Delay(50);
        await cancellation.CancelAsync();
        await Bounded.Within(Assert.ThrowsAnyAsync<OperationCanceledException>(() => renaming), 30, "a renaming that waits for replies is cancelled");
        proxy.PassThrough();
        await new RedisKeyspace(redis).DeleteAsync("renamed:" + prefix + "*");

        // The rate is used up, and time stands still.
        var time = new StandingTime();
        await CancelledAsync(new RedisKeyspace(redis, time), new KeyspaceOptions { KeysPerSecond = 1 }, () => Bounded.Until(() => time.Waits > 0, "the rate is waited for"));

        async Task CancelledAsync(RedisKeyspace keyspace, KeyspaceOptions options, Func<Task> until)
        {
            using var cancelled = new CancellationTokenSource();
            Task deletion = keyspace.DeleteAsync(prefix + "*", options, cancelled.Token);
            await until();
            Assert.False(deletion.IsCompleted);
            await cancelled.CancelAsync();
            await Bounded.Within(Assert.ThrowsAnyAsync<OperationCanceledException>(() => deletion), 30, "a deletion that waits is cancelled");
        }
    }

    [Theory, EveryTarget]
    public async Task A_connection_lost_in_the_midst_is_made_up_for_and_what_nobody_can_tell_is_counted_apart(Target target)
    {
        await using FaultProxy proxy = await (await target.ServerAsync()).StartProxyAsync();
        await using IRedisClient redis = await target.ConnectAsync(proxy);
        string prefix = TestServers.NewKey() + ":";
        // The rate makes steps of 50 keys, one command each. Before the third one the connection is set to end in the midst of its reply; a
        // client with several connections may lose another one instead, and then it is tried again.
        KeyspaceResult result;
        int attempt = 0;
        do
        {
            await redis.FillAsync(prefix, 1000);
            var time = new JumpingTime(BeforeThirdStep(() => proxy.ToClient.CutAfter(2)));
            result = await new RedisKeyspace(redis, time).DeleteAsync(prefix + "*", new KeyspaceOptions { KeysPerSecond = 1000, ScanCount = 20_000 });
            Assert.Equal((1000, 1000, 0, 0), (result.Total.Matched, result.Total.Changed + result.Total.Unconfirmed, result.Total.Skipped, result.Total.Failed));
            Assert.Empty(await redis.KeysAsync(prefix + "*"));
        }
        while (result.Total.Unconfirmed == 0 && ++attempt < 10);
        Assert.Equal(50, result.Total.Unconfirmed);
    }

    [Theory, EveryTarget]
    public async Task Of_a_step_with_a_reply_for_each_key_those_whose_reply_came_are_known(Target target)
    {
        await using FaultProxy proxy = await (await target.ServerAsync()).StartProxyAsync();
        await using IRedisClient redis = await target.ConnectAsync(proxy);
        string prefix = TestServers.NewKey() + ":";
        await redis.FillAsync(prefix, 1000);
        // Each reply to RENAMENX is 4 bytes: the connection ends in the midst of the third one.
        var time = new JumpingTime(BeforeThirdStep(() => proxy.ToClient.CutAfter(10)));
        KeyspaceResult result = await new RedisKeyspace(redis, time).RenameAsync(
            prefix + "*", KeyMapping.ReplacePrefix(prefix, "renamed:" + prefix), KeyConflict.Skip, new KeyspaceOptions { KeysPerSecond = 1000, ScanCount = 20_000 });
        Assert.Equal((1000, 1000, 0, 0), (result.Total.Matched, result.Total.Changed + result.Total.Unconfirmed, result.Total.Skipped, result.Total.Failed));
        // Two replies had come; whether they were still read when the connection ended is the client's affair. A client with several
        // connections may have lost another one instead.
        if (redis is RedisClient) Assert.InRange(result.Total.Unconfirmed, 48, 50);
        Assert.Empty(await redis.KeysAsync(prefix + "*"));
        await new RedisKeyspace(redis).DeleteAsync("renamed:" + prefix + "*");
    }

    [Theory, EveryTarget]
    public async Task A_server_that_stays_away_is_told_with_a_checkpoint_to_go_on_from(Target target)
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Flavor = target.Flavor, Persistence = RedisPersistence.AppendOnly });
        await using IRedisClient redis = await target.ConnectAsync(server, settings => settings with { CommandTimeout = TimeSpan.FromMilliseconds(500) });
        await redis.FillAsync("old:", 3000);
        var keyspace = new RedisKeyspace(redis);
        var checkpoint = new KeyspaceCheckpoint();
        Task killed = Task.CompletedTask;
        int reports = 0;
        var options = new KeyspaceOptions
        {
            Checkpoint = checkpoint,
            Progress = new Reports<KeyspaceProgress>(_ =>
            {
                if (++reports == 3) killed = server.KillAsync();
            }),
        };
        await Bounded.Within(Assert.ThrowsAnyAsync<RedisException>(() => keyspace.DeleteAsync("old:*", options)), 60, "the deletion gives up");
        await killed;
        string stored = checkpoint.ToString();
        await server.Primary.StartAsync();
        await Bounded.Until(async () => await AnswersAsync(redis), "the server answers again");

        // Its tables are in another order now: the work begins anew, and nothing is left out.
        await keyspace.DeleteAsync("old:*", new KeyspaceOptions { Checkpoint = KeyspaceCheckpoint.Parse(stored) });
        Assert.Equal(0, await redis.DatabaseSizeAsync());
    }

    [Theory, EveryTarget]
    public async Task The_rate_is_kept(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        string prefix = TestServers.NewKey() + ":";
        await redis.FillAsync(prefix, 1000);
        var time = new JumpingTime();
        KeyspaceResult result = await new RedisKeyspace(redis, time).DeleteAsync(prefix + "*", new KeyspaceOptions { KeysPerSecond = 100 });
        Assert.Equal(1000, result.Total.Changed);
        // 1,000 keys at 100 in a second are 10 s, but for the step that comes first.
        Assert.InRange(time.Elapsed.TotalSeconds, 9.5, 10.0);
        Assert.Equal(time.Elapsed, result.Total.Elapsed);
    }

    [Theory, EveryTarget]
    public async Task Keys_that_the_user_may_not_touch_are_listed_up_to_the_bound(Target target)
    {
        await using RedisServer server = await target.StartServerAsync();
        await using IRedisClient redis = await target.ConnectAsync(server);
        await redis.FillAsync("mine:", 100);
        await redis.FillAsync("mine:theirs:", 30);
        await server.CommandAsync("ACL", "SETUSER", "default", "resetkeys", "%R~*", "%W~mine:?", "%W~mine:??");
        var keyspace = new RedisKeyspace(redis);
        InvalidOperationException ended = await Assert.ThrowsAsync<InvalidOperationException>(() => keyspace.DeleteAsync("mine:*", new KeyspaceOptions { MaxFailures = 29, ScanCount = 10_000 }));
        Assert.Contains(nameof(KeyspaceOptions.MaxFailures), ended.Message, StringComparison.Ordinal);
        Assert.Equal(RedisErrorCode.NoPermission, Assert.IsType<RedisServerException>(ended.InnerException).Code);
        KeyspaceResult result = await keyspace.DeleteAsync("mine:*", new KeyspaceOptions { MaxFailures = 30 });
        Assert.Equal(30, result.Failures.Count);
        Assert.All(result.Failures, failure => Assert.StartsWith("mine:theirs:", failure.Key.Text, StringComparison.Ordinal));
        Assert.Equal(30, await redis.DatabaseSizeAsync());
    }

    [Theory, EveryTarget]
    public async Task A_user_who_may_not_call_INFO_can_scan_and_delete(Target target)
    {
        await using RedisServer server = await target.StartServerAsync();
        await using IRedisClient redis = await target.ConnectAsync(server);
        await redis.FillAsync("old:", 1000);
        await server.CommandAsync("ACL", "SETUSER", "default", "-info");
        Assert.Equal(1000, (await new RedisKeyspace(redis).DeleteAsync("old:*")).Total.Changed);
    }

    [Theory, EveryTarget]
    public async Task A_checkpoint_is_of_one_operation_and_pattern(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        var keyspace = new RedisKeyspace(redis);
        string prefix = TestServers.NewKey();
        var checkpoint = new KeyspaceCheckpoint();
        var options = new KeyspaceOptions { Checkpoint = checkpoint };
        await keyspace.DeleteAsync(prefix + "*", options);
        await Assert.ThrowsAsync<ArgumentException>(() => keyspace.DeleteAsync(prefix + "?*", options));
        await Assert.ThrowsAsync<ArgumentException>(() => keyspace.DeleteAsync(prefix + "*", options with { Type = "hash" }));
        await Assert.ThrowsAsync<ArgumentException>(() => keyspace.DeleteAsync(prefix + "*", options with { DryRun = true }));
        await Assert.ThrowsAsync<ArgumentException>(() => keyspace.ExpireAsync(prefix + "*", TimeSpan.FromSeconds(1), ExpireWhen.Always, options));
        foreach (string text in (string[])["", "keyspace1", "keyspace2.-.0.0.-.0", "keyspace1.-.0.-1.-.0", "keyspace1.-.x.0.-.0", "keyspace1.-.0.0.-.2", checkpoint + ".0"])
            Assert.Throws<FormatException>(() => KeyspaceCheckpoint.Parse(text));
        Assert.Equal(checkpoint.ToString(), KeyspaceCheckpoint.Parse(checkpoint.ToString()).ToString());
    }

    [Fact]
    public async Task An_option_out_of_its_range_is_refused_before_anything_is_sent()
    {
        RedisServer server = await TestServers.GetAsync();
        await using IRedisClient redis = await new OwnClient().ConnectAsync(new ClientSettings(server.Host, server.Port));
        var keyspace = new RedisKeyspace(redis);
        string prefix = TestServers.NewKey();
        await redis.SetAsync(prefix, "value");
        foreach (KeyspaceOptions options in (KeyspaceOptions[])[new() { KeysPerSecond = 0 }, new() { BatchSize = 0 }, new() { BatchSize = 10_001 }, new() { ScanCount = 0 }, new() { ScanCount = 100_001 }, new() { MaxFailures = -1 }])
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => keyspace.DeleteAsync(prefix + "*", options));
        await Assert.ThrowsAsync<ArgumentException>(() => keyspace.DeleteAsync(prefix + "*", new KeyspaceOptions { Type = "" }));
        Assert.True(await redis.ExistsAsync(prefix));
    }

    private static (long Matched, long Changed, long Skipped, long Unconfirmed, long Failed) Counts(KeyspaceProgress total) =>
        (total.Matched, total.Changed, total.Skipped, total.Unconfirmed, total.Failed);

    private static Action BeforeThirdStep(Action act)
    {
        int waits = 0;
        return () =>
        {
            if (++waits == 2) act();
        };
    }

    private static async Task<bool> AnswersAsync(IRedisClient redis)
    {
        try
        {
            await redis.PingAsync();
            return true;
        }
        catch (RedisException)
        {
            return false;
        }
    }
}
