namespace RedisToolkit.Tests;

/// <summary>Counters, on every client and server.</summary>
public sealed class CounterTests
{
    [Theory, EveryTarget]
    public async Task A_counter_gets_its_time_to_live_when_it_is_made_and_only_then(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        var counters = new Counters(redis);
        string key = TestServers.NewKey();
        Assert.Equal(new CounterResult(1, false, true), await counters.AddAsync(key, TimeToLive.Hours(1)));
        Assert.InRange((await redis.TimeToLiveAsync(key)).Left!.Value, TimeSpan.FromMinutes(50), TimeSpan.FromHours(1));
        Assert.Equal(new CounterResult(6, false, false), await counters.AddAsync(key, TimeToLive.Hours(9), 5));
        Assert.Equal(new CounterResult(-4, false, false), await counters.AddAsync(key, TimeToLive.Forever, -10));
        Assert.InRange((await redis.TimeToLiveAsync(key)).Left!.Value, TimeSpan.FromMinutes(50), TimeSpan.FromHours(1));
        Assert.Equal(-4, await counters.GetAsync(key));

        string forEver = TestServers.NewKey();
        Assert.Null(await counters.GetAsync(forEver));
        Assert.True((await counters.AddAsync(forEver, TimeToLive.Forever, 0)).IsNew);
        Assert.Equal(new KeyTimeToLive(true, null), await redis.TimeToLiveAsync(forEver));

        string brief = TestServers.NewKey();
        Assert.True((await counters.AddAsync(brief, TimeToLive.Milliseconds(50), 7)).IsNew);
        await Bounded.Until(async () => await counters.GetAsync(brief) is null, "it is gone");
        Assert.Equal(new CounterResult(1, false, true), await counters.AddAsync(brief, TimeToLive.Hours(1)));
        Assert.True((await counters.AddAsync(TestServers.NewKey(), TimeToLive.At(DateTimeOffset.UnixEpoch.AddYears(200)))).IsNew);
    }

    [Theory, EveryTarget]
    public async Task A_counter_stays_within_its_bounds_and_keeps_its_time_to_live(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        var counters = new Counters(redis);
        string key = TestServers.NewKey();
        var bounds = new CounterBounds(-2, 10);
        Assert.Equal(new CounterResult(10, true, true), await counters.AddAsync(key, TimeToLive.Hours(1), 99, bounds));
        Assert.Equal(new CounterResult(10, true, false), await counters.AddAsync(key, TimeToLive.Hours(1), 1, bounds));
        Assert.Equal(new CounterResult(9, false, false), await counters.AddAsync(key, TimeToLive.Hours(1), -1, bounds));
        Assert.Equal(new CounterResult(-2, true, false), await counters.AddAsync(key, TimeToLive.Hours(1), -100, bounds));
        Assert.Equal(new CounterResult(3, false, false), await counters.AddAsync(key, TimeToLive.Hours(1), 5, bounds));
        Assert.Equal(new CounterResult(5, true, false), await counters.AddAsync(key, TimeToLive.Hours(1), 0, new CounterBounds(5, 10)));
        Assert.Equal(new CounterResult(-7, true, false), await counters.AddAsync(key, TimeToLive.Hours(1), 0, new CounterBounds(-100, -7)));
        Assert.NotNull((await redis.TimeToLiveAsync(key)).Left);
    }

    [Theory, EveryTarget]
    public async Task The_bounds_hold_to_the_last_digit_of_64_bits(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        var counters = new Counters(redis);
        string key = TestServers.NewKey();
        // A double cannot tell these from their neighbours.
        Assert.Equal(new CounterResult(long.MaxValue - 1, false, true), await counters.AddAsync(key, TimeToLive.Hours(1), long.MaxValue - 1));
        Assert.Equal(new CounterResult(long.MaxValue, false, false), await counters.AddAsync(key, TimeToLive.Hours(1)));
        Assert.Equal(new CounterResult(long.MaxValue, true, false), await counters.AddAsync(key, TimeToLive.Hours(1)));
        Assert.Equal(new CounterResult(long.MaxValue - 3, true, false), await counters.AddAsync(key, TimeToLive.Hours(1), -2, new CounterBounds(0, long.MaxValue - 3)));
        Assert.Equal(new CounterResult(long.MaxValue - 4, true, false), await counters.AddAsync(key, TimeToLive.Hours(1), long.MaxValue, new CounterBounds(0, long.MaxValue - 4)));
        Assert.Equal(new CounterResult(-1, false, false), await counters.AddAsync(key, TimeToLive.Hours(1), -(long.MaxValue - 3)));
        Assert.Equal(new CounterResult(long.MinValue, false, false), await counters.AddAsync(key, TimeToLive.Hours(1), long.MinValue + 1));
        Assert.Equal(new CounterResult(long.MinValue, true, false), await counters.AddAsync(key, TimeToLive.Hours(1), -1));
        Assert.Equal(new CounterResult(long.MinValue + 1, true, false), await counters.AddAsync(key, TimeToLive.Hours(1), -1, new CounterBounds(long.MinValue + 1, 0)));
    }

