namespace RedisToolkit.Tests;

/// <summary>What fields with a time to live of their own do, the same wherever their deadlines are kept.</summary>
public sealed class HashFieldTests
{
    [Theory, EveryStorage]
    public async Task Fields_written_together_each_end_at_their_own_time(Target target, HashFieldStorage storage)
    {
        await using FieldsUnderTest test = await FieldsUnderTest.OpenAsync(target, storage);
        Assert.True(await test.Fields.SetAsync(test.Key, [("cpu", 71, TimeToLive.Milliseconds(150)), ("owner", "ada", TimeToLive.Hours(1)), ("name", "dash", TimeToLive.Forever)]));
        await test.GoneAsync("cpu");
        FieldsUnderTest.Same([null, "ada", "dash"], await test.Fields.GetManyAsync(test.Key, ["cpu", "owner", "name"]));
        Assert.Equal(new Dictionary<string, string> { ["owner"] = "ada", ["name"] = "dash" }, await test.Fields.GetAllAsync(test.Key));
        FieldTimeToLive[] left = await test.Fields.TimeToLiveAsync(test.Key, ["cpu", "owner", "name", "none"]);
        Assert.Equal([false, true, true, false], left.Select(one => one.FieldExists));
        Assert.InRange(left[1].Left!.Value, TimeSpan.FromMinutes(50), TimeSpan.FromHours(1));
        Assert.Equal([null, null], [left[0].Left, left[2].Left]);
        Assert.False(await test.Fields.ExistsAsync(test.Key, "cpu"));
        Assert.True(await test.Fields.ExistsAsync(test.Key, "owner"));
        await Bounded.Until(async () => await test.Fields.CountAsync(test.Key) == 2, "two are counted");
    }

    [Theory, EveryStorage]
    public async Task Fields_written_together_with_one_time_to_live_are_read_back(Target target, HashFieldStorage storage)
    {
        await using FieldsUnderTest test = await FieldsUnderTest.OpenAsync(target, storage);
        Assert.True(await test.Fields.SetAsync(test.Key, [("a", 1, TimeToLive.Minutes(5)), ("b", "", TimeToLive.Minutes(5)), ("a", 2, TimeToLive.Minutes(5))]));
        FieldsUnderTest.Same(["2", "", null], await test.Fields.GetManyAsync(test.Key, ["a", "b", "c"]));
        using PooledBytes pooled = await test.Fields.GetAsync(test.Key, "a", Replies.Pooled);
        Assert.Equal((byte)'2', Assert.Single(pooled.Span.ToArray()));
        Assert.Equal(storage == HashFieldStorage.Portable || target.Flavor == RedisFlavor.Redis7, await test.HasDeadlinesBesideAsync());
    }

    [Theory, EveryStorage]
    public async Task Any_bytes_are_a_field_and_a_value(Target target, HashFieldStorage storage)
    {
        await using FieldsUnderTest test = await FieldsUnderTest.OpenAsync(target, storage);
        byte[] field = [0, 255, 13, 10, 32, 0], value = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        await test.Fields.SetAsync(test.Key, field, value, TimeToLive.Hours(1));
        Assert.Equal(value, await test.Fields.GetAsync(test.Key, field, Replies.Bytes));
        Assert.Equal([FieldOutcome.Done], await test.Fields.PersistAsync(test.Key, [field]));
        Assert.Equal(1, await test.Fields.DeleteAsync(test.Key, [field]));
    }

