namespace RedisToolkit.Tests;

/// <summary>What holds for bad input of every feature: a clear error, and nothing lost.</summary>
public sealed class EveryFeatureTests
{
    private static readonly TimeToLive Hour = TimeToLive.Hours(1);

    public static TheoryData<string> Features { get; } = [.. Calls(new RedisClientNobodyMayUse(), "k").Keys];

    [Theory]
    [MemberData(nameof(Features))]
    public async Task No_key_and_an_empty_key_are_refused_before_anything_is_sent(string feature)
    {
        foreach (RedisArgument key in new RedisArgument[] { default, "", Array.Empty<byte>() })
        {
            Exception error = await Assert.ThrowsAnyAsync<Exception>(Calls(new RedisClientNobodyMayUse(), key)[feature]);
            Assert.IsType<ArgumentException>(feature.StartsWith("load", StringComparison.Ordinal) ? error.InnerException : error, exactMatch: false);
        }

        Assert.ThrowsAny<ArgumentException>(() => (RedisArgument)(string)null!);
        Assert.ThrowsAny<ArgumentException>(() => new IdSequence(new RedisClientNobodyMayUse(), null!));
    }

    [Theory]
    [MemberData(nameof(Features))]
    public async Task A_key_over_the_limit_is_refused_and_the_client_goes_on(string feature)
    {
        await using RedisClient redis = await NarrowAsync();
        string key = TestServers.NewKey() + new string('x', 40_000);
        Exception error = await Assert.ThrowsAnyAsync<Exception>(Calls(redis, key)[feature]);
        Exception told = feature.StartsWith("load", StringComparison.Ordinal) ? error.InnerException! : error;
        Assert.IsType<ArgumentException>(told, exactMatch: false);
        Assert.Contains(nameof(RedisClientOptions.MaxArgumentBytes), told.Message, StringComparison.Ordinal);
        Assert.Equal("still there", await redis.EchoAsync("still there"));
        await using RedisClient wide = await RedisClient.ConnectAsync((await TestServers.GetAsync()).ConnectionString);
        Assert.False(await wide.ExistsAsync(key));
    }

    [Fact]
    public async Task A_value_over_the_limit_is_refused_by_every_feature_and_nothing_is_written()
    {
        await using RedisClient redis = await NarrowAsync();
        string key = TestServers.NewKey();
        string value = new('x', 40_000);
        var fields = new HashFields(redis);
        KeyTemplate<Person, int> keys = new KeyNames(key).Template<Person, int>("p:{id}");
        Func<Task>[] calls =
        [
            () => fields.SetAsync(key, "f", value, Hour).AsTask(),
            () => fields.SetAsync(key, [("a", "fits", Hour), ("f", value, TimeToLive.Forever)]).AsTask(),
            () => new ResultMaps(fields).StoreAsync(key, new Dictionary<string, RedisArgument> { ["a"] = "fits", ["f"] = value }, (_, _) => Hour).AsTask(),
            () => new JsonRepository<Person, int>(redis, keys, TestJson.Default.Person, People.AnHour with { MaxValueBytes = 1000 }).SetAsync(1, new Person(value, 1)).AsTask(),
            () => new JsonRepository<Person, int>(redis, keys, TestJson.Default.Person, People.AnHour).SetAsync(1, new Person(value, 1)).AsTask(),
        ];
        foreach (Func<Task> call in calls) Assert.Contains("bytes", (await Assert.ThrowsAnyAsync<ArgumentException>(call)).Message, StringComparison.Ordinal);
        InvalidOperationException loading = await Assert.ThrowsAsync<InvalidOperationException>(
            () => new BulkLoader(redis).LoadAsync(new[] { new BulkEntry(key, value) }.ToAsyncEnumerable(), Hour));
        Assert.IsType<ArgumentException>(loading.InnerException, exactMatch: false);
        Assert.False(await redis.ExistsAsync(key));
        Assert.False(await redis.ExistsAsync(keys.Of(1)));
    }

