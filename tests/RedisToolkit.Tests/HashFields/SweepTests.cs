using RedisToolkit.Tests.Support;

namespace RedisToolkit.Tests;

/// <summary>Writers, sweepers and the end of time at the same time; sizes; wrong clocks.</summary>
public sealed class SweepTests
{
    [Theory, EveryStorage]
    public async Task A_field_written_anew_is_never_swept_for_its_old_deadline(Target target, HashFieldStorage storage)
    {
        await using FieldsUnderTest test = await FieldsUnderTest.OpenAsync(target, storage);
        using var done = new CancellationTokenSource();
        HashFields other = test.With(HashFieldStorage.Portable);
        Task[] background = [.. new[] { test.Fields, other }.Select(SweepAllTheTimeAsync)];
        try
        {
            for (int i = 0; i < 150; i++)
            {
                await test.Fields.SetAsync(test.Key, [("f", i, TimeToLive.Milliseconds(1)), ("g", i, TimeToLive.Milliseconds(2))]);
                if (i % 3 == 0) await Task.Delay(2);
                // The same value: only the deadline tells the two writes apart.
                await (i % 2 == 0 ? test.Fields : other).SetAsync(test.Key, [("f", i, TimeToLive.Hours(1)), ("g", i, TimeToLive.Forever)]);
                string text = i.ToString(System.Globalization.CultureInfo.InvariantCulture);
                FieldsUnderTest.Same([text, text], await (i % 5 == 0 ? other : test.Fields).GetManyAsync(test.Key, ["f", "g"]));
            }
        }
        finally
        {
            await done.CancelAsync();
            await Bounded.Within(Task.WhenAll(background), 30, "the sweepers have ended");
        }

        Assert.InRange((await test.Fields.TimeToLiveAsync(test.Key, ["f"]))[0].Left!.Value, TimeSpan.FromMinutes(50), TimeSpan.FromHours(1));

        async Task SweepAllTheTimeAsync(HashFields fields)
        {
            while (!done.IsCancellationRequested)
            {
                await fields.SweepAsync(test.Key);
                await fields.ConvertAsync(test.Key);
            }
        }
    }

    [Theory, EveryStorage]
    public async Task One_of_many_who_add_at_the_same_time_wins_again_when_the_time_has_run_out(Target target, HashFieldStorage storage)
    {
        await using FieldsUnderTest test = await FieldsUnderTest.OpenAsync(target, storage);
        for (int round = 0; round < 5; round++)
        {
            bool[] won = await Bounded.Within(
                Task.WhenAll(Enumerable.Range(0, 20).Select(i => test.Fields.SetAsync(test.Key, [("turn", i, TimeToLive.Seconds(2))], SetFieldsWhen.NoneExists).AsTask())), 30, "all have tried");
            Assert.Single(won, true);
            Assert.Equal([FieldOutcome.Done], await test.Fields.ExpireAsync(test.Key, ["turn"], TimeToLive.Milliseconds(20), ExpireWhen.Sooner));
            await test.GoneAsync("turn");
        }
    }

    [Theory, EveryStorage]
    public async Task All_hashes_are_found_and_swept_and_a_fault_in_one_does_not_stop_the_others(Target target, HashFieldStorage storage)
    {
        await using RedisServer server = await target.StartServerAsync();
        await using IRedisClient redis = await target.ConnectAsync(server);
        var fields = new HashFields(redis, new HashFieldsOptions { Storage = storage });
        string[] keys = ["plain", "tagged:{7}", "odd}", "{whole}"];
        foreach (string key in keys) await fields.SetAsync(key, [("brief", 1, TimeToLive.Milliseconds(10)), ("long", 1, TimeToLive.Hours(1))]);
        await redis.SetAsync("text", "not a hash");
        _ = await server.CommandAsync("ZADD", "{text}:field-deadlines", "1700000000000.5", "f");
        foreach (string key in keys) await Bounded.Until(async () => await fields.GetAsync(key, "brief") is null, "brief is gone");
        var swept = new List<HashSweep>();
        await foreach (HashSweep one in fields.SweepAllAsync()) swept.Add(one);
        HashSweep fault = Assert.Single(swept, one => one.Error is not null);
        Assert.Equal("text", Assert.IsType<RedisKeyTypeException>(fault.Error).Key);
        bool beside = storage == HashFieldStorage.Portable || target.Flavor == RedisFlavor.Redis7;
        Assert.Equal(beside ? keys.Order(StringComparer.Ordinal) : [], swept.Where(one => one.Error is null).Select(one => one.Key).Order(StringComparer.Ordinal));
        if (beside) Assert.All(swept.Where(one => one.Error is null), one => Assert.Equal(1, one.Removed));
        foreach (string key in keys) await Bounded.Until(async () => await redis.HashCountAsync(key) == 1, "only the long one is left");
    }