    [Theory, EveryStorage]
    public async Task Fields_are_written_all_or_none(Target target, HashFieldStorage storage)
    {
        await using FieldsUnderTest test = await FieldsUnderTest.OpenAsync(target, storage);
        await test.Fields.SetAsync(test.Key, [("old", 1, TimeToLive.Hours(1)), ("brief", 1, TimeToLive.Milliseconds(50))]);
        await test.GoneAsync("brief");
        Assert.False(await test.Fields.SetAsync(test.Key, [("new", 2, TimeToLive.Hours(1)), ("old", 2, TimeToLive.Hours(1))], SetFieldsWhen.NoneExists));
        Assert.False(await test.Fields.SetAsync(test.Key, [("new", 2, TimeToLive.Hours(1)), ("old", 2, TimeToLive.Hours(1))], SetFieldsWhen.AllExist));
        Assert.False(await test.Fields.SetAsync(test.Key, [("brief", 2, TimeToLive.Hours(1))], SetFieldsWhen.AllExist));
        FieldsUnderTest.Same(["1", null, null], await test.Fields.GetManyAsync(test.Key, ["old", "new", "brief"]));
        Assert.True(await test.Fields.SetAsync(test.Key, [("brief", 3, TimeToLive.Hours(1)), ("new", 3, TimeToLive.Forever)], SetFieldsWhen.NoneExists));
        Assert.True(await test.Fields.SetAsync(test.Key, [("old", 3, TimeToLive.Unchanged)], SetFieldsWhen.AllExist));
        FieldsUnderTest.Same(["3", "3", "3"], await test.Fields.GetManyAsync(test.Key, ["old", "new", "brief"]));
        Assert.All((await test.Fields.TimeToLiveAsync(test.Key, ["old", "brief"])), left => Assert.NotNull(left.Left));
    }

    [Theory, EveryStorage]
    public async Task A_write_takes_a_time_to_live_away_unless_told_to_keep_it(Target target, HashFieldStorage storage)
    {
        await using FieldsUnderTest test = await FieldsUnderTest.OpenAsync(target, storage);
        await test.Fields.SetAsync(test.Key, [("kept", 1, TimeToLive.Hours(1)), ("lost", 1, TimeToLive.Hours(1)), ("plain", 1, TimeToLive.Hours(1))]);
        await test.Fields.SetAsync(test.Key, [("kept", 2, TimeToLive.Unchanged), ("lost", 2, TimeToLive.Forever), ("new", 2, TimeToLive.Unchanged)]);
        Assert.False(await test.Redis.HashSetAsync(test.Key, "plain", 2));
        FieldTimeToLive[] left = await test.Fields.TimeToLiveAsync(test.Key, ["kept", "lost", "new", "plain"]);
        Assert.Equal([true, false, false, false], left.Select(one => one.Left is not null));
        Assert.All(left, one => Assert.True(one.FieldExists));
    }

    [Theory, EveryStorage]
    public async Task A_value_written_by_others_outlives_the_deadline_of_the_one_before(Target target, HashFieldStorage storage)
    {
        await using FieldsUnderTest test = await FieldsUnderTest.OpenAsync(target, storage);
        await test.Fields.SetAsync(test.Key, [("f", "ours", TimeToLive.Milliseconds(300)), ("beacon", 1, TimeToLive.Milliseconds(300))]);
        await test.Redis.HashSetAsync(test.Key, "f", "theirs");
        await test.GoneAsync("beacon");
        Assert.Equal("theirs", await test.Fields.GetAsync(test.Key, "f"));
        await test.Fields.SweepAsync(test.Key);
        Assert.Equal("theirs", await test.Redis.HashGetAsync(test.Key, "f"));
    }

