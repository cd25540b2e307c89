using RedisToolkit.Client;
using RedisToolkit.Testing;

namespace RedisToolkit.Conformance;

/// <summary>Each command gives the same on every server and every client.</summary>
public abstract class TypedCommandTests(ClientUnderTest client) : ConformanceTests(client)
{
    [Theory, EveryServer]
    public async Task Strings(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey(), other = key + ":other";
        Assert.Equal((string?[])[null, null], await redis.GetManyAsync([key, other]));
        Assert.True(await redis.SetManyAsync([(key, "1"), (other, 2)]));
        Assert.Equal((string?[])["1", null, "2"], await redis.GetManyAsync([key, key + ":missing", other]));
        Assert.Equal(2, await redis.IncrementAsync(key));
        Assert.Equal(-3, await redis.IncrementAsync(key, -5));
        Assert.Equal(-2.5, await redis.IncrementAsync(key, 0.5));
        Assert.Equal(6, await redis.ExecuteAsync(RedisStrings.Append(key, "!!")));
        Assert.Equal(6, await redis.ExecuteAsync(RedisStrings.Length(key)));
        Assert.Equal("!!"u8.ToArray(), await redis.ExecuteAsync(RedisStrings.GetRange(key, -2, -1)));
        Assert.Equal("-2.5!!", await redis.SetAndGetAsync(key, "new"));
        Assert.Equal("new", await redis.GetDeleteAsync(key));
        Assert.Null(await redis.GetDeleteAsync(key));
        Assert.Null(await redis.SetAndGetAsync(key, "newest"));
    }

    [Theory, EveryServer]
    public async Task Conditions_and_times_to_live_of_strings(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        TimeSpan hour = TimeSpan.FromHours(1);
        Assert.False(await redis.SetAsync(key, "a", Expiry.Never, SetWhen.KeyExists));
        Assert.True(await redis.SetAsync(key, "b", hour, SetWhen.KeyIsMissing));
        Assert.False(await redis.SetAsync(key, "c", hour, SetWhen.KeyIsMissing));
        Assert.InRange((await redis.TimeToLiveAsync(key)).Left!.Value, TimeSpan.FromMinutes(59), hour);
        Assert.True(await redis.SetAsync(key, "d", Expiry.Keep, SetWhen.KeyExists));
        Assert.NotNull((await redis.TimeToLiveAsync(key)).Left);
        Assert.True(await redis.SetAsync(key, "e"));
        Assert.Equal(new KeyTimeToLive(true, null), await redis.TimeToLiveAsync(key));
        DateTimeOffset now = await redis.ServerTimeAsync();
        Assert.True(await redis.SetAsync(key, "f", Expiry.At(now + hour)));
        Assert.InRange((await redis.TimeToLiveAsync(key)).Left!.Value, TimeSpan.FromMinutes(59), hour);
        Assert.Equal("f", await redis.SetAndGetAsync(key, "g", hour, SetWhen.KeyExists));
        Assert.Equal("g", await redis.SetAndGetAsync(key, "h", hour, SetWhen.KeyIsMissing));
        Assert.Equal("g", await redis.GetExpireAsync(key, Expiry.Keep));
        Assert.NotNull((await redis.TimeToLiveAsync(key)).Left);
        Assert.Equal("g", await redis.GetExpireAsync(key, Expiry.Never));
        Assert.Null((await redis.TimeToLiveAsync(key)).Left);
        Assert.Equal("g", await redis.GetExpireAsync(key, hour));
        Assert.NotNull((await redis.TimeToLiveAsync(key)).Left);
        Assert.Equal("g", await redis.GetExpireAsync(key, Expiry.At(now - hour)));
        Assert.Equal(new KeyTimeToLive(false, null), await redis.TimeToLiveAsync(key));
    }

