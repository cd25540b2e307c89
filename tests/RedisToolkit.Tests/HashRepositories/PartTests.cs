namespace RedisToolkit.Tests.HashRepositories;

/// <summary>Reading some members and changing some.</summary>
public sealed class PartTests
{
    private static readonly TestHashes.ProductHash Of = TestHashes.Product;

    [Theory, EveryTarget]
    public async Task Single_members_are_read_with_their_types(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        HashRepository<Product, int> products = Products.Repository(redis);
        await products.SetAsync(1, Products.Chair);
        decimal? price = await products.GetAsync(1, Of.Price);
        (string? name, int? stock) = await products.GetAsync(1, Of.Name, Of.Stock);
        (Shelf? shelf, Size? size, string? tag) = await products.GetAsync(1, Of.Shelf, Of.Size, Of.Tag);
        Assert.Equal((49.90m, "chair", 7, Shelf.Back, new Size(40, 90), "wood"), (price, name, stock, shelf, size, tag));
        HashPart<Product>? part = await products.GetPartAsync(1, [Of.Weight, Of.Note, Of.Sold, Of.Price]);
        Assert.Equal((3.25, "four legs", 12L, 49.90m), (part!.Get(Of.Weight), part.Get(Of.Note), part.Get(Of.Sold), part.Get(Of.Price)));
        Assert.Throws<ArgumentException>("member", () => part.Get(Of.Name));
    }

    [Theory, EveryTarget]
    public async Task A_part_of_no_entity_is_null_and_a_missing_field_its_default(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        HashRepository<Product, int> products = Products.Repository(redis);
        Assert.Null(await products.GetAsync(1, Of.Price));
        // Its default is of an entity, and there is none.
        Assert.Null(await products.GetAsync(1, Of.Stock));
        Assert.Equal((null, null, null), await products.GetAsync(1, Of.Stock, Of.Note, Of.Name));
        Assert.Null(await products.GetPartAsync(1, [Of.Stock, Of.Note]));
        await redis.HashSetAsync(products.Keys.Of(1), "other", "field");
        Assert.Equal(5, await products.GetAsync(1, Of.Stock));
        Assert.Null(await products.GetAsync(1, Of.Note));
        Assert.Equal((5, null), await products.GetAsync(1, Of.Stock, Of.Tag));
        HashPart<Product>? part = await products.GetPartAsync(1, [Of.Stock, Of.Note]);
        Assert.Equal((5, null), (part!.Get(Of.Stock), part.Get(Of.Note)));
        await Assert.ThrowsAsync<ArgumentException>("members", async () => await products.GetPartAsync(1, []));
    }

    [Theory, EveryTarget]
    public async Task An_update_changes_what_it_names_and_keeps_the_rest(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        HashRepository<Product, int> products = Products.Repository(redis);
        await products.SetAsync(1, Products.Chair);
        await redis.HashSetAsync(products.Keys.Of(1), "stranger", "stays");
        Assert.True(await products.UpdateAsync(1, change => change
            .Set(Of.Price, 7.5m).Remove(Of.Note).Set(Of.Tag, null).Increment(Of.Stock, -2).Increment(Of.Sold).Increment(Of.Weight, 0.5).Set(Of.Size, new Size(1, 2))));
        Assert.Equal(
            Products.Chair with { Price = 7.5m, Note = null, Tag = null, Stock = 5, Sold = 13, Weight = 3.75, Size = new Size(1, 2) }, await products.GetAsync(1));
        Dictionary<string, string> fields = await redis.HashGetAllAsync(products.Keys.Of(1));
        Assert.Equal("stays", fields["stranger"]);
        Assert.DoesNotContain("note", fields.Keys);
        Assert.DoesNotContain("tag", fields.Keys);
    }

    [Theory, EveryTarget]
    public async Task What_is_not_there_is_not_made_by_an_update(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        HashRepository<Product, int> products = Products.Repository(redis);
        Assert.False(await products.UpdateAsync(1, change => change.Set(Of.Price, 1m)));
        Assert.False(await products.UpdateAsync(1, change => change.Increment(Of.Stock)));
        Assert.Null(await products.IncrementAsync(1, Of.Stock, 3));
        Assert.Null(await products.IncrementAsync(1, Of.Weight, 3.0));
        Assert.False(await products.ExistsAsync(1));
    }

    [Theory, EveryTarget]
    public async Task A_sum_is_told_and_starts_from_the_default(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        HashRepository<Product, int> products = Products.Repository(redis);
        await products.SetAsync(1, Products.Chair);
        Assert.Equal(8, await products.IncrementAsync(1, Of.Stock));
        Assert.Equal(-92, await products.IncrementAsync(1, Of.Stock, -100));
        Assert.Equal(3.5, await products.IncrementAsync(1, Of.Weight, 0.25));
        await redis.HashDeleteAsync(products.Keys.Of(1), ["stock", "sold", "weight"]);
        Assert.Equal(6, await products.IncrementAsync(1, Of.Stock));
        Assert.Equal(long.MaxValue, await products.IncrementAsync(1, Of.Sold, long.MaxValue));
        Assert.Equal(9_007_199_254_740_993, await products.IncrementAsync(1, Of.Sold, -(long.MaxValue - 9_007_199_254_740_993)));
        Assert.Equal(-0.1, await products.IncrementAsync(1, Of.Weight, -0.1));
    }

