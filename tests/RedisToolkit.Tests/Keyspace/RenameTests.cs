using RedisToolkit.Tests.Support;

namespace RedisToolkit.Tests.Keyspace;

/// <summary>Renaming, copying and expiring by pattern.</summary>
public sealed class RenameTests
{
    [Theory, EveryTarget]
    public async Task Keys_of_every_type_are_renamed_with_what_they_hold_and_their_time_to_live(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        string prefix = TestServers.NewKey() + ":";
        string[] keys = await redis.FillTypesAsync(prefix + "old:");
        foreach (string key in keys) await redis.ExpireAsync(key, TimeSpan.FromHours(1));
        Dictionary<string, string?> before = await DumpsAsync(redis, prefix + "old:");
        KeyspaceResult result = await new RedisKeyspace(redis).RenameAsync(prefix + "old:*", KeyMapping.ReplacePrefix(prefix + "old:", prefix + "new:"), KeyConflict.Skip);
        Assert.Equal((6, 6), (result.Total.Matched, result.Total.Changed));
        Assert.Empty(await redis.KeysAsync(prefix + "old:*"));
        Assert.Equal(before, await DumpsAsync(redis, prefix + "new:"));
        foreach (string key in await redis.KeysAsync(prefix + "new:*")) Assert.InRange((await redis.TimeToLiveAsync(key)).Left!.Value.TotalMinutes, 59, 60);
    }

    [Theory, EveryTarget]
    public async Task Copies_hold_the_same_and_live_as_long_and_the_keys_stay(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        string prefix = TestServers.NewKey() + ":";
        string[] keys = await redis.FillTypesAsync(prefix + "old:");
        await redis.ExpireAsync(keys[0], TimeSpan.FromHours(1));
        KeyspaceResult result = await new RedisKeyspace(redis).CopyAsync(prefix + "old:*", KeyMapping.ReplacePrefix(prefix + "old:", prefix + "new:"), KeyConflict.Skip);
        Assert.Equal(6, result.Total.Changed);
        Assert.Equal(await DumpsAsync(redis, prefix + "old:"), await DumpsAsync(redis, prefix + "new:"));
        Assert.InRange((await redis.TimeToLiveAsync(prefix + "new:string")).Left!.Value.TotalMinutes, 59, 60);
        Assert.Null((await redis.TimeToLiveAsync(prefix + "new:hash")).Left);
    }

    [Theory, EveryTarget]
    public async Task A_name_that_is_taken_is_left_or_replaced_as_was_said(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        var keyspace = new RedisKeyspace(redis);
        string prefix = TestServers.NewKey() + ":";
        Func<RedisBytes, RedisArgument?> mapping = KeyMapping.ReplacePrefix(prefix + "a:", prefix + "b:");
        await redis.SetAsync(prefix + "a:1", "one");
        await redis.SetAsync(prefix + "a:2", "two");
        await redis.SetAsync(prefix + "b:1", "taken");

        KeyspaceResult copied = await keyspace.CopyAsync(prefix + "a:*", mapping, KeyConflict.Skip);
        Assert.Equal((1, 1), (copied.Total.Changed, copied.Total.Skipped));
        Assert.Equal("taken", await redis.GetAsync(prefix + "b:1"));
        await redis.DeleteAsync(prefix + "b:2");
        KeyspaceResult renamed = await keyspace.RenameAsync(prefix + "a:*", mapping, KeyConflict.Skip);
        Assert.Equal((1, 1), (renamed.Total.Changed, renamed.Total.Skipped));
        Assert.Equal(("one", "taken", "two"), (await redis.GetAsync(prefix + "a:1"), await redis.GetAsync(prefix + "b:1"), await redis.GetAsync(prefix + "b:2")));

        Assert.Equal(1, (await keyspace.CopyAsync(prefix + "a:*", mapping, KeyConflict.Replace)).Total.Changed);
        Assert.Equal(("one", "one"), (await redis.GetAsync(prefix + "a:1"), await redis.GetAsync(prefix + "b:1")));
        await redis.SetAsync(prefix + "a:1", "uno");
        Assert.Equal(1, (await keyspace.RenameAsync(prefix + "a:*", mapping, KeyConflict.Replace)).Total.Changed);
        Assert.Equal((null, "uno"), (await redis.GetAsync(prefix + "a:1"), await redis.GetAsync(prefix + "b:1")));
    }

