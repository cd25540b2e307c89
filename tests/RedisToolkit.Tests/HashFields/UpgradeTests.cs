namespace RedisToolkit.Tests;

/// <summary>Deadlines that were kept in one way are found by those that keep them in the other; nothing is lost, nothing comes back.</summary>
public sealed class UpgradeTests
{
    [Theory, EveryStorage(OnlyWhereServersExpireFields = true)]
    public async Task Deadlines_written_in_one_way_are_read_in_the_other(Target target, HashFieldStorage storage)
    {
        await using FieldsUnderTest test = await FieldsUnderTest.OpenAsync(target, storage);
        HashFields other = test.With(1 - storage);
        await other.SetAsync(test.Key, [("long", 1, TimeToLive.Hours(2)), ("brief", 2, TimeToLive.Milliseconds(30)), ("ever", 3, TimeToLive.Forever), ("kept", 4, TimeToLive.Hours(1))]);
        await Bounded.Until(async () => await other.GetAsync(test.Key, "brief") is null, "brief is gone");
        Assert.Equal(new Dictionary<string, string> { ["long"] = "1", ["ever"] = "3", ["kept"] = "4" }, await test.Fields.GetAllAsync(test.Key));
        await test.Fields.SetAsync(test.Key, [("kept", 5, TimeToLive.Unchanged)]);
        FieldTimeToLive[] left = await test.Fields.TimeToLiveAsync(test.Key, ["long", "brief", "ever", "kept"]);
        Assert.InRange(left[0].Left!.Value, TimeSpan.FromMinutes(110), TimeSpan.FromHours(2));
        Assert.False(left[1].FieldExists);
        Assert.Equal(new FieldTimeToLive(true, null), left[2]);
        Assert.InRange(left[3].Left!.Value, TimeSpan.FromMinutes(50), TimeSpan.FromHours(1));
        Assert.Equal([FieldOutcome.Done, FieldOutcome.NoSuchField, FieldOutcome.HadNone], await test.Fields.PersistAsync(test.Key, ["long", "brief", "ever"]));
        Assert.Null((await other.TimeToLiveAsync(test.Key, ["long"]))[0].Left);
    }

    [Theory, EveryStorage(OnlyWhereServersExpireFields = true)]
    public async Task Every_first_touch_after_an_upgrade_hands_the_deadlines_over(Target target, HashFieldStorage storage)
    {
        if (storage == HashFieldStorage.Portable) return;
        await using FieldsUnderTest test = await FieldsUnderTest.OpenAsync(target, storage);
        HashFields old = test.With(HashFieldStorage.Portable);
        foreach (Func<Task> touch in new Func<Task>[]
        {
            () => test.Fields.GetAsync(test.Key, "f").AsTask(),
            () => test.Fields.GetAllAsync(test.Key).AsTask(),
            () => test.Fields.CountAsync(test.Key).AsTask(),
            () => test.Fields.TimeToLiveAsync(test.Key, ["f"]).AsTask(),
            () => test.Fields.SetAsync(test.Key, "new", 1, TimeToLive.Hours(1)).AsTask(),
            () => test.Fields.SetAsync(test.Key, [("new", 1, TimeToLive.Forever)]).AsTask(),
            () => test.Fields.ExpireAsync(test.Key, ["ever"], TimeToLive.Hours(9)).AsTask(),
            () => test.Fields.GetAndExpireAsync(test.Key, ["ever"], TimeToLive.Hours(9)).AsTask(),
            () => test.Fields.DeleteAsync(test.Key, ["none"]).AsTask(),
            () => test.Fields.SweepAsync(test.Key).AsTask(),
            () => test.Fields.ConvertAsync(test.Key).AsTask(),
        })
        {
            await test.Fields.DeleteHashAsync(test.Key);
            await old.SetAsync(test.Key, [("f", 1, TimeToLive.Hours(2)), ("dead", 1, TimeToLive.Milliseconds(10)), ("ever", 1, TimeToLive.Forever)]);
            await Bounded.Until(async () => await old.GetAsync(test.Key, "dead") is null, "one is dead");
            await touch();
            Assert.False(await test.HasDeadlinesBesideAsync());
            long[] own = await test.SendAsync(Replies.ArrayOf(Replies.Integer), "HPTTL", test.Key, "FIELDS", 2, "f", "dead");
            Assert.InRange(own[0], 6_600_000, 7_200_000);
            Assert.Equal(-2, own[1]);
        }
    }

    [Theory, EveryStorage(OnlyWhereServersExpireFields = true)]
    public async Task A_deadline_the_server_was_given_later_counts_more_than_one_beside_the_hash(Target target, HashFieldStorage storage)
    {
        await using FieldsUnderTest test = await FieldsUnderTest.OpenAsync(target, storage);
        HashFields old = test.With(HashFieldStorage.Portable);
        await old.SetAsync(test.Key, [("same", 1, TimeToLive.Milliseconds(20)), ("beacon", 1, TimeToLive.Milliseconds(20)), ("ever", 1, TimeToLive.Milliseconds(20))]);
        await test.Fields.SetAsync(test.Key, "same", 1, TimeToLive.Hours(1));
        await test.Fields.SetAsync(test.Key, [("ever", 1, TimeToLive.Forever)]);
        await test.GoneAsync("beacon");
        FieldsUnderTest.Same(["1", "1"], await old.GetManyAsync(test.Key, ["same", "ever"]));
        FieldsUnderTest.Same(["1", "1"], await test.Fields.GetManyAsync(test.Key, ["same", "ever"]));
    }

