namespace RedisToolkit.Tests;

/// <summary>What is refused, by whom, and that nothing is lost.</summary>
public sealed class BadInputTests
{
    [Fact]
    public async Task Bad_input_is_refused_before_anything_is_sent()
    {
        var fields = new HashFields(new RedisClientNobodyMayUse());
        TimeToLive hour = TimeToLive.Hours(1);
        await Refuses(() => fields.SetAsync(default, "f", "v", hour));
        await Refuses(() => fields.SetAsync("", "f", "v", hour));
        await Refuses(() => fields.SetAsync("k", "", "v", hour));
        await Refuses(() => fields.SetAsync("k", Array.Empty<byte>(), "v", hour));
        await Refuses(() => fields.SetAsync("k", default, "v", hour));
        await Refuses(() => fields.SetAsync("k", "f", default, hour));
        await Refuses(() => fields.SetAsync("k", "f", "v", default));
        await Refuses(() => Done(fields.SetAsync("k", [])));
        await Refuses(() => Done(fields.SetAsync("k", new (RedisArgument, RedisArgument, TimeToLive)[HashFields.MostFields + 1])));
        await Refuses(() => Done(fields.SetAsync("k", [("f", "v", hour)], (SetFieldsWhen)9)));
        await Refuses(() => Done(fields.GetAsync("", "f")));
        await Refuses(() => Done(fields.GetAsync("k", "")));
        await Refuses(() => Done(fields.GetManyAsync("k", [])));
        await Refuses(() => Done(fields.GetAllAsync("")));
        await Refuses(() => Done(fields.GetAndExpireAsync("k", ["f"], TimeToLive.Unchanged)));
        await Refuses(() => Done(fields.GetAndExpireAsync("k", ["f"], default)));
        await Refuses(() => Done(fields.ExpireAsync("k", ["f"], TimeToLive.Forever)));
        await Refuses(() => Done(fields.ExpireAsync("k", ["f"], TimeToLive.Unchanged)));
        await Refuses(() => Done(fields.ExpireAsync("k", ["f"], hour, (ExpireWhen)9)));
        await Refuses(() => Done(fields.ExpireAsync("k", [("", hour)])));
        await Refuses(() => Done(fields.PersistAsync("k", [default])));
        await Refuses(() => Done(fields.DeleteAsync("k", [])));
        await Refuses(() => Done(fields.TimeToLiveAsync("k", [""])));
        await Refuses(() => Done(fields.CountAsync("")));
        await Refuses(() => fields.DeleteHashAsync(""));
        await Refuses(() => Done(fields.ExpireHashAsync("k", default)));
        await Refuses(() => Done(fields.SweepAsync("")));
        await Refuses(() => Done(fields.ConvertAsync("")));
        var maps = new ResultMaps(fields);
        await Refuses(() => maps.StoreAsync("k", new Dictionary<string, RedisArgument>(), (_, _) => hour));
        await Refuses(() => maps.StoreAsync("k", new Dictionary<string, RedisArgument> { [""] = 1 }, (_, _) => hour));
        await Refuses(() => maps.StoreAsync("k", new Dictionary<string, RedisArgument> { ["f"] = 1 }, (_, _) => default));
        await Refuses(() => maps.StoreAsync("k", new Dictionary<string, RedisArgument> { ["f"] = 1 }, (_, _) => TimeToLive.Unchanged));
        await Refuses(() => Done(maps.LoadAsync("k", [])));
        Assert.Throws<ArgumentNullException>(() => new HashFields(null!));
        Assert.Throws<ArgumentNullException>(() => new ResultMaps(null!));
        Assert.Equal(2, Assert.Throws<RedisOptionsException>(
            () => new HashFields(new RedisClientNobodyMayUse(), new HashFieldsOptions { RememberExpired = TimeSpan.Zero, Storage = (HashFieldStorage)9 })).Faults.Count);
    }

