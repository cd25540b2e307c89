namespace RedisToolkit.Tests.HashRepositories;

/// <summary>Entities whose shape changes while their hashes stay: both ways.</summary>
public sealed class ShapeTests
{
    private static readonly Guid Tenant = new("0f8fad5b-d9cb-469f-a165-70867728950e");

    [Theory, EveryTarget]
    public async Task What_an_older_version_wrote_is_read_by_a_newer_one(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        (HashRepository<AccountV1, int> v1, HashRepository<AccountV2, int> v2, HashRepository<AccountV3, int> v3) = Versions(redis);
        await v1.SetAsync(1, new AccountV1("ada", 36));
        Assert.Equal(new AccountV2("ada", 3, true, default, null), await v2.GetAsync(1));
        Assert.Equal(("ada", 3, null), await v2.GetAsync(1, ShapeHashes.V2.Title, ShapeHashes.V2.Level, ShapeHashes.V2.Note));
        RedisValueException error = await Assert.ThrowsAsync<RedisValueException>(async () => await v3.GetAsync(1));
        Assert.Equal(v3.Keys.Of(1), error.Key);
        Assert.Contains("'since'", error.Message, StringComparison.Ordinal);
        Assert.Contains("AccountV3.Since", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RedisValueException>(async () => await v3.GetManyAsync([2, 1]));
    }

    [Theory, EveryTarget]
    public async Task What_a_newer_version_wrote_is_read_by_an_older_one_where_its_fields_are_there(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        (HashRepository<AccountV1, int> v1, HashRepository<AccountV2, int> v2, HashRepository<AccountV3, int> v3) = Versions(redis);
        await v3.SetAsync(1, new AccountV3("ada", new DateOnly(1815, 12, 10)));
        Assert.Contains("'points'", (await Assert.ThrowsAsync<RedisValueException>(async () => await v1.GetAsync(1))).Message, StringComparison.Ordinal);
        Assert.Equal("ada", await v1.GetAsync(1, ShapeHashes.V1.Name));
        // An update keeps what this version does not know, and a whole write does not.
        Assert.True(await v1.UpdateAsync(1, change => change.Set(ShapeHashes.V1.Points, 4)));
        Assert.Equal(new AccountV3("ada", new DateOnly(1815, 12, 10)), await v3.GetAsync(1));
        Assert.Equal(new AccountV1("ada", 4), await v1.GetAsync(1));
        await v1.SetAsync(1, new AccountV1("ada", 5));
        await Assert.ThrowsAsync<RedisValueException>(async () => await v3.GetAsync(1));
        await v2.SetAsync(1, new AccountV2("x", 1, false, Tenant, "n"));
        await Assert.ThrowsAsync<RedisValueException>(async () => await v1.GetAsync(1));
    }

    [Theory, EveryTarget]
    public async Task A_renamed_field_is_read_under_each_name_and_written_under_the_present_one(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        (_, HashRepository<AccountV2, int> v2, _) = Versions(redis);
        string key = v2.Keys.Of(1);
        foreach (string[] names in new[] { new[] { "name", "label", "title" }, ["title", "label", "name"], ["label", "title", "name"] })
        {
            // Of several, the latest name counts, in whatever order the server has them.
            await redis.DeleteAsync(key);
            foreach (string name in names) await redis.HashSetAsync(key, name, name);
            Assert.Equal("title", (await v2.GetAsync(1))!.Title);
            Assert.Equal("title", await v2.GetAsync(1, ShapeHashes.V2.Title));
            await redis.HashDeleteAsync(key, ["title"]);
            Assert.Equal("label", (await v2.GetAsync(1))!.Title);
            Assert.Equal("label", await v2.GetAsync(1, ShapeHashes.V2.Title));
            await redis.HashDeleteAsync(key, ["label"]);
            Assert.Equal("name", (await v2.GetAsync(1))!.Title);
        }

        Assert.True(await v2.UpdateAsync(1, change => change.Set(ShapeHashes.V2.Title, "new")));
        Assert.Equal(new Dictionary<string, string> { ["title"] = "new" }, await redis.HashGetAllAsync(key));
        await v2.SetAsync(1, new AccountV2("x", 1, false, Tenant, "n"));
        Assert.Equal(["active", "level", "note", "tenant", "title"], (await redis.HashGetAllAsync(key)).Keys.Order(StringComparer.Ordinal));
        Assert.Equal(new AccountV2("x", 1, false, Tenant, "n"), await v2.GetAsync(1));
    }

    [Theory, EveryTarget]
    public async Task A_renamed_member_is_removed_and_added_to_under_its_former_name(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        HashRepository<Product, int> products = Products.Repository(redis);
        var tallies = new HashRepository<Tally, int>(redis, Products.NewNames().Template<Tally, int>(), TallyHashes.Tally, Products.AnHour);
        await products.SetAsync(1, Products.Chair with { Tag = null });
        await redis.HashSetAsync(products.Keys.Of(1), "mark", "old");
        Assert.Equal("old", (await products.GetAsync(1))!.Tag);
        Assert.True(await products.UpdateAsync(1, change => change.Remove(TestHashes.Product.Tag)));
        Assert.Null((await products.GetAsync(1))!.Tag);

        await redis.HashSetAsync(tallies.Keys.Of(1), "hits", 40);
        await redis.HashSetAsync(tallies.Keys.Of(1), "part", "0.5");
        Assert.Equal((byte)42, await tallies.IncrementAsync(1, TallyHashes.Tally.Views, 2));
        Assert.Equal(0.75f, await tallies.IncrementAsync(1, TallyHashes.Tally.Share, 0.25));
        Assert.Equal(new Dictionary<string, string> { ["views"] = "42", ["share"] = "0.75" }, await redis.HashGetAllAsync(tallies.Keys.Of(1)));
        await Assert.ThrowsAsync<OverflowException>(async () => await tallies.IncrementAsync(1, TallyHashes.Tally.Views, 256));
        await Assert.ThrowsAsync<OverflowException>(async () => await tallies.IncrementAsync(1, TallyHashes.Tally.Views, -43));
        await Assert.ThrowsAsync<OverflowException>(async () => await tallies.IncrementAsync(1, TallyHashes.Tally.Share, 1e39));
    }

    [Theory, EveryTarget]
    public async Task What_a_property_was_initialized_with_stays_where_there_is_no_field(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        var setters = new HashRepository<Setters, int>(redis, Products.NewNames().Template<Setters, int>(), ShapeHashes.Setters, Products.AnHour);
        await redis.HashSetAsync(setters.Keys.Of(1), "required", "r");
        Setters read = (await setters.GetAsync(1))!;
        Assert.Equal(("r", 10, 20, "text", "inherited", 2), (read.Required, read.Init, read.Set, read.Text, read.Inherited, read.Hidden));
        // Null is stored as no field, so no field is null; a default that is said counts.
        Assert.Equal((null, Shelf.Back, 7.50m, -0.5), (read.Maybe, read.Shelf, read.Fee, read.Ratio));

        var full = new Setters { Required = "a", Init = 1, Set = 2, Text = "b", Maybe = "c", Hidden = 3, Inherited = "d", Shelf = Shelf.Front, Fee = 1m, Ratio = 0 };
        await setters.SetAsync(2, full);
        read = (await setters.GetAsync(2))!;
        Assert.Equal(("a", 1, 2, "b", "d", 3, "c", Shelf.Front, 1m, 0.0), (read.Required, read.Init, read.Set, read.Text, read.Inherited, read.Hidden, read.Maybe, read.Shelf, read.Fee, read.Ratio));
        Assert.Equal(
            ["fee", "hidden", "inherited", "init", "maybe", "ratio", "required", "set", "shelf", "text"],
            (await redis.HashGetAllAsync(setters.Keys.Of(2))).Keys.Order(StringComparer.Ordinal));
        await redis.HashDeleteAsync(setters.Keys.Of(1), ["required"]);
        await redis.HashSetAsync(setters.Keys.Of(1), "stranger", "x");
        Assert.Contains("'required'", (await Assert.ThrowsAsync<RedisValueException>(async () => await setters.GetAsync(1))).Message, StringComparison.Ordinal);
    }

    [Theory, EveryTarget]
    public async Task A_constructor_is_called_with_what_is_there(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        var made = new HashRepository<Made, int>(redis, Products.NewNames().Template<Made, int>(), ShapeHashes.Made, Products.AnHour);
        await made.SetAsync(1, new Made("n", "c") { Codec = "x", MadeHash = "y" });
        Made read = (await made.GetAsync(1))!;
        Assert.Equal(("n", "c", "x", "y"), (read.Name, read.Class, read.Codec, read.MadeHash));
        await redis.HashDeleteAsync(made.Keys.Of(1), ["class"]);
        Assert.Equal("none", (await made.GetAsync(1))!.Class);
        Assert.Equal("none", await made.GetAsync(1, ShapeHashes.Made.Class));

        var strict = new HashRepository<Checked, int>(redis, Products.NewNames().Template<Checked, int>(), ShapeHashes.Checked, Products.AnHour);
        await redis.HashSetAsync(strict.Keys.Of(1), "percent", 101);
        RedisValueException error = await Assert.ThrowsAsync<RedisValueException>(async () => await strict.GetAsync(1));
        Assert.Contains(nameof(InvalidOperationException), error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_required_is_not_stored_as_null()
    {
        await using RedisClient redis = await RedisClient.ConnectAsync((await TestServers.GetAsync()).ConnectionString);
        HashRepository<Product, int> products = Products.Repository(redis);
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(async () => await products.SetAsync(1, new Product(null!, 1m)));
        Assert.Contains("Product.Name", error.Message, StringComparison.Ordinal);
        Assert.False(await products.ExistsAsync(1));
    }

    private static (HashRepository<AccountV1, int> V1, HashRepository<AccountV2, int> V2, HashRepository<AccountV3, int> V3) Versions(IRedisClient redis)
    {
        KeyNames names = Products.NewNames();
        return (
            new(redis, names.Template<AccountV1, int>("account:{id}"), ShapeHashes.V1, Products.AnHour),
            new(redis, names.Template<AccountV2, int>("account:{id}"), ShapeHashes.V2, Products.AnHour),
            new(redis, names.Template<AccountV3, int>("account:{id}"), ShapeHashes.V3, Products.AnHour));
    }
}

public sealed record Tally([property: HashField("views", FormerNames = ["hits"])] byte Views, [HashField("share", FormerNames = ["part"])] float Share);

[RedisHash(typeof(Tally))]
internal static partial class TallyHashes;