    [Theory, EveryTarget]
    public async Task A_mapping_whose_names_would_be_found_again_is_refused_before_anything_is_changed(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        var keyspace = new RedisKeyspace(redis);
        string prefix = TestServers.NewKey() + ":";
        await redis.FillAsync(prefix, 10);
        Func<RedisBytes, RedisArgument?> mapping = KeyMapping.ReplacePrefix(prefix, prefix + "copy:");
        await Assert.ThrowsAsync<ArgumentException>(() => keyspace.CopyAsync(prefix + "*", mapping, KeyConflict.Skip));
        await Assert.ThrowsAsync<ArgumentException>(() => keyspace.RenameAsync(prefix + "*", mapping, KeyConflict.Replace));
        await Assert.ThrowsAsync<ArgumentException>(() => keyspace.RenameAsync(prefix + "*", mapping, KeyConflict.Replace, new KeyspaceOptions { DryRun = true }));
        Assert.Equal(10, (await redis.KeysAsync(prefix + "*")).Length);
        Assert.Throws<ArgumentException>(() => KeyMapping.ReplacePrefix("same", "same"));
        Assert.Null(KeyMapping.ReplacePrefix("a", "b")(new RedisBytes("c"u8.ToArray())));
    }

    [Theory, EveryTarget]
    public async Task A_key_that_vanishes_meanwhile_is_no_failure(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        string prefix = TestServers.NewKey() + ":";
        await redis.FillAsync(prefix + "a:", 10);
        RedisServer server = await target.ServerAsync();
        bool first = true;
        KeyspaceResult result = await new RedisKeyspace(redis).RenameAsync(
            prefix + "a:*",
            key =>
            {
                // The mapping is asked after the scan and before the command: time enough for somebody else.
                if (first) Assert.True(server.CommandAsync("UNLINK", key.Text).Wait(TimeSpan.FromSeconds(30)));
                first = false;
                return prefix + "b:" + key.Text[^1];
            },
            KeyConflict.Replace);
        Assert.Equal((9, 1, 0), (result.Total.Changed, result.Total.Skipped, result.Total.Failed));
        Assert.Equal(9, (await redis.KeysAsync(prefix + "b:*")).Length);
    }

    [Theory, EveryTarget]
    public async Task No_key_is_lost_though_connections_are(Target target)
    {
        await using FaultProxy proxy = await (await target.ServerAsync()).StartProxyAsync();
        await using IRedisClient redis = await target.ConnectAsync(proxy);
        foreach (KeyConflict conflict in Enum.GetValues<KeyConflict>())
        {
            foreach (int cut in (int[])[23_000, 25_000, 27_003])
            {
                string prefix = TestServers.NewKey() + ":";
                await redis.FillAsync(prefix + "a:", 500);
                bool isCut = false;
                KeyspaceResult result = await new RedisKeyspace(redis).RenameAsync(
                    prefix + "a:*",
                    key =>
                    {
                        if (!isCut) proxy.ToClient.CutAfter(cut % 1000);
                        isCut = true;
                        return prefix + "b:" + key.Text[(prefix.Length + 2)..];
                    },
                    conflict,
                    new KeyspaceOptions { ScanCount = 20_000 });
                proxy.PassThrough();
                Assert.Equal(500, result.Total.Changed + result.Total.Unconfirmed);
                Assert.Empty(await redis.KeysAsync(prefix + "a:*"));
                Assert.Equal(500, (await redis.KeysAsync(prefix + "b:*")).Length);
            }
        }
    }