    [Theory, EveryServer]
    public async Task Keys(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey(), other = key + ":other";
        Assert.False(await redis.ExistsAsync(key));
        Assert.False(await redis.DeleteAsync(key));
        Assert.False(await redis.ExpireAsync(key, TimeSpan.FromHours(1)));
        await redis.SetAsync(key, "x");
        Assert.True(await redis.ExistsAsync(key));
        Assert.Equal(2, await redis.ExecuteAsync(RedisKeys.CountExisting(key, key, other)));
        Assert.Equal("string", await redis.ExecuteAsync(RedisKeys.Type(key)));
        Assert.Equal("none", await redis.ExecuteAsync(RedisKeys.Type(other)));
        Assert.False(await redis.PersistAsync(key));
        Assert.True(await redis.ExpireAsync(key, TimeSpan.FromHours(1)));
        Assert.InRange((await redis.TimeToLiveAsync(key)).Left!.Value, TimeSpan.FromMinutes(59), TimeSpan.FromHours(1));
        Assert.True(await redis.ExecuteAsync(RedisKeys.ExpireAt(key, await redis.ServerTimeAsync() + TimeSpan.FromHours(9))));
        Assert.InRange((await redis.TimeToLiveAsync(key)).Left!.Value, TimeSpan.FromHours(8), TimeSpan.FromHours(9));
        Assert.True(await redis.PersistAsync(key));
        Assert.True(await redis.ExecuteAsync(RedisKeys.Rename(key, other)));
        Assert.True(await redis.DeleteAsync(other));
        await redis.SetManyAsync([(key, 1), (other, 2)]);
        Assert.Equal(2, await redis.DeleteManyAsync([key, other, key + ":missing"]));
    }

    [Theory, EveryServer]
    public async Task Hashes(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        Assert.Empty(await redis.HashGetAllAsync(key));
        Assert.True(await redis.HashSetAsync(key, "a", 1));
        Assert.False(await redis.HashSetAsync(key, "a", 2));
        Assert.Equal(2, await redis.HashSetManyAsync(key, [("a", 3), ("b", "x"), ("c", "")]));
        Assert.Equal("3", await redis.HashGetAsync(key, "a"));
        Assert.Equal("x"u8.ToArray(), await redis.ExecuteAsync(RedisHashes.GetBytes(key, "b")));
        Assert.Equal((string?[])["x", null, ""], await redis.HashGetManyAsync(key, ["b", "missing", "c"]));
        Assert.Equal(new Dictionary<string, string> { ["a"] = "3", ["b"] = "x", ["c"] = "" }, await redis.HashGetAllAsync(key));
        Assert.Equal(["a", "b", "c"], (await redis.ExecuteAsync(RedisHashes.Fields(key))).Order());
        Assert.False(await redis.ExecuteAsync(RedisHashes.SetIfMissing(key, "a", 9)));
        Assert.True(await redis.ExecuteAsync(RedisHashes.SetIfMissing(key, "d", 9)));
        Assert.Equal(4, await redis.HashIncrementAsync(key, "a"));
        Assert.Equal(4.25, await redis.ExecuteAsync(RedisHashes.Increment(key, "a", 0.25)));
        Assert.True(await redis.HashExistsAsync(key, "b"));
        Assert.Equal(4, await redis.HashCountAsync(key));
        Assert.Equal(2, await redis.HashDeleteAsync(key, ["b", "c", "missing"]));
        Assert.False(await redis.HashExistsAsync(key, "b"));
    }

    [Theory, EveryServer]
    public async Task Lists(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        Assert.Null(await redis.ListPopLeftAsync(key));
        Assert.Equal(3, await redis.ListPushRightAsync(key, ["c", "d", "e"]));
        Assert.Equal(5, await redis.ListPushLeftAsync(key, ["b", "a"]));
        Assert.Equal(["a", "b", "c", "d", "e"], await redis.ListRangeAsync(key));
        Assert.Equal(["d", "e"], await redis.ListRangeAsync(key, -2));
        Assert.Equal("a", await redis.ListPopLeftAsync(key));
        Assert.Equal("e", await redis.ListPopRightAsync(key));
        Assert.True(await redis.ExecuteAsync(RedisLists.Trim(key, 0, 1)));
        Assert.Equal(1, await redis.ExecuteAsync(RedisLists.Remove(key, "c")));
        Assert.Equal(1, await redis.ListCountAsync(key));
        Assert.Equal(["b"], await redis.ListRangeAsync(key));
    }