    [Theory, EveryStorage]
    public async Task A_condition_on_the_time_to_live_is_kept_to(Target target, HashFieldStorage storage)
    {
        await using FieldsUnderTest test = await FieldsUnderTest.OpenAsync(target, storage);
        RedisArgument[] both = ["some", "none", "missing"];
        await test.Fields.SetAsync(test.Key, [("some", 1, TimeToLive.Hours(2)), ("none", 1, TimeToLive.Forever)]);
        Assert.Equal([FieldOutcome.ConditionNotMet, FieldOutcome.ConditionNotMet, FieldOutcome.NoSuchField], await test.Fields.ExpireAsync(test.Key, both, TimeToLive.Hours(1), ExpireWhen.Later));
        Assert.Equal([FieldOutcome.Done, FieldOutcome.ConditionNotMet, FieldOutcome.NoSuchField], await test.Fields.ExpireAsync(test.Key, both, TimeToLive.Hours(3), ExpireWhen.Later));
        Assert.Equal([FieldOutcome.Done, FieldOutcome.ConditionNotMet, FieldOutcome.NoSuchField], await test.Fields.ExpireAsync(test.Key, both, TimeToLive.Hours(4), ExpireWhen.HasOne));
        Assert.Equal([FieldOutcome.ConditionNotMet, FieldOutcome.Done, FieldOutcome.NoSuchField], await test.Fields.ExpireAsync(test.Key, both, TimeToLive.Hours(5), ExpireWhen.Sooner));
        Assert.Equal([FieldOutcome.ConditionNotMet, FieldOutcome.ConditionNotMet, FieldOutcome.NoSuchField], await test.Fields.ExpireAsync(test.Key, both, TimeToLive.Hours(5), ExpireWhen.HasNone));
        Assert.Equal([FieldOutcome.Done, FieldOutcome.Done, FieldOutcome.NoSuchField], await test.Fields.PersistAsync(test.Key, both));
        Assert.Equal([FieldOutcome.HadNone, FieldOutcome.HadNone, FieldOutcome.NoSuchField], await test.Fields.PersistAsync(test.Key, both));
        Assert.Equal([FieldOutcome.Done, FieldOutcome.Done, FieldOutcome.NoSuchField], await test.Fields.ExpireAsync(test.Key, both, TimeToLive.Hours(5), ExpireWhen.HasNone));
        Assert.Equal([FieldOutcome.Done, FieldOutcome.Done, FieldOutcome.NoSuchField], await test.Fields.ExpireAsync(test.Key, [("some", TimeToLive.Hours(1)), ("none", TimeToLive.Hours(2)), ("missing", TimeToLive.Hours(3))]));
        FieldTimeToLive[] left = await test.Fields.TimeToLiveAsync(test.Key, both);
        Assert.InRange(left[0].Left!.Value, TimeSpan.FromMinutes(50), TimeSpan.FromHours(1));
        Assert.InRange(left[1].Left!.Value, TimeSpan.FromMinutes(110), TimeSpan.FromHours(2));
    }

    [Theory, EveryStorage]
    public async Task Reading_extends_the_time_to_live_when_asked(Target target, HashFieldStorage storage)
    {
        await using FieldsUnderTest test = await FieldsUnderTest.OpenAsync(target, storage);
        await test.Fields.SetAsync(test.Key, [("a", 1, TimeToLive.Minutes(1)), ("b", 2, TimeToLive.Forever), ("brief", 3, TimeToLive.Milliseconds(50))]);
        await test.GoneAsync("brief");
        FieldsUnderTest.Same(["1", "2", null, null], await test.Fields.GetAndExpireAsync(test.Key, ["a", "b", "brief", "none"], TimeToLive.Hours(1)));
        FieldTimeToLive[] left = await test.Fields.TimeToLiveAsync(test.Key, ["a", "b", "brief"]);
        Assert.All(left[..2], one => Assert.InRange(one.Left!.Value, TimeSpan.FromMinutes(50), TimeSpan.FromHours(1)));
        Assert.False(left[2].FieldExists);
        FieldsUnderTest.Same(["1"], await test.Fields.GetAndExpireAsync(test.Key, ["a"], TimeToLive.Forever));
        Assert.Null((await test.Fields.TimeToLiveAsync(test.Key, ["a"]))[0].Left);
    }

    [Theory, EveryStorage]
    public async Task An_instant_that_has_passed_deletes(Target target, HashFieldStorage storage)
    {
        await using FieldsUnderTest test = await FieldsUnderTest.OpenAsync(target, storage);
        TimeToLive past = TimeToLive.At(DateTimeOffset.UnixEpoch.AddYears(40));
        await test.Fields.SetAsync(test.Key, [("a", 1, TimeToLive.Forever), ("b", 1, TimeToLive.Forever), ("c", 1, TimeToLive.Forever), ("d", 1, TimeToLive.Forever)]);
        Assert.Equal([FieldOutcome.Deleted, FieldOutcome.NoSuchField], await test.Fields.ExpireAsync(test.Key, ["a", "none"], past));
        FieldsUnderTest.Same(["1"], await test.Fields.GetAndExpireAsync(test.Key, ["b"], past));
        await test.Fields.SetAsync(test.Key, "c", 2, past);
        Assert.Equal(["d"], (await test.Fields.GetAllAsync(test.Key)).Keys);
        await test.Fields.SetAsync(test.Key, [("d", 2, past), ("e", 2, past)]);
        Assert.False(await test.Redis.ExistsAsync(test.Key));
        Assert.False(await test.HasDeadlinesBesideAsync());
    }

