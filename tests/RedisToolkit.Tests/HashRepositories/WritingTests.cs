namespace RedisToolkit.Tests.HashRepositories;

/// <summary>Storing whole entities: conditions, times to live, deleting.</summary>
public sealed class WritingTests
{
    private static readonly Product Chair = Products.Chair;
    private static readonly Product Table = new("table", 120m);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory, EveryTarget]
    public async Task Adding_stores_only_the_first_and_replacing_only_what_is_there(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        HashRepository<Product, int> products = Products.Repository(redis);
        Assert.False(await products.ReplaceAsync(1, Chair));
        Assert.False(await products.ExistsAsync(1));
        Assert.True(await products.AddAsync(1, Chair));
        Assert.False(await products.AddAsync(1, Table));
        Assert.Equal(Chair, await products.GetAsync(1));
        Assert.True(await products.ReplaceAsync(1, Table));
        Assert.Equal(Table, await products.GetAsync(1));
    }

    [Theory, EveryTarget]
    public async Task A_whole_write_leaves_no_field_of_before(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        HashRepository<Product, int> products = Products.Repository(redis);
        string key = products.Keys.Of(1);
        Func<Task>[] writes =
        [
            async () => await products.SetAsync(1, Table),
            async () => await products.SetManyAsync([new(1, Table)]),
            async () => Assert.True(await products.ReplaceAsync(1, Table)),
            async () => Assert.True(await products.ReplaceAsync(1, Table, TimeToLive.Unchanged)),
        ];
        foreach (Func<Task> write in writes)
        {
            await products.SetAsync(1, Chair);
            await redis.HashSetAsync(key, "stranger", "x");
            await write();
            Assert.Equal(["name", "price", "shelf", "sold", "stock", "weight"], (await redis.HashGetAllAsync(key)).Keys.Order(StringComparer.Ordinal));
        }
    }

    [Theory, EveryTarget]
    public async Task Every_write_gives_the_time_to_live_that_was_chosen(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        HashRepository<Product, int> products = Products.Repository(redis);
        async Task IsAnHour() => Assert.InRange((await products.GetTimeToLiveAsync(1)).Left!.Value, TimeSpan.FromMinutes(59), Hour);
        async Task IsForever() => Assert.Equal(new KeyTimeToLive(true, null), await products.GetTimeToLiveAsync(1));

        Assert.Equal(new KeyTimeToLive(false, null), await products.GetTimeToLiveAsync(1));
        Assert.True(await products.AddAsync(1, Chair));
        await IsAnHour();
        await products.SetAsync(1, Chair, TimeToLive.Forever);
        await IsForever();
        Assert.True(await products.ReplaceAsync(1, Table, TimeToLive.Unchanged));
        await IsForever();
        Assert.True(await products.TouchAsync(1));
        await IsAnHour();
        Assert.True(await products.ReplaceAsync(1, Table, TimeToLive.Unchanged));
        await IsAnHour();
        Assert.True(await products.UpdateAsync(1, change => change.Set(TestHashes.Product.Stock, 1), TimeToLive.Forever));
        await IsForever();
        Assert.True(await products.UpdateAsync(1, change => change.Set(TestHashes.Product.Stock, 1), TimeToLive.Unchanged));
        await IsForever();
        Assert.Equal(2, await products.IncrementAsync(1, TestHashes.Product.Stock));
        await IsAnHour();
        Assert.Equal(1, await products.IncrementAsync(1, TestHashes.Product.Stock, -1, TimeToLive.Unchanged));
        await IsAnHour();
        Assert.True(await products.TouchAsync(1, TimeToLive.Forever));
        await IsForever();
        Assert.True(await products.ReplaceAsync(1, Table, TimeToLive.At(DateTimeOffset.Parse("2200-01-01", System.Globalization.CultureInfo.InvariantCulture))));
        Assert.InRange((await products.GetTimeToLiveAsync(1)).Left!.Value, TimeSpan.FromDays(30_000), TimeSpan.FromDays(80_000));
        await products.SetManyAsync([new(1, Chair)], TimeToLive.After(TimeSpan.FromTicks(1)));
        await Bounded.Until(async () => !await products.ExistsAsync(1), "a millisecond to pass");
        Assert.False(await products.TouchAsync(1));
        Assert.False(await products.TouchAsync(1, TimeToLive.Forever));
    }

    [Theory, EveryTarget]
    public async Task More_than_one_round_of_entities_is_stored_and_read_in_order(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        HashRepository<Product, int> products = Products.Repository(redis);
        Dictionary<int, Product> all = Enumerable.Range(0, 1300).ToDictionary(id => id, id => new Product("p", id, id, new string('x', 2000)));
        await products.SetManyAsync(all);
        int[] ids = [.. all.Keys.Reverse(), 5000, 7, 7];
        Assert.Equal(ids.Select(id => all.GetValueOrDefault(id)), await products.GetManyAsync(ids));
        Assert.Empty(await products.GetManyAsync([]));
        await products.SetManyAsync([]);
    }

    [Theory, EveryTarget]
    public async Task Deleting_tells_whether_there_was_one(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        HashRepository<Product, int> products = Products.Repository(redis);
        await products.SetManyAsync(Enumerable.Range(0, 300).ToDictionary(id => id, _ => Chair));
        Assert.True(await products.DeleteAsync(0));
        Assert.False(await products.DeleteAsync(0));
        Assert.Equal(299, await products.DeleteManyAsync([.. Enumerable.Range(0, 400)]));
        Assert.All(await products.GetManyAsync([.. Enumerable.Range(0, 300)]), Assert.Null);
    }

    [Theory, EveryTarget]
    public async Task All_entities_are_walked_over_and_nothing_else(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        KeyNames names = Products.NewNames();
        HashRepository<Product, int> products = Products.Repository(redis, names);
        Dictionary<int, Product> all = Enumerable.Range(0, 1200).ToDictionary(id => id, id => Chair with { Stock = id });
        await products.SetManyAsync(all);
        await redis.SetAsync(products.Keys.Of(9999), "a string");
        await redis.HashSetAsync(names.Prefix + "product:no number", "a", "b");
        var found = new Dictionary<int, Product>();
        await foreach ((int id, Product product) in products.EnumerateAsync()) found[id] = product;
        Assert.Equal(all, found.OrderBy(pair => pair.Key).ToDictionary());
    }

    [Theory, EveryTarget]
    public async Task An_entity_without_any_value_is_there_all_the_same(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        var drafts = new HashRepository<Draft, int>(redis, Products.NewNames().Template<Draft, int>(), MoreHashes.Draft, Products.AnHour);
        var empty = new Draft();
        await drafts.SetAsync(1, empty);
        Assert.Equal(empty, await drafts.GetAsync(1));
        Assert.Equal((null, null), await drafts.GetAsync(1, MoreHashes.Draft.Title, MoreHashes.Draft.Pages));
        Assert.NotNull(await drafts.GetPartAsync(1, [MoreHashes.Draft.Title]));
        Assert.True(await drafts.UpdateAsync(1, change => change.Set(MoreHashes.Draft.Title, "t").Set(MoreHashes.Draft.Pages, 3)));
        Assert.Equal(new Draft { Title = "t", Pages = 3 }, await drafts.GetAsync(1));
        // What removes the last field takes neither the entity nor its time to live away.
        await drafts.SetAsync(1, new Draft { Title = "t", Pages = 3 });
        Assert.Equal(2, await redis.ExecuteAsync(RedisHashes.Count(drafts.Keys.Of(1))));
        Assert.True(await drafts.UpdateAsync(1, change => change.Remove(MoreHashes.Draft.Title).Set(MoreHashes.Draft.Pages, null), TimeToLive.Unchanged));
        Assert.Equal(empty, await drafts.GetAsync(1));
        Assert.InRange((await drafts.GetTimeToLiveAsync(1)).Left!.Value, TimeSpan.FromMinutes(59), Hour);
        await redis.HashDeleteAsync(drafts.Keys.Of(1), [""]);
        Assert.Null(await drafts.GetAsync(1));
    }
}