    [Fact]
    public async Task A_time_to_live_that_was_not_chosen_or_means_nothing_is_refused_by_every_feature()
    {
        var redis = new RedisClientNobodyMayUse();
        var fields = new HashFields(redis);
        KeyTemplate<Person, int> keys = new KeyNames("p").Template<Person, int>();
        var people = new JsonRepository<Person, int>(redis, keys, TestJson.Default.Person, People.AnHour);
        foreach (TimeToLive wrong in new[] { default, TimeToLive.Unchanged })
        {
            await Refuses(() => new Counters(redis).AddAsync("k", wrong).AsTask());
            await Refuses(() => new RedisKeyspace(redis).ExpireAsync("k:*", wrong));
            await Refuses(() => new BulkLoader(redis).LoadAsync(AsyncEnumerable.Empty<BulkEntry>(), wrong));
            await Refuses(() => fields.ExpireHashAsync("k", wrong).AsTask());
            await Refuses(() => fields.ExpireAsync("k", ["f"], wrong).AsTask());
            await Refuses(() => fields.GetAndExpireAsync("k", ["f"], wrong).AsTask());
            await Refuses(() => new ResultMaps(fields).StoreAsync("k", new Dictionary<string, RedisArgument> { ["f"] = 1 }, (_, _) => wrong).AsTask());
            await Refuses(() => people.SetAsync(1, new Person("Ada", 36), wrong).AsTask());
            await Refuses(() => people.SetManyAsync([new(1, new Person("Ada", 36))], wrong).AsTask());
            await Refuses(() => people.AddAsync(1, new Person("Ada", 36), wrong).AsTask());
            await Refuses(() => people.TouchAsync(1, wrong).AsTask());
            await Refuses(() => people.GetOrCreateAsync(1, (_, _) => new ValueTask<Person>(new Person("Ada", 36)), wrong).AsTask());
            InvalidOperationException loading = await Assert.ThrowsAsync<InvalidOperationException>(
                () => new BulkLoader(redis).LoadAsync(new[] { new BulkEntry("k", "v", wrong) }.ToAsyncEnumerable(), Hour));
            Assert.IsType<ArgumentException>(loading.InnerException, exactMatch: false);
        }

        await Refuses(() => fields.SetAsync("k", "f", "v", default).AsTask());
        Assert.Throws<RedisOptionsException>(() => new JsonRepository<Person, int>(redis, keys, TestJson.Default.Person, new() { TimeToLive = default }));

        // 0, negative and too long ones cannot be made at all: neither by name nor from a TimeSpan, which every feature takes.
        foreach (TimeSpan wrong in new[] { TimeSpan.Zero, TimeSpan.FromTicks(-1), TimeSpan.MinValue, TimeSpan.MaxValue, TimeToLive.Longest + TimeSpan.FromTicks(1) })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => TimeToLive.After(wrong));
            await Refuses(() => new Counters(redis).AddAsync("k", wrong).AsTask());
            await Refuses(() => fields.SetAsync("k", "f", "v", wrong).AsTask());
            await Refuses(() => new RedisKeyspace(redis).ExpireAsync("k:*", wrong));
            await Refuses(() => new BulkLoader(redis).LoadAsync(AsyncEnumerable.Empty<BulkEntry>(), wrong));
            await Refuses(() => people.SetAsync(1, new Person("Ada", 36), wrong).AsTask());
        }
    }

    private static Dictionary<string, Func<Task>> Calls(IRedisClient redis, RedisArgument key)
    {
        var fields = new HashFields(redis);
        var maps = new ResultMaps(fields);
        var counters = new Counters(redis);
        var keyspace = new RedisKeyspace(redis);
        var loader = new BulkLoader(redis);
        return new()
        {
            ["set a field"] = () => fields.SetAsync(key, "f", "v", Hour).AsTask(),
            ["set fields"] = () => fields.SetAsync(key, [("f", "v", Hour), ("g", "v", TimeToLive.Forever)]).AsTask(),
            ["get a field"] = () => fields.GetAsync(key, "f").AsTask(),
            ["get fields"] = () => fields.GetManyAsync(key, ["f", "g"]).AsTask(),
            ["get all fields"] = () => fields.GetAllAsync(key).AsTask(),
            ["get and expire"] = () => fields.GetAndExpireAsync(key, ["f"], Hour).AsTask(),
            ["expire fields"] = () => fields.ExpireAsync(key, ["f"], Hour).AsTask(),
            ["persist fields"] = () => fields.PersistAsync(key, ["f"]).AsTask(),
            ["time to live of fields"] = () => fields.TimeToLiveAsync(key, ["f"]).AsTask(),
            ["a field exists"] = () => fields.ExistsAsync(key, "f").AsTask(),
            ["count fields"] = () => fields.CountAsync(key).AsTask(),
            ["delete fields"] = () => fields.DeleteAsync(key, ["f"]).AsTask(),
            ["delete a hash"] = () => fields.DeleteHashAsync(key).AsTask(),
            ["expire a hash"] = () => fields.ExpireHashAsync(key, Hour).AsTask(),
            ["sweep a hash"] = () => fields.SweepAsync(key).AsTask(),
            ["convert a hash"] = () => fields.ConvertAsync(key).AsTask(),
            ["store results"] = () => maps.StoreAsync(key, new Dictionary<string, RedisArgument> { ["f"] = 1 }, (_, _) => Hour).AsTask(),
            ["read results"] = () => maps.LoadAsync(key, ["f"]).AsTask(),
            ["count"] = () => counters.AddAsync(key, Hour).AsTask(),
            ["read a counter"] = () => counters.GetAsync(key).AsTask(),
            ["reserve numbers"] = () => counters.ReserveAsync(key, 5).AsTask(),
            ["scan a hash"] = async () => await keyspace.ScanHashAsync(key).ToListAsync(),
            ["scan a set"] = async () => await keyspace.ScanSetAsync(key).ToListAsync(),
            ["scan a sorted set"] = async () => await keyspace.ScanSortedSetAsync(key).ToListAsync(),
            ["delete by pattern"] = () => keyspace.DeleteAsync(key),
            ["expire by pattern"] = () => keyspace.ExpireAsync(key, Hour),
            ["rename by pattern"] = () => keyspace.RenameAsync(key, _ => "other", KeyConflict.Skip),
            ["copy by pattern"] = () => keyspace.CopyAsync(key, _ => "other", KeyConflict.Skip),
            ["load an entry"] = () => loader.LoadAsync(new[] { new BulkEntry(key, "v") }.ToAsyncEnumerable(), Hour),
        };
    }

    private static async Task<RedisClient> NarrowAsync() =>
        await RedisClient.ConnectAsync(RedisClientOptions.Parse((await TestServers.GetAsync()).ConnectionString) with { MaxArgumentBytes = 32 << 10 });

    private static Task Refuses(Func<Task> call) => Assert.ThrowsAnyAsync<ArgumentException>(call);
}
