using RedisToolkit.Tests.Support;

namespace RedisToolkit.Tests.Keyspace;

/// <summary>Finding keys.</summary>
public sealed class ScanTests
{
    [Theory, EveryTarget]
    public async Task All_keys_that_match_are_found_and_each_once(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        string prefix = TestServers.NewKey() + ":";
        await redis.FillAsync(prefix, 3000);
        List<RedisBytes> found = await new RedisKeyspace(redis).ScanAsync(new KeyScan { Match = RedisGlob.StartingWith(prefix), Count = 100 }).ToListAsync();
        Assert.Equal(Enumerable.Range(0, 3000).Select(i => prefix + i).Order(StringComparer.Ordinal), found.Select(key => key.Text).Order(StringComparer.Ordinal));
    }

    [Theory, EveryTarget]
    public async Task A_key_of_any_bytes_is_found_and_can_be_used(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        string prefix = TestServers.NewKey();
        byte[] name = [.. System.Text.Encoding.UTF8.GetBytes(prefix), 0, 0xff, (byte)'*', 13, 10, 0xc3];
        await redis.SetAsync(name, "there");
        RedisBytes found = Assert.Single(await new RedisKeyspace(redis).ScanAsync(new KeyScan { Match = RedisGlob.Escape(name) }).ToListAsync());
        Assert.Equal(name, found.Span.ToArray());
        Assert.Equal("there", await redis.GetAsync(found));
        Assert.False(found.TryGetText(out _));
        Assert.Throws<InvalidOperationException>(() => found.Text);
        Assert.Equal(prefix + "\\x00\\xff*\\x0d\\x0a\\xc3", found.ToString());
    }

    [Theory, EveryTarget]
    public async Task Only_keys_of_the_type_are_found(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        string prefix = TestServers.NewKey() + ":";
        string[] keys = await redis.FillTypesAsync(prefix);
        var keyspace = new RedisKeyspace(redis);
        foreach (string key in keys)
        {
            List<RedisBytes> found = await keyspace.ScanAsync(new KeyScan { Match = prefix + "*", Type = key[prefix.Length..] }).ToListAsync();
            Assert.Equal(key, Assert.Single(found).Text);
        }

        Assert.Equal(keys.Length, (await keyspace.ScanAsync(new KeyScan { Match = prefix + "*" }).ToListAsync()).Count);
    }

    [Theory, EveryTarget]
    public async Task A_key_that_stays_is_found_once_though_the_table_grows_and_shrinks_meanwhile(Target target)
    {
        await using RedisServer server = await target.StartServerAsync();
        await using IRedisClient redis = await target.ConnectAsync(server);
        await redis.FillAsync("stays:", 5000);
        var keyspace = new RedisKeyspace(redis);
        foreach (int remember in (int[])[16 << 20, 0])
        {
            await redis.FillAsync("goes:", 40_000);
            var found = new List<string>();
            int change = 0;
            await foreach (RedisBytes key in keyspace.ScanAsync(new KeyScan { Match = "stays:*", Count = 50, RememberBytes = remember }))
            {
                found.Add(key.Text);
                // The table shrinks to an eighth, then grows to many times that.
                if (found.Count == 1000) await keyspace.DeleteAsync("goes:*");
                if (found.Count > 1000 && found.Count % 500 == 0) await redis.FillAsync("comes:", 5000, 5000 * change++);
            }

            Assert.Equal(5000, found.Distinct().Count());
            if (remember > 0) Assert.Equal(5000, found.Count);
            await keyspace.DeleteAsync("comes:*");
        }
    }