    [Theory, EveryTarget]
    public async Task A_time_to_live_is_given_to_those_that_are_meant(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        var keyspace = new RedisKeyspace(redis);
        foreach ((ExpireWhen when, double lasting, double shorter, double longer) in
            new[] { (ExpireWhen.Always, 30.0, 30.0, 30.0), (ExpireWhen.HasNone, 30, 10, 50), (ExpireWhen.HasOne, 0, 30, 30), (ExpireWhen.Later, 0, 30, 50), (ExpireWhen.Sooner, 30, 10, 30) })
        {
            string prefix = TestServers.NewKey() + ":";
            await redis.FillAsync(prefix, 3);
            await redis.ExpireAsync(prefix + "1", TimeSpan.FromMinutes(10));
            await redis.ExpireAsync(prefix + "2", TimeSpan.FromMinutes(50));
            KeyspaceResult result = await keyspace.ExpireAsync(prefix + "*", TimeSpan.FromMinutes(30), when);
            double[] expected = [lasting, shorter, longer];
            double[] before = [0, 10, 50];
            Assert.Equal(expected.Zip(before).Count(pair => pair.First != pair.Second), result.Total.Changed);
            Assert.Equal(3, result.Total.Changed + result.Total.Skipped);
            for (int i = 0; i < 3; i++)
            {
                double left = (await redis.TimeToLiveAsync(prefix + i)).Left?.TotalMinutes ?? 0;
                Assert.InRange(left, Math.Max(0, expected[i] - 1), expected[i]);
            }
        }
    }

    [Theory, EveryTarget]
    public async Task Keys_end_at_an_instant_or_lose_their_time_to_live_as_was_said(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        var keyspace = new RedisKeyspace(redis);
        string prefix = TestServers.NewKey() + ":";
        await redis.FillAsync(prefix, 3);
        var instant = TimeToLive.At(DateTimeOffset.UnixEpoch.AddYears(200));
        Assert.Equal(3, (await keyspace.ExpireAsync(prefix + "*", instant)).Total.Changed);
        Assert.Equal(0, (await keyspace.ExpireAsync(prefix + "*", instant, ExpireWhen.HasNone)).Total.Changed);
        Assert.All(await TimesAsync(), left => Assert.True(left > TimeSpan.FromDays(365)));

        KeyspaceResult kept = await keyspace.ExpireAsync(prefix + "*", TimeToLive.Forever);
        Assert.Equal((3, 0), (kept.Total.Changed, kept.Total.Skipped));
        Assert.All(await TimesAsync(), Assert.Null);
        KeyspaceResult again = await keyspace.ExpireAsync(prefix + "*", TimeToLive.Forever);
        Assert.Equal((0, 3), (again.Total.Changed, again.Total.Skipped));

        Assert.Equal(3, (await keyspace.ExpireAsync(prefix + "*", TimeToLive.At(DateTimeOffset.UnixEpoch.AddYears(30)))).Total.Changed);
        Assert.Empty(await redis.KeysAsync(prefix + "*"));

        async Task<TimeSpan?[]> TimesAsync()
        {
            var left = new TimeSpan?[3];
            for (int i = 0; i < left.Length; i++)
            {
                KeyTimeToLive time = await redis.TimeToLiveAsync(prefix + i);
                Assert.True(time.KeyExists);
                left[i] = time.Left;
            }

            return left;
        }
    }

    [Fact]
    public async Task A_time_to_live_that_means_nothing_is_refused_before_anything_is_sent()
    {
        var keyspace = new RedisKeyspace(new RedisClientNobodyMayUse());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => keyspace.ExpireAsync("key:*", TimeSpan.Zero));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => keyspace.ExpireAsync("key:*", TimeSpan.FromSeconds(-1)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => keyspace.ExpireAsync("key:*", TimeToLive.Longest + TimeSpan.FromTicks(1)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => keyspace.ExpireAsync("key:*", TimeSpan.FromSeconds(1), (ExpireWhen)9));
        await Assert.ThrowsAsync<ArgumentException>(() => keyspace.ExpireAsync("key:*", default));
        await Assert.ThrowsAsync<ArgumentException>(() => keyspace.ExpireAsync("key:*", TimeToLive.Unchanged));
        foreach (ExpireWhen when in Enum.GetValues<ExpireWhen>().Where(when => when != ExpireWhen.Always))
            await Assert.ThrowsAsync<ArgumentException>("when", () => keyspace.ExpireAsync("key:*", TimeToLive.Forever, when));
    }

    private static async Task<Dictionary<string, string?>> DumpsAsync(IRedisClient redis, string prefix)
    {
        var dumps = new Dictionary<string, string?>();
        foreach (string key in await redis.KeysAsync(prefix + "*"))
            dumps[key[prefix.Length..]] = Convert.ToHexString((await redis.ExecuteAsync(RedisCommand.Create("DUMP", key), Replies.Bytes))!);
        return dumps;
    }
}
