namespace RedisToolkit.Tests;

/// <summary>Whole maps of results in one call.</summary>
public sealed class ResultMapTests
{
    [Theory, EveryStorage]
    public async Task Found_missing_and_expired_are_told_apart(Target target, HashFieldStorage storage)
    {
        await using FieldsUnderTest test = await FieldsUnderTest.OpenAsync(target, storage);
        var maps = new ResultMaps(test.Fields);
        var prices = new Dictionary<string, double> { ["volatile"] = 1.5, ["stable"] = 2, ["fixed"] = 3, ["deleted"] = 4 };
        await maps.StoreAsync(test.Key, prices, price => price, (name, price) => (name, price) switch
        {
            ("volatile", _) => TimeToLive.Milliseconds(100),
            (_, 3) => TimeToLive.Forever,
            _ => TimeToLive.Hours(1),
        });
        await test.Fields.DeleteAsync(test.Key, ["deleted"]);
        await test.GoneAsync("volatile");
        StoredResult<double>[] results = await maps.LoadAsync(test.Key, ["volatile", "stable", "fixed", "deleted", "never"], Replies.Double);
        Assert.Equal([ResultState.Expired, ResultState.Found, ResultState.Found, ResultState.Missing, ResultState.Missing], results.Select(result => result.State));
        Assert.Equal([0.0, 2, 3, 0, 0], results.Select(result => result.Value));
        Assert.Equal("2", (await maps.LoadAsync(test.Key, ["stable"]))[0].Value);
    }

    [Theory, EveryStorage]
    public async Task The_hash_ends_with_its_longest_entry_and_what_expired_is_remembered_beyond(Target target, HashFieldStorage storage)
    {
        await using FieldsUnderTest test = await FieldsUnderTest.OpenAsync(target, storage);
        var maps = new ResultMaps(test.Fields);
        await StoreAsync(TimeToLive.Minutes(1), TimeToLive.Hours(2));
        Assert.InRange((await test.Redis.TimeToLiveAsync(test.Key)).Left!.Value, TimeSpan.FromMinutes(110), TimeSpan.FromHours(2));
        await StoreAsync(TimeToLive.Minutes(2), TimeToLive.Hours(1));
        Assert.InRange((await test.Redis.TimeToLiveAsync(test.Key)).Left!.Value, TimeSpan.FromMinutes(110), TimeSpan.FromHours(2));
        await StoreAsync(TimeToLive.Minutes(2), TimeToLive.Hours(5));
        Assert.InRange((await test.Redis.TimeToLiveAsync(test.Key)).Left!.Value, TimeSpan.FromMinutes(290), TimeSpan.FromHours(5));
        await StoreAsync(TimeToLive.Forever, TimeToLive.Hours(5));
        Assert.Equal(new KeyTimeToLive(true, null), await test.Redis.TimeToLiveAsync(test.Key));

        await test.Fields.DeleteHashAsync(test.Key);
        Assert.Equal([ResultState.Missing], (await maps.LoadAsync(test.Key, ["a"])).Select(result => result.State));
        await StoreAsync(TimeToLive.Milliseconds(50), TimeToLive.Milliseconds(60));
        await Bounded.Until(async () => !await test.Redis.ExistsAsync(test.Key), "the hash is gone by itself, on every server");
        Assert.Equal([ResultState.Expired, ResultState.Expired, ResultState.Missing], (await maps.LoadAsync(test.Key, ["a", "b", "c"])).Select(result => result.State));

        async Task StoreAsync(TimeToLive a, TimeToLive b) =>
            await maps.StoreAsync(test.Key, new Dictionary<string, RedisArgument> { ["a"] = 1, ["b"] = 2 }, (name, _) => name == "a" ? a : b);
    }

    [Theory, EveryStorage]
    public async Task A_hash_that_others_keep_for_ever_goes_on_for_ever(Target target, HashFieldStorage storage)
    {
        await using FieldsUnderTest test = await FieldsUnderTest.OpenAsync(target, storage);
        await test.Redis.HashSetAsync(test.Key, "theirs", 1);
        await new ResultMaps(test.Fields).StoreAsync(test.Key, new Dictionary<string, RedisArgument> { ["ours"] = 1 }, (_, _) => TimeToLive.Milliseconds(50));
        await test.GoneAsync("ours");
        Assert.Equal("1", await test.Fields.GetAsync(test.Key, "theirs"));
        Assert.Null((await test.Redis.TimeToLiveAsync(test.Key)).Left);
    }

    [Theory, EveryStorage]
    public async Task What_expired_is_forgotten_when_it_is_said_to_be(Target target, HashFieldStorage storage)
    {
        await using FieldsUnderTest test = await FieldsUnderTest.OpenAsync(target, storage);
        var maps = new ResultMaps(new HashFields(test.Redis, new HashFieldsOptions { Storage = storage, RememberExpired = TimeSpan.FromMilliseconds(200) }));
        await maps.StoreAsync(test.Key, new Dictionary<string, RedisArgument> { ["a"] = 1 }, (_, _) => TimeToLive.Milliseconds(50));
        await Bounded.Until(async () => (await maps.LoadAsync(test.Key, ["a"]))[0].State == ResultState.Missing, "it is forgotten");
        Assert.False(await test.Redis.ExistsAsync($"{{{test.Key}}}:stored-fields"));
    }
}