    [Theory, EveryServer]
    public async Task Sets(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey(), other = key + ":other";
        Assert.Empty(await redis.SetMembersAsync(key));
        Assert.Equal(5, await redis.SetAddAsync(key, ["a", "b", "c", "d", "e", "a"]));
        Assert.Equal(2, await redis.SetAddAsync(other, ["b", "z"]));
        Assert.True(await redis.SetContainsAsync(key, "a"));
        Assert.Equal((bool[])[true, false], await redis.ExecuteAsync(RedisSets.ContainsMany(key, "b", "z")));
        Assert.Equal(["a", "b", "c", "d", "e"], (await redis.SetMembersAsync(key)).Order());
        Assert.Equal(["b"], await redis.ExecuteAsync(RedisSets.Intersection(key, other)));
        Assert.Equal(["a", "b", "c", "d", "e", "z"], (await redis.ExecuteAsync(RedisSets.Union(key, other))).Order());
        Assert.Equal(["z"], await redis.ExecuteAsync(RedisSets.Difference(other, key)));
        Assert.Equal(3, await redis.SetRemoveAsync(key, ["a", "b", "c", "missing"]));
        Assert.Equal(2, await redis.SetCountAsync(key));
        Assert.Contains(await redis.ExecuteAsync(RedisSets.Pop(key)), new[] { "d", "e" });
    }

    [Theory, EveryServer]
    public async Task Sorted_sets(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        Assert.Null(await redis.SortedSetScoreAsync(key, "a"));
        Assert.Empty(await redis.SortedSetRangeWithScoresAsync(key));
        Assert.True(await redis.SortedSetAddAsync(key, "a", 1.5));
        Assert.False(await redis.SortedSetAddAsync(key, "a", 1));
        Assert.Equal(2, await redis.SortedSetAddManyAsync(key, [("b", 2), ("c", double.PositiveInfinity), ("a", 0.1)]));
        Assert.Equal(0.1, await redis.SortedSetScoreAsync(key, "a"));
        Assert.Equal(double.PositiveInfinity, await redis.SortedSetScoreAsync(key, "c"));
        Assert.Equal(["a", "b", "c"], await redis.SortedSetRangeAsync(key));
        Assert.Equal(["c", "b"], await redis.SortedSetRangeAsync(key, 0, 1, descending: true));
        Assert.Equal([("a", 0.1), ("b", 2)], await redis.SortedSetRangeWithScoresAsync(key, 0, 1));
        Assert.Equal([("c", double.PositiveInfinity)], await redis.SortedSetRangeWithScoresAsync(key, 0, 0, descending: true));
        Assert.Equal([("a", 0.1), ("b", 2)], await redis.ExecuteAsync(RedisSortedSets.RangeByScore(key, double.NegativeInfinity, 2)));
        Assert.Equal(1, await redis.SortedSetRankAsync(key, "b"));
        Assert.Equal(2, await redis.SortedSetRankAsync(key, "a", descending: true));
        Assert.Null(await redis.SortedSetRankAsync(key, "missing"));
        Assert.Equal(2.5, await redis.SortedSetIncrementAsync(key, "b", 0.5));
        Assert.Equal([("a", 0.1)], await redis.ExecuteAsync(RedisSortedSets.PopLowest(key)));
        Assert.Equal(1, await redis.ExecuteAsync(RedisSortedSets.RemoveRangeByScore(key, 0, 3)));
        Assert.Equal(1, await redis.SortedSetCountAsync(key));
        Assert.Equal(1, await redis.SortedSetRemoveAsync(key, ["c", "missing"]));
        Assert.Empty(await redis.ExecuteAsync(RedisSortedSets.PopLowest(key)));
    }

    [Theory, EveryServer]
    public async Task The_server_itself(RedisFlavor flavor)
    {
        await using RedisServer server = await StartServerAsync(flavor);
        await using IRedisClient redis = await ConnectAsync(server);
        Assert.True(await redis.PingAsync() > TimeSpan.Zero);
        Assert.InRange(await redis.ServerTimeAsync(), TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1), TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(1));
        await redis.SetAsync("k", "v");
        Assert.Equal(1, await redis.DatabaseSizeAsync());
        Assert.True(await redis.FlushDatabaseAsync());
        Assert.Equal(0, await redis.DatabaseSizeAsync());
        Assert.True(await redis.ExecuteAsync(RedisServerCommands.ConfigSet("maxmemory-samples", 7)));
        Assert.Equal("7", (await redis.ExecuteAsync(RedisServerCommands.ConfigGet("maxmemory-s*")))["maxmemory-samples"]);
        Assert.Contains("redis_version:", await redis.ExecuteAsync(RedisServerCommands.Info()), StringComparison.Ordinal);
        Assert.DoesNotContain("redis_version:", await redis.ExecuteAsync(RedisServerCommands.Info("memory")), StringComparison.Ordinal);
    }
}