    [Theory]
    [InlineData(RedisFlavor.Redis)]
    [InlineData(RedisFlavor.Valkey)]
    public async Task A_replica_of_a_newer_kind_that_is_promoted_goes_on_with_every_deadline(RedisFlavor newer)
    {
        await using RedisServer before = await RedisServer.StartAsync(new RedisServerOptions { Flavor = RedisFlavor.Redis7 });
        await using RedisServer after = await RedisServer.StartAsync(new RedisServerOptions { Flavor = newer });
        await using RedisClient old = await RedisClient.ConnectAsync(before.ConnectionString);
        string key = TestServers.NewKey();
        await new HashFields(old).SetAsync(key, [("long", 1, TimeToLive.Hours(2)), ("brief", 2, TimeToLive.Milliseconds(300)), ("ever", 3, TimeToLive.Forever)]);
        _ = await after.CommandAsync("REPLICAOF", before.Host, before.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await using RedisClient redis = await RedisClient.ConnectAsync(after.ConnectionString);
        await Bounded.Until(async () => await redis.ExistsAsync(key), "the hash has been replicated");
        _ = await after.CommandAsync("REPLICAOF", "NO", "ONE");
        var fields = new HashFields(redis);
        await Bounded.Until(async () => await fields.GetAsync(key, "brief") is null, "brief is gone");
        Assert.False(await redis.ExistsAsync($"{{{key}}}:field-deadlines"));
        FieldTimeToLive[] left = await fields.TimeToLiveAsync(key, ["long", "ever"]);
        Assert.InRange(left[0].Left!.Value, TimeSpan.FromMinutes(110), TimeSpan.FromHours(2));
        Assert.Equal(new FieldTimeToLive(true, null), left[1]);
    }

    [Theory]
    [InlineData(RedisFlavor.Redis)]
    [InlineData(RedisFlavor.Valkey)]
    public async Task What_was_converted_before_a_rollback_is_copied_to_an_old_server_with_every_deadline(RedisFlavor newer)
    {
        await using RedisClient redis = await RedisClient.ConnectAsync((await TestServers.GetAsync(newer)).ConnectionString);
        await using RedisClient old = await RedisClient.ConnectAsync((await TestServers.GetAsync(RedisFlavor.Redis7)).ConnectionString);
        string key = TestServers.NewKey();
        await new HashFields(redis).SetAsync(key, [("long", 1, TimeToLive.Hours(2)), ("brief", 2, TimeToLive.Seconds(1)), ("ever", 3, TimeToLive.Forever)]);
        long moved = await new HashFields(redis, new HashFieldsOptions { Storage = HashFieldStorage.Portable }).ConvertAsync(key);
        Assert.InRange(moved, 1, 2);

        // Any tool that copies types does it so; dumps of a newer server are refused by an older one.
        foreach ((string field, string value) in await redis.HashGetAllAsync(key)) await old.HashSetAsync(key, field, value);
        string deadlines = $"{{{key}}}:field-deadlines";
        string?[] scores = await redis.ExecuteAsync(RedisCommand.Create("ZRANGE", deadlines, 0, -1), Replies.ArrayOf(Replies.Text));
        foreach (string? field in scores)
        {
            string? score = await redis.ExecuteAsync(RedisCommand.Create("ZSCORE", deadlines, field!), Replies.Text);
            _ = await old.ExecuteAsync(RedisCommand.Create("ZADD", deadlines, score!, field!), Replies.Integer);
        }

        var fields = new HashFields(old);
        await Bounded.Until(async () => await fields.GetAsync(key, "brief") is null, "brief is gone");
        Assert.Equal(new Dictionary<string, string> { ["long"] = "1", ["ever"] = "3" }, await fields.GetAllAsync(key));
        Assert.InRange((await fields.TimeToLiveAsync(key, ["long"]))[0].Left!.Value, TimeSpan.FromMinutes(110), TimeSpan.FromHours(2));
    }

    [Theory, EveryTarget]
    public async Task A_server_that_no_longer_knows_the_commands_is_served_by_scripts(Target target)
    {
        await using RedisServer server = await target.StartServerAsync();
        await using IRedisClient redis = await target.ConnectAsync(server);
        var fields = new HashFields(redis);
        await fields.SetAsync("k", "f", 1, TimeToLive.Hours(1));
        // As if a failover had led back to an older server before anybody asked again.
        if (target.Flavor != RedisFlavor.Redis7) _ = await server.CommandAsync("ACL", "SETUSER", "default", "-hsetex", "-hpttl", "-hpexpireat");
        await fields.SetAsync("k", "g", 2, TimeToLive.Hours(1));
        FieldsUnderTest.Same(["1", "2"], await fields.GetManyAsync("k", ["f", "g"]));
        Assert.InRange((await fields.TimeToLiveAsync("k", ["g"]))[0].Left!.Value, TimeSpan.FromMinutes(50), TimeSpan.FromHours(1));
        Assert.True(await redis.ExistsAsync("{k}:field-deadlines"));
        if (target.Flavor != RedisFlavor.Redis7) _ = await server.CommandAsync("ACL", "SETUSER", "default", "+@all");
        FieldTimeToLive[] left = await fields.TimeToLiveAsync("k", ["f", "g"]);
        Assert.All(left, one => Assert.InRange(one.Left!.Value, TimeSpan.FromMinutes(50), TimeSpan.FromHours(1)));
        Assert.Equal(target.Flavor == RedisFlavor.Redis7, await redis.ExistsAsync("{k}:field-deadlines"));
    }
}