    [Theory, EveryTarget]
    public async Task A_server_started_anew_in_the_midst_of_a_scan_is_noticed_and_nothing_is_left_out(Target target)
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Flavor = target.Flavor, Persistence = RedisPersistence.AppendOnly });
        await using IRedisClient redis = await target.ConnectAsync(server);
        await redis.FillAsync("key:", 5000);
        var found = new List<string>();
        await foreach (RedisBytes key in new RedisKeyspace(redis).ScanAsync(new KeyScan { Count = 100 }))
        {
            found.Add(key.Text);
            if (found.Count == 2500) await server.RestartAsync(keepData: true);
        }

        // A cursor of the old process leads through the new one's table in another order: without noticing, about half of the rest would be missing.
        Assert.Equal(5000, found.Distinct().Count());
        Assert.Equal(5000, found.Count);
    }

    [Theory, EveryTarget]
    public async Task Keys_without_a_time_to_live_are_told_from_those_with_one(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        string prefix = TestServers.NewKey() + ":";
        await redis.FillAsync(prefix + "lasting:", 300);
        await redis.FillAsync(prefix + "passing:", 300);
        var keyspace = new RedisKeyspace(redis);
        await keyspace.ExpireAsync(prefix + "passing:*", TimeSpan.FromHours(1));
        List<RedisBytes> found = await keyspace.WithoutTimeToLiveAsync(new KeyScan { Match = prefix + "*" }).ToListAsync();
        Assert.Equal(300, found.Count);
        Assert.All(found, key => Assert.StartsWith(prefix + "lasting:", key.Text, StringComparison.Ordinal));
    }

    [Theory, EveryTarget]
    public async Task A_scan_that_is_cancelled_ends_between_steps_and_while_it_waits(Target target)
    {
        await using FaultProxy proxy = await (await target.ServerAsync()).StartProxyAsync();
        await using IRedisClient redis = await target.ConnectAsync(proxy);
        string prefix = TestServers.NewKey() + ":";
        await redis.FillAsync(prefix, 2000);
        var keyspace = new RedisKeyspace(redis);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => keyspace.ScanAsync(new KeyScan { Match = prefix + "*" }, cancelled.Token).ToListAsync().AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => keyspace.ScanHashAsync(prefix, null, cancelled.Token).ToListAsync().AsTask());

        using var meanwhile = new CancellationTokenSource();
        int found = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (RedisBytes key in keyspace.ScanAsync(new KeyScan { Match = prefix + "*", Count = 50 }).WithCancellation(meanwhile.Token))
            {
                if (++found == 1) await meanwhile.CancelAsync();
            }
        });
        Assert.InRange(found, 1, 1999);

        proxy.ToClient.Stall();
        using var waiting = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Bounded.Within(Assert.ThrowsAnyAsync<OperationCanceledException>(() => keyspace.ScanAsync(null, waiting.Token).ToListAsync().AsTask()), 30, "a scan that waits for a reply is cancelled");
        proxy.PassThrough();
    }

    [Fact]
    public async Task What_cannot_be_scanned_for_is_refused_before_anything_is_sent()
    {
        RedisServer server = await TestServers.GetAsync();
        await using IRedisClient redis = await new OwnClient().ConnectAsync(new ClientSettings(server.Host, server.Port));
        var keyspace = new RedisKeyspace(redis);
        Assert.Throws<ArgumentException>(() => keyspace.ScanAsync(new KeyScan { Match = "" }));
        Assert.Throws<ArgumentException>(() => keyspace.ScanAsync(new KeyScan { Type = " " }));
        Assert.Throws<ArgumentOutOfRangeException>(() => keyspace.ScanAsync(new KeyScan { Count = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => keyspace.ScanAsync(new KeyScan { RememberBytes = -1 }));
        Assert.Throws<ArgumentException>(() => keyspace.ScanHashAsync(""));
        Assert.Throws<ArgumentOutOfRangeException>(() => keyspace.ScanSetAsync("key", new ElementScan { Count = 1_000_000 }));
        Assert.Throws<ArgumentException>(() => RedisGlob.StartingWith(""));
        Assert.Throws<ArgumentNullException>(() => new RedisKeyspace(null!));
    }
}