    [Theory, EveryStorage]
    public async Task A_hash_that_is_deleted_takes_its_deadlines_along(Target target, HashFieldStorage storage)
    {
        await using FieldsUnderTest test = await FieldsUnderTest.OpenAsync(target, storage);
        await test.Fields.SetAsync(test.Key, "f", 1, TimeToLive.Hours(1));
        await test.Fields.DeleteHashAsync(test.Key);
        Assert.False(await test.HasDeadlinesBesideAsync());
        Assert.Empty(await test.Fields.GetAllAsync(test.Key));

        await test.Fields.SetAsync(test.Key, [("f", 1, TimeToLive.Hours(1)), ("g", 1, TimeToLive.Minutes(1))]);
        await test.Redis.DeleteAsync(test.Key);
        await test.Fields.SetAsync(test.Key, "h", 1, TimeToLive.Forever);
        Assert.False(await test.HasDeadlinesBesideAsync());
        Assert.Equal(["h"], (await test.Fields.GetAllAsync(test.Key)).Keys);
    }

    [Theory, EveryStorage]
    public async Task The_last_field_that_is_deleted_or_swept_takes_hash_and_deadlines_along(Target target, HashFieldStorage storage)
    {
        await using FieldsUnderTest test = await FieldsUnderTest.OpenAsync(target, storage);
        await test.Fields.SetAsync(test.Key, [("f", 1, TimeToLive.Hours(1)), ("g", 1, TimeToLive.Forever)]);
        Assert.Equal(2, await test.Fields.DeleteAsync(test.Key, ["f", "g", "none"]));
        Assert.Equal((false, false), (await test.Redis.ExistsAsync(test.Key), await test.HasDeadlinesBesideAsync()));

        await test.Fields.SetAsync(test.Key, [("f", 1, TimeToLive.Milliseconds(50)), ("g", 1, TimeToLive.Milliseconds(60))]);
        await test.GoneAsync("g");
        await Bounded.Until(
            async () =>
            {
                await test.Fields.SweepAsync(test.Key);
                return !await test.Redis.ExistsAsync(test.Key) && !await test.HasDeadlinesBesideAsync();
            },
            "the hash and its deadlines are gone");
    }

    [Theory, EveryStorage]
    public async Task A_hash_has_a_time_to_live_beside_those_of_its_fields(Target target, HashFieldStorage storage)
    {
        await using FieldsUnderTest test = await FieldsUnderTest.OpenAsync(target, storage);
        Assert.False(await test.Fields.ExpireHashAsync(test.Key, TimeToLive.Hours(1)));
        await test.Fields.SetAsync(test.Key, [("f", 1, TimeToLive.Hours(2)), ("g", 1, TimeToLive.Forever)]);
        Assert.True(await test.Fields.ExpireHashAsync(test.Key, TimeToLive.Hours(1)));
        Assert.InRange((await test.Redis.TimeToLiveAsync(test.Key)).Left!.Value, TimeSpan.FromMinutes(50), TimeSpan.FromHours(1));
        Assert.InRange((await test.Fields.TimeToLiveAsync(test.Key, ["f"]))[0].Left!.Value, TimeSpan.FromMinutes(110), TimeSpan.FromHours(2));
        if (await test.HasDeadlinesBesideAsync()) Assert.InRange((await test.Redis.TimeToLiveAsync(test.Deadlines)).Left!.Value, TimeSpan.FromMinutes(50), TimeSpan.FromHours(1));
        Assert.True(await test.Fields.ExpireHashAsync(test.Key, TimeToLive.Forever));
        Assert.Null((await test.Redis.TimeToLiveAsync(test.Key)).Left);
        Assert.True(await test.Fields.ExpireHashAsync(test.Key, TimeToLive.Milliseconds(50)));
        await Bounded.Until(async () => !await test.Redis.ExistsAsync(test.Key) && !await test.HasDeadlinesBesideAsync(), "both are gone");
    }
}