    [Theory, EveryTarget]
    public async Task A_sum_out_of_range_changes_nothing_of_the_whole_update(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        HashRepository<Product, int> products = Products.Repository(redis);
        var full = new Product("full", 1m, int.MaxValue) { Sold = long.MaxValue - 1, Weight = 1e308 };
        await products.SetAsync(1, full);
        await redis.HashDeleteAsync(products.Keys.Of(1), ["shelf"]);
        Dictionary<string, string> before = await redis.HashGetAllAsync(products.Keys.Of(1));
        Func<Task>[] calls =
        [
            async () => await products.IncrementAsync(1, Of.Stock),
            async () => await products.IncrementAsync(1, Of.Stock, long.MaxValue),
            async () => await products.IncrementAsync(1, Of.Sold, 2),
            async () => await products.IncrementAsync(1, Of.Weight, 1e308),
            async () => await products.UpdateAsync(1, change => change.Set(Of.Name, "new").Increment(Of.Sold).Increment(Of.Weight, -5.0).Increment(Of.Stock)),
            async () => await products.UpdateAsync(1, change => change.Increment(Of.Stock, -7).Increment(Of.Sold, 2)),
            async () => await products.UpdateAsync(1, change => change.Increment(Of.Stock, -7).Increment(Of.Weight, 1e308)),
        ];
        foreach (Func<Task> call in calls)
        {
            OverflowException error = await Assert.ThrowsAsync<OverflowException>(call);
            Assert.Contains(products.Keys.Of(1), error.Message, StringComparison.Ordinal);
            Assert.Equal(before, await redis.HashGetAllAsync(products.Keys.Of(1)));
        }

        // A field that was only there for the sum is gone again.
        await redis.HashDeleteAsync(products.Keys.Of(1), ["stock"]);
        await Assert.ThrowsAsync<OverflowException>(async () => await products.UpdateAsync(1, change => change.Increment(Of.Stock).Increment(Of.Sold, 2)));
        Assert.Null(await redis.HashGetAsync(products.Keys.Of(1), "stock"));
        Assert.Equal(int.MinValue + 5, await products.IncrementAsync(1, Of.Stock, int.MinValue));
    }

    [Theory, EveryTarget]
    public async Task What_is_no_number_is_not_added_to(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        HashRepository<Product, int> products = Products.Repository(redis);
        await products.SetAsync(1, Products.Chair);
        foreach (string bad in new[] { "s3cr3t", "", " 1", "1.5x", "0x10", "nan", "inf" })
        {
            await redis.HashSetAsync(products.Keys.Of(1), "stock", bad);
            await redis.HashSetAsync(products.Keys.Of(1), "weight", bad);
            Func<Task>[] calls =
            [
                async () => await products.IncrementAsync(1, Of.Stock),
                async () => await products.IncrementAsync(1, Of.Weight, 1.0),
                async () => await products.UpdateAsync(1, change => change.Increment(Of.Sold).Increment(Of.Stock).Set(Of.Name, "x")),
            ];
            foreach (Func<Task> call in calls)
            {
                RedisValueException error = await Assert.ThrowsAsync<RedisValueException>(call);
                Assert.Equal(products.Keys.Of(1), error.Key);
                Assert.Matches("'(stock|weight)'", error.Message);
                Assert.DoesNotContain("s3cr3t", error.ToString(), StringComparison.Ordinal);
            }
        }

        Assert.Equal((12L, "chair"), await products.GetAsync(1, Of.Sold, Of.Name));
    }

    [Theory, EveryTarget]
    public async Task A_single_member_that_holds_something_else_is_told_with_its_key_and_field_and_a_long_one_is_read_like_a_short_one(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        HashRepository<Product, int> products = Products.Repository(redis);
        await products.SetAsync(1, Products.Chair);
        string key = products.Keys.Of(1);
        string padding = new(' ', 20_000);
        foreach (string bad in new[] { "{\"s3cr3t\":", padding + "{\"s3cr3t\":" })
        {
            await redis.HashSetAsync(key, "size", bad);
            RedisValueException error = await Assert.ThrowsAsync<RedisValueException>(async () => await products.GetAsync(1, Of.Size));
            Assert.Equal(key, error.Key);
            Assert.Contains("'size'", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("s3cr3t", error.ToString(), StringComparison.Ordinal);
        }

        await redis.HashSetAsync(key, "size", padding + "{\"Width\":1,\"Height\":2}");
        Assert.Equal(new Size(1, 2), await products.GetAsync(1, Of.Size));
        await redis.HashDeleteAsync(key, ["size"]);
        Assert.Null(await products.GetAsync(1, Of.Size));
        Assert.Null(await products.GetAsync(2, Of.Size));
    }

    [Theory, EveryTarget]
    public async Task A_change_that_makes_no_sense_is_refused_before_anything_is_sent(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        HashRepository<Product, int> products = Products.Repository(redis);
        await products.SetAsync(1, Products.Chair);
        await Assert.ThrowsAsync<ArgumentException>(async () => await products.UpdateAsync(1, _ => { }));
        await Assert.ThrowsAsync<ArgumentException>("member", async () => await products.UpdateAsync(1, change => change.Set(Of.Stock, 1).Increment(Of.Stock)));
        await Assert.ThrowsAsync<ArgumentException>("member", async () => await products.UpdateAsync(1, change => change.Remove(Of.Name)));
        await Assert.ThrowsAsync<ArgumentException>("member", async () => await products.UpdateAsync(1, change => change.Set(Of.Price, null)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>("by", async () => await products.IncrementAsync(1, Of.Sold, long.MinValue));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>("by", async () => await products.IncrementAsync(1, Of.Weight, double.NaN));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>("by", async () => await products.IncrementAsync(1, Of.Weight, double.NegativeInfinity));
        await Assert.ThrowsAsync<ArgumentException>(async () => await products.UpdateAsync(1, change => change.Set(Of.Name, "\ud800")));
        await Assert.ThrowsAsync<ArgumentException>(async () => await products.UpdateAsync(1, change => change.Set(Of.Stock, 1), default(TimeToLive)));
        Assert.Equal(Products.Chair, await products.GetAsync(1));
    }
}
