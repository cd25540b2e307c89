namespace RedisToolkit.Tests.Keyspace;

/// <summary>Reading collections step by step.</summary>
public sealed class ElementScanTests
{
    [Theory, EveryTarget]
    public async Task All_fields_of_a_hash_come_with_their_values_and_each_once(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        var keyspace = new RedisKeyspace(redis);
        foreach (int count in (int[])[1, 50, 5000])
        {
            string key = TestServers.NewKey();
            foreach (int[] some in Enumerable.Range(0, count).Chunk(500))
                await redis.HashSetManyAsync(key, [.. some.Select(i => ((RedisArgument)$"field:{i}", (RedisArgument)$"value {i}"))]);
            List<HashScanEntry> all = await keyspace.ScanHashAsync(key).ToListAsync();
            Assert.Equal(count, all.Count);
            Assert.Equal(count, all.Select(entry => entry.Field).Distinct().Count());
            Assert.All(all, entry => Assert.Equal($"value {entry.Field.Text[6..]}", entry.Value.Text));
            Assert.Equal("field:0", Assert.Single(await keyspace.ScanHashAsync(key, new ElementScan { Match = "field:0", Count = 17 }).ToListAsync()).Field.Text);
        }
    }

    [Theory, EveryTarget]
    public async Task All_members_of_a_set_come_and_each_once(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        string key = TestServers.NewKey();
        byte[] binary = [0, 255, 10];
        await redis.SetAddAsync(key, [.. Enumerable.Range(0, 4000).Select(i => (RedisArgument)$"member:{i}"), binary]);
        List<RedisBytes> all = await new RedisKeyspace(redis).ScanSetAsync(key, new ElementScan { Count = 100 }).ToListAsync();
        Assert.Equal(4001, all.Count);
        Assert.Equal(4001, all.Distinct().Count());
        Assert.Contains(all, member => member.Span.SequenceEqual(binary));
    }

    [Theory, EveryTarget]
    public async Task All_members_of_a_sorted_set_come_with_their_scores(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        string key = TestServers.NewKey();
        await redis.SortedSetAddManyAsync(key, [.. Enumerable.Range(0, 3000).Select(i => ((RedisArgument)$"member:{i}", i / 4.0)), ("last", double.PositiveInfinity)]);
        List<SortedSetScanEntry> all = await new RedisKeyspace(redis).ScanSortedSetAsync(key).ToListAsync();
        Assert.Equal(3001, all.Select(entry => entry.Member).Distinct().Count());
        Assert.All(all, entry => Assert.Equal(entry.Member.Text == "last" ? double.PositiveInfinity : int.Parse(entry.Member.Text[7..], System.Globalization.CultureInfo.InvariantCulture) / 4.0, entry.Score));
    }

    [Theory, EveryTarget]
    public async Task A_missing_key_has_no_elements_and_another_type_is_refused(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        var keyspace = new RedisKeyspace(redis);
        string key = TestServers.NewKey();
        Assert.Empty(await keyspace.ScanHashAsync(key).ToListAsync());
        Assert.Empty(await keyspace.ScanSetAsync(key).ToListAsync());
        Assert.Empty(await keyspace.ScanSortedSetAsync(key).ToListAsync());
        await redis.SetAsync(key, "text");
        await RefusesAsync("hash", () => keyspace.ScanHashAsync(key).ToListAsync().AsTask());
        await RefusesAsync("set", () => keyspace.ScanSetAsync(key).ToListAsync().AsTask());
        await RefusesAsync("zset", () => keyspace.ScanSortedSetAsync(key).ToListAsync().AsTask());

        async Task RefusesAsync(string expected, Func<Task> scan)
        {
            RedisKeyTypeException error = await Assert.ThrowsAsync<RedisKeyTypeException>(scan);
            Assert.Equal((key, expected, "string"), (error.Key, error.Expected, error.Actual));
            Assert.Equal(RedisErrorCode.WrongType, Assert.IsType<RedisServerException>(error.InnerException).Code);
        }
    }

    [Theory, EveryTarget]
    public async Task A_key_that_becomes_another_type_in_the_midst_of_a_scan_is_named(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        string key = TestServers.NewKey();
        await redis.SetAddAsync(key, [.. Enumerable.Range(0, 4000).Select(i => (RedisArgument)$"member:{i}")]);
        await using IAsyncEnumerator<RedisBytes> members = new RedisKeyspace(redis).ScanSetAsync(key, new ElementScan { Count = 100 }).GetAsyncEnumerator();
        Assert.True(await members.MoveNextAsync());
        await redis.SetAsync(key, "text");
        RedisKeyTypeException error = await Assert.ThrowsAsync<RedisKeyTypeException>(async () =>
        {
            while (await members.MoveNextAsync())
            {
            }
        });
        Assert.Equal((key, "set", "string"), (error.Key, error.Expected, error.Actual));
    }
}