    [Fact]
    public void A_time_to_live_that_no_server_takes_is_refused_when_it_is_made()
    {
        foreach (double wrong in new[] { 0, -1, double.NaN, double.PositiveInfinity, 36_501 })
            Assert.Contains("36,500 days", Assert.Throws<ArgumentOutOfRangeException>(() => TimeToLive.Days(wrong)).Message, StringComparison.Ordinal);
        foreach (TimeSpan wrong in new[] { TimeSpan.Zero, TimeSpan.FromTicks(-1), Timeout.InfiniteTimeSpan, TimeSpan.MaxValue, TimeToLive.Longest + TimeSpan.FromTicks(1) })
            Assert.Contains("2^46", Assert.Throws<ArgumentOutOfRangeException>(() => TimeToLive.After(wrong)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => TimeToLive.At(DateTimeOffset.UnixEpoch));
        Assert.Throws<ArgumentOutOfRangeException>(() => TimeToLive.At(DateTimeOffset.MaxValue));
        Assert.Equal(TimeToLive.Milliseconds(1), TimeToLive.After(TimeSpan.FromTicks(1)));
        Assert.Equal((TimeToLive)TimeSpan.FromSeconds(90), TimeToLive.Minutes(1.5));
    }

    [Theory, EveryStorage]
    public async Task A_cancelled_call_ends_as_cancelled(Target target, HashFieldStorage storage)
    {
        await using FieldsUnderTest test = await FieldsUnderTest.OpenAsync(target, storage);
        var token = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await test.Fields.SetAsync(test.Key, "f", 1, TimeToLive.Hours(1), token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await test.Fields.GetAsync(test.Key, "f", token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await test.Fields.ExpireAsync(test.Key, ["f"], TimeToLive.Hours(1), cancellationToken: token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await test.Fields.SweepAsync(test.Key, token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await test.Fields.SweepAllAsync(token).GetAsyncEnumerator(token).MoveNextAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await new ResultMaps(test.Fields).LoadAsync(test.Key, ["f"], token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await new Counters(test.Redis).AddAsync(test.Key, TimeToLive.Hours(1), cancellationToken: token));
        Assert.False(await test.Redis.ExistsAsync(test.Key));
    }

    [Theory, EveryStorage]
    public async Task The_longest_time_to_live_is_taken(Target target, HashFieldStorage storage)
    {
        await using FieldsUnderTest test = await FieldsUnderTest.OpenAsync(target, storage);
        await test.Fields.SetAsync(test.Key, [("f", 1, TimeToLive.Longest), ("g", 1, TimeToLive.Hours(1))]);
        await test.Fields.SetAsync(test.Key, "h", 1, TimeToLive.Longest);
        FieldTimeToLive[] left = await test.Fields.TimeToLiveAsync(test.Key, ["f", "h"]);
        Assert.All(left, one => Assert.InRange(one.Left!.Value, TimeToLive.Longest - TimeSpan.FromHours(1), TimeToLive.Longest));
    }

    [Theory, EveryStorage]
    public async Task A_key_of_another_type_is_named_with_what_it_holds(Target target, HashFieldStorage storage)
    {
        await using FieldsUnderTest test = await FieldsUnderTest.OpenAsync(target, storage);
        await test.Redis.SetAsync(test.Key, "text");
        foreach (Func<Task> call in Calls(test))
        {
            RedisKeyTypeException error = await Assert.ThrowsAsync<RedisKeyTypeException>(call);
            Assert.Equal((test.Key, "hash", "string", CommandOutcome.Refused), (error.Key, error.Expected, error.Actual, error.Outcome));
            Assert.Contains($"'{test.Key}' holds a string where a hash was expected", error.Message, StringComparison.Ordinal);
            Assert.Equal(RedisErrorCode.WrongType, Assert.IsType<RedisServerException>(error.InnerException).Code);
        }

        Assert.Equal("text", await test.Redis.GetAsync(test.Key));
        Assert.False(await test.HasDeadlinesBesideAsync());
    }

    [Theory, EveryStorage]
    public async Task Deadlines_that_became_another_type_are_an_error_and_nothing_is_lost(Target target, HashFieldStorage storage)
    {
        await using FieldsUnderTest test = await FieldsUnderTest.OpenAsync(target, storage);
        await test.Redis.HashSetAsync(test.Key, "f", "v");
        await test.Redis.SetAsync(test.Deadlines, "tampered");
        foreach (Func<Task> call in Calls(test))
        {
            // A plain write with one time to live is done by the server that has field expiry; then it says what is wrong.
            RedisKeyTypeException error = await Assert.ThrowsAsync<RedisKeyTypeException>(call);
            Assert.Equal((test.Deadlines, "zset", "string"), (error.Key, error.Expected, error.Actual));
            Assert.Contains($"hash '{test.Key}'", error.Message, StringComparison.Ordinal);
            Assert.Contains("Delete that key", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal("tampered", await test.Redis.GetAsync(test.Deadlines));
        Assert.Equal("v", await test.Redis.HashGetAsync(test.Key, "f"));
        await test.Redis.DeleteAsync(test.Deadlines);
        Assert.Equal("v", await test.Fields.GetAsync(test.Key, "f"));
    }

    [Theory, EveryStorage]
    public async Task Notes_that_became_another_type_are_an_error_and_nothing_is_lost(Target target, HashFieldStorage storage)
    {
        await using FieldsUnderTest test = await FieldsUnderTest.OpenAsync(target, storage);
        var maps = new ResultMaps(test.Fields);
        string notes = $"{{{test.Key}}}:stored-fields";
        await test.Redis.HashSetAsync(test.Key, "f", "v");
        await test.Redis.SetAsync(notes, "tampered");
        foreach (Func<Task> call in new Func<Task>[]
        {
            () => maps.StoreAsync(test.Key, new Dictionary<string, RedisArgument> { ["f"] = "new" }, (_, _) => TimeToLive.Hours(1)).AsTask(),
            () => maps.LoadAsync(test.Key, ["f"]).AsTask(),
        })
        {
            RedisKeyTypeException error = await Assert.ThrowsAsync<RedisKeyTypeException>(call);
            Assert.Equal((notes, "zset", "string"), (error.Key, error.Expected, error.Actual));
            Assert.Contains("Delete that key", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal("v", await test.Redis.HashGetAsync(test.Key, "f"));
        Assert.Equal("tampered", await test.Redis.GetAsync(notes));
    }

    [Theory, EveryStorage]
    public async Task A_score_that_nobody_wrote_here_is_an_error_and_deletes_nothing(Target target, HashFieldStorage storage)
    {
        await using FieldsUnderTest test = await FieldsUnderTest.OpenAsync(target, storage);
        foreach (string score in new[] { "-inf", "0", "1", "1700000000000", "1e300", "inf", "1700000000000.3" })
        {
            await test.Redis.HashSetAsync(test.Key, "f", "v");
            await test.SendAsync(Replies.Integer, "ZADD", test.Deadlines, score, "f");
            RedisValueException error = await Assert.ThrowsAsync<RedisValueException>(async () => await test.Fields.GetAsync(test.Key, "f"));
            Assert.Equal((test.Deadlines, CommandOutcome.Refused), (error.Key, error.Outcome));
            Assert.Contains("Delete that key", error.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<RedisValueException>(async () => await test.Fields.ExpireAsync(test.Key, ["f"], TimeToLive.Hours(1)));
            await Assert.ThrowsAsync<RedisValueException>(async () => await test.Fields.SetAsync(test.Key, [("g", "new", TimeToLive.Hours(1)), ("f", "new", TimeToLive.Unchanged)]));
            Assert.Equal("v", await test.Redis.HashGetAsync(test.Key, "f"));
            Assert.Equal(1, await test.Redis.HashCountAsync(test.Key));
        }
    }

    private static IEnumerable<Func<Task>> Calls(FieldsUnderTest test) =>
    [
        () => test.Fields.SetAsync(test.Key, [("g", 1, TimeToLive.Hours(1)), ("f", 1, TimeToLive.Forever)]).AsTask(),
        () => test.Fields.SetAsync(test.Key, [("g", 1, TimeToLive.Hours(1))], SetFieldsWhen.NoneExists).AsTask(),
        () => test.Fields.SetAsync(test.Key, "g", 1, TimeToLive.Hours(1)).AsTask(),
        () => test.Fields.GetAsync(test.Key, "f").AsTask(),
        () => test.Fields.GetAllAsync(test.Key).AsTask(),
        () => test.Fields.GetAndExpireAsync(test.Key, ["f"], TimeToLive.Hours(1)).AsTask(),
        () => test.Fields.ExpireAsync(test.Key, ["f"], TimeToLive.Hours(1)).AsTask(),
        () => test.Fields.PersistAsync(test.Key, ["f"]).AsTask(),
        () => test.Fields.TimeToLiveAsync(test.Key, ["f"]).AsTask(),
        () => test.Fields.CountAsync(test.Key).AsTask(),
        () => test.Fields.DeleteAsync(test.Key, ["f"]).AsTask(),
        () => test.Fields.SweepAsync(test.Key).AsTask(),
        () => test.Fields.ConvertAsync(test.Key).AsTask(),
        () => new ResultMaps(test.Fields).StoreAsync(test.Key, new Dictionary<string, RedisArgument> { ["g"] = 1 }, (_, _) => TimeToLive.Hours(1)).AsTask(),
        () => new ResultMaps(test.Fields).LoadAsync(test.Key, ["f"]).AsTask(),
    ];

    private static Task Refuses(Func<ValueTask> call) => Assert.ThrowsAnyAsync<ArgumentException>(async () => await call());

    private static async ValueTask Done<T>(ValueTask<T> call) => _ = await call;
}