    [Theory, EveryTarget]
    public async Task Callers_at_the_same_time_never_pass_a_bound_and_make_the_counter_once(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        var counters = new Counters(redis);
        string key = TestServers.NewKey();
        CounterResult[] all = await Bounded.Within(
            Task.WhenAll(Enumerable.Range(0, 200).Select(_ => counters.AddAsync(key, TimeToLive.Hours(1), 1, new CounterBounds(0, 150)).AsTask())), 60, "all have counted");
        Assert.Single(all, one => one.IsNew);
        Assert.Equal(50, all.Count(one => one.IsSaturated));
        Assert.Equal(Enumerable.Range(1, 150).Select(i => (long)i), all.Where(one => !one.IsSaturated).Select(one => one.Value).Order());
        Assert.Equal(150, await counters.GetAsync(key));
    }

    [Theory, EveryTarget]
    public async Task Blocks_of_numbers_never_overlap(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        var counters = new Counters(redis);
        string key = TestServers.NewKey();
        Assert.Equal(new IdBlock(1, 10), await counters.ReserveAsync(key, 10));
        IdBlock[] blocks = await Bounded.Within(Task.WhenAll(Enumerable.Range(1, 50).Select(count => counters.ReserveAsync(key, count).AsTask())), 60, "all have a block");
        long[] numbers = [.. blocks.SelectMany(block => Enumerable.Range(0, block.Count).Select(i => block.First + i)).Order()];
        Assert.Equal(Enumerable.Range(11, numbers.Length).Select(i => (long)i), numbers);
        Assert.Equal(blocks.Max(block => block.Last), await counters.GetAsync(key));
        await redis.SetAsync(key, long.MaxValue - 5);
        InvalidOperationException used = await Assert.ThrowsAsync<InvalidOperationException>(async () => await counters.ReserveAsync(key, 6));
        Assert.Contains(key, used.Message, StringComparison.Ordinal);
        Assert.Equal(new IdBlock(long.MaxValue - 4, 5), await counters.ReserveAsync(key, 5));
    }

    [Theory, EveryTarget]
    public async Task What_is_no_counter_is_named_with_what_it_holds(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        var counters = new Counters(redis);
        string key = TestServers.NewKey();
        await redis.HashSetAsync(key, "f", "v");
        foreach (Func<Task> call in new Func<Task>[] { () => counters.AddAsync(key, TimeToLive.Hours(1)).AsTask(), () => counters.GetAsync(key).AsTask(), () => counters.ReserveAsync(key, 1).AsTask() })
        {
            RedisKeyTypeException error = await Assert.ThrowsAsync<RedisKeyTypeException>(call);
            Assert.Equal((key, "string", "hash"), (error.Key, error.Expected, error.Actual));
            Assert.Equal(RedisErrorCode.WrongType, Assert.IsType<RedisServerException>(error.InnerException).Code);
        }

        string text = TestServers.NewKey();
        await redis.SetAsync(text, "secret");
        foreach (Func<Task> call in new Func<Task>[] { () => counters.AddAsync(text, TimeToLive.Hours(1)).AsTask(), () => counters.GetAsync(text).AsTask(), () => counters.ReserveAsync(text, 1).AsTask() })
        {
            RedisValueException error = await Assert.ThrowsAsync<RedisValueException>(call);
            Assert.Equal(text, error.Key);
            Assert.Contains("no 64-bit integer", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal("secret", await redis.GetAsync(text));
    }

    [Fact]
    public async Task Bad_input_is_refused_before_anything_is_sent()
    {
        var counters = new Counters(new RedisClientNobodyMayUse());
        await Assert.ThrowsAsync<ArgumentException>(async () => await counters.AddAsync(default, TimeToLive.Hours(1)));
        await Assert.ThrowsAsync<ArgumentException>(async () => await counters.AddAsync("", TimeToLive.Hours(1)));
        Assert.Contains("TimeToLive.Forever", (await Assert.ThrowsAsync<ArgumentException>(async () => await counters.AddAsync("k", default))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(async () => await counters.AddAsync("k", TimeToLive.Unchanged));
        await Assert.ThrowsAsync<ArgumentException>(async () => await counters.AddAsync("k", TimeToLive.Hours(1), 1, new CounterBounds(2, 1)));
        await Assert.ThrowsAsync<ArgumentException>(async () => await counters.GetAsync(""));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await counters.ReserveAsync("k", 0));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await counters.ReserveAsync("k", 1_000_000_001));
        Assert.Throws<ArgumentNullException>(() => new Counters(null!));
    }
}