    [Theory, EveryStorage]
    public async Task A_hundred_thousand_fields_in_one_hash_each_end_at_their_own_time(Target target, HashFieldStorage storage)
    {
        await using FieldsUnderTest test = await FieldsUnderTest.OpenAsync(target, storage);
        var all = new (RedisArgument, RedisArgument, TimeToLive)[HashFields.MostFields];
        for (int i = 0; i < all.Length; i++) all[i] = ("f" + i, i, i % 10 == 0 ? TimeToLive.Milliseconds(1 + (i % 7)) : TimeToLive.Hours(1 + (i % 50)));
        Assert.True(await test.Fields.SetAsync(test.Key, all));
        await test.GoneAsync("f0");
        RedisArgument[] names = [.. all.Select(one => one.Item1)];
        string?[] values = [];
        await Bounded.Until(
            async () =>
            {
                values = await test.Fields.GetManyAsync(test.Key, names);
                return values.Count(value => value is not null) == 90_000;
            },
            "every tenth is gone");
        Assert.All(values.Index(), one => Assert.Equal(one.Index % 10 == 0 ? null : one.Index.ToString(System.Globalization.CultureInfo.InvariantCulture), one.Item));
        await Bounded.Until(async () => await test.Fields.CountAsync(test.Key) == 90_000, "they are not counted");
        await test.Fields.SweepAsync(test.Key);
        Assert.Equal(90_000, await test.Redis.HashCountAsync(test.Key));
        FieldTimeToLive[] left = await test.Fields.TimeToLiveAsync(test.Key, names);
        Assert.All(left.Index(), one => Assert.Equal(one.Index % 10 == 0 ? 0 : 1 + (one.Index % 50), Math.Ceiling((one.Item.Left ?? TimeSpan.Zero).TotalHours)));
        Assert.Equal(90_000, (await test.Fields.PersistAsync(test.Key, names)).Count(outcome => outcome == FieldOutcome.Done));
    }

    [Theory]
    [InlineData(RedisFlavor.Redis, 1)]
    [InlineData(RedisFlavor.Redis, -1)]
    [InlineData(RedisFlavor.Valkey, 1)]
    [InlineData(RedisFlavor.Valkey, -1)]
    [InlineData(RedisFlavor.Redis7, 1)]
    [InlineData(RedisFlavor.Redis7, -1)]
    public async Task A_clock_that_is_an_hour_wrong_changes_nothing(RedisFlavor flavor, int hours)
    {
        RedisServer server = await TestServers.GetAsync(flavor);
        await using RedisClient wrong = await RedisClient.ConnectAsync(RedisClientOptions.Parse(server.ConnectionString) with { TimeProvider = new WrongClock(TimeSpan.FromHours(hours)) });
        await using RedisClient right = await RedisClient.ConnectAsync(server.ConnectionString);
        string key = TestServers.NewKey();
        foreach ((HashFields writer, HashFields reader) in new[] { (new HashFields(wrong), new HashFields(right)), (new HashFields(right), new HashFields(wrong)) })
        {
            await writer.SetAsync(key, [("brief", 1, TimeToLive.Milliseconds(100)), ("long", 2, TimeToLive.Minutes(30))]);
            await Bounded.Until(async () => await reader.GetAsync(key, "brief") is null, "brief is gone");
            Assert.Equal("2", await reader.GetAsync(key, "long"));
            Assert.InRange((await reader.TimeToLiveAsync(key, ["long"]))[0].Left!.Value, TimeSpan.FromMinutes(25), TimeSpan.FromMinutes(30));
            await reader.SweepAsync(key);
            Assert.Equal("2", await writer.GetAsync(key, "long"));
            await writer.DeleteHashAsync(key);
        }
    }

    private sealed class WrongClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }

    [Theory, EveryTarget]
    public async Task Every_step_of_the_scan_is_asked_for_and_a_refusal_ends_it(Target target)
    {
        await using RedisServer server = await target.StartServerAsync();
        await using IRedisClient redis = await target.ConnectAsync(server);
        await redis.FillAsync("other:", 5000);
        var fields = new HashFields(redis);
        int asked = 0;
        await SweepAsync(_ => ValueTask.FromResult(++asked > 0));
        // 1,000 keys a step; the server gives some more or fewer.
        Assert.InRange(asked, 4, 12);
        asked = 0;
        await SweepAsync(_ => ValueTask.FromResult(++asked < 2));
        Assert.Equal(2, asked);

        async Task SweepAsync(Func<CancellationToken, ValueTask<bool>> mayStep)
        {
            await foreach (HashSweep swept in fields.SweepAllAsync(mayStep, CancellationToken.None)) Assert.Fail($"'{swept.Key}' has no deadlines.");
        }
    }
}
