namespace RedisToolkit.Tests.HashRepositories;

/// <summary>Each wrong input is a clear error, and nothing is lost.</summary>
public sealed class BadInputTests
{
    private static readonly Product Chair = Products.Chair;

    [Theory, EveryTarget]
    public async Task A_key_of_another_type_is_named_with_what_it_holds_and_keeps_it(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        HashRepository<Product, int> products = Products.Repository(redis);
        string key = products.Keys.Of(1);
        await redis.SetAsync(key, "s3cr3t");
        TestHashes.ProductHash of = TestHashes.Product;
        Func<Task>[] calls =
        [
            async () => await products.GetAsync(1),
            async () => await products.GetManyAsync([2, 1]),
            async () => await products.GetAsync(1, of.Price),
            async () => await products.GetAsync(1, of.Price, of.Stock),
            async () => await products.GetPartAsync(1, [of.Note]),
            async () => await products.ReplaceAsync(1, Chair),
            async () => await products.UpdateAsync(1, change => change.Set(of.Price, 1m)),
            async () => await products.IncrementAsync(1, of.Stock),
        ];
        foreach (Func<Task> call in calls)
        {
            RedisKeyTypeException error = await Assert.ThrowsAsync<RedisKeyTypeException>(call);
            Assert.Equal((key, "hash", "string", CommandOutcome.Refused), (error.Key, error.Expected, error.Actual, error.Outcome));
        }

        Assert.False(await products.AddAsync(1, Chair));
        Assert.Equal("s3cr3t", await redis.GetAsync(key));
        // As the command SET does.
        await products.SetAsync(1, Chair);
        Assert.Equal(Chair, await products.GetAsync(1));
    }

    [Theory, EveryTarget]
    public async Task A_hash_over_the_limits_is_neither_written_nor_read(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        KeyNames names = Products.NewNames();
        HashRepository<Product, int> narrow = Products.Repository(redis, names, Products.AnHour with { MaxValueBytes = 1000, MaxFields = 9 });
        HashRepository<Product, int> wide = Products.Repository(redis, names);
        Product large = Chair with { Note = new string('x', 40_000) };
        Assert.Contains("1,000", (await Assert.ThrowsAsync<ArgumentException>(async () => await narrow.SetAsync(1, large))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(async () => await narrow.SetManyAsync([new(1, large)]));
        await Assert.ThrowsAsync<ArgumentException>(async () => await narrow.UpdateAsync(1, change => change.Set(TestHashes.Product.Note, large.Note)));
        Assert.False(await wide.ExistsAsync(1));
        foreach (Product entity in new[] { large, Chair with { Note = new string('x', 1001) } })
        {
            await wide.SetAsync(1, entity);
            Assert.Equal(entity, await wide.GetAsync(1));
            Assert.Equal(entity, (await wide.GetManyAsync([1]))[0]);
            Assert.Contains("1,000", (await Assert.ThrowsAsync<RedisValueException>(async () => await narrow.GetAsync(1))).Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<RedisValueException>(async () => await narrow.GetManyAsync([1]));
        }

        await narrow.SetAsync(1, Chair);
        Assert.Equal(Chair, await narrow.GetAsync(1));
        await redis.HashSetAsync(narrow.Keys.Of(1), "tenth", "x");
        RedisValueException error = await Assert.ThrowsAsync<RedisValueException>(async () => await narrow.GetAsync(1));
        Assert.Contains("10 fields", error.Message, StringComparison.Ordinal);
        Assert.Equal(Chair, await wide.GetAsync(1));
    }

    [Theory, EveryTarget]
    public async Task Thousands_of_fields_of_others_are_passed_over(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        HashRepository<Product, int> products = Products.Repository(redis, options: Products.AnHour with { MaxFields = 20_000 });
        await products.SetAsync(1, Chair);
        foreach (int[] some in Enumerable.Range(0, 10_000).Chunk(1000))
            _ = await redis.ExecuteAsync(RedisCommand.Create("HSET", [products.Keys.Of(1), .. some.SelectMany(i => new RedisArgument[] { "f" + i, "v" })]), Replies.Integer);
        Assert.Equal(Chair, await products.GetAsync(1));
        Assert.Equal(Chair, (await products.GetManyAsync([1]))[0]);
    }

    [Fact]
    public async Task An_entity_of_a_thousand_fields_is_stored_whole()
    {
        // More than the script can pass on at once; nobody has such an entity, but the script must not care.
        await using RedisClient redis = await RedisClient.ConnectAsync((await TestServers.GetAsync()).ConnectionString);
        string key = TestServers.NewKey();
        RedisArgument[] arguments = ["always", "PX", 60_000, .. Enumerable.Range(0, 20_000).SelectMany(i => new RedisArgument[] { "f" + i, i })];
        Assert.True(await redis.EvaluateAsync(HashScripts.Set, [key], arguments, Replies.Boolean));
        Assert.Equal(20_000, await redis.ExecuteAsync(RedisHashes.Count(key)));
        Assert.Equal("19999", await redis.HashGetAsync(key, "f19999"));
    }

    [Theory, EveryTarget]
    public async Task Wrong_arguments_are_refused_before_anything_is_sent(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        KeyTemplate<Product, string> keys = new KeyNames(Guid.NewGuid().ToString("N"), maxKeyBytes: 64).Template<Product, string>("p:{id}");
        var products = new HashRepository<Product, string>(redis, keys, TestHashes.Product, Products.AnHour);
        foreach (string bad in new[] { "", "a:b", "a{b", new string('ä', 20) })
        {
            await Assert.ThrowsAsync<ArgumentException>("id", async () => await products.GetAsync(bad));
            await Assert.ThrowsAsync<ArgumentException>("id", async () => await products.GetAsync(bad, TestHashes.Product.Price));
            await Assert.ThrowsAsync<ArgumentException>("id", async () => await products.SetAsync(bad, Chair));
            await Assert.ThrowsAsync<ArgumentException>("id", async () => await products.GetManyAsync(["good", bad]));
            await Assert.ThrowsAsync<ArgumentException>("id", async () => await products.SetManyAsync([new("good", Chair), new(bad, Chair)]));
            await Assert.ThrowsAsync<ArgumentException>("id", async () => await products.UpdateAsync(bad, change => change.Set(TestHashes.Product.Price, 1m)));
            await Assert.ThrowsAsync<ArgumentException>("id", async () => await products.TouchAsync(bad));
        }

        await Assert.ThrowsAsync<ArgumentNullException>(async () => await products.SetAsync("good", null!));
        await Assert.ThrowsAsync<ArgumentNullException>("member", async () => await products.GetAsync("good", (HashMember<Product, int?>)null!));
        await Assert.ThrowsAsync<ArgumentNullException>("change", async () => await products.UpdateAsync("good", null!));
        await Assert.ThrowsAsync<ArgumentException>(async () => await products.SetManyAsync([new("good", Chair), new("other", null!)]));
        await Assert.ThrowsAsync<ArgumentException>(async () => await products.SetAsync("good", Chair, default(TimeToLive)));
        await Assert.ThrowsAsync<ArgumentException>(async () => await products.SetAsync("good", Chair, TimeToLive.Unchanged));
        await Assert.ThrowsAsync<ArgumentException>(async () => await products.AddAsync("good", Chair, TimeToLive.Unchanged));
        await Assert.ThrowsAsync<ArgumentException>(async () => await products.TouchAsync("good", TimeToLive.Unchanged));
        await Assert.ThrowsAsync<ArgumentException>(async () => await products.ReplaceAsync("good", Chair, default(TimeToLive)));
        Assert.False(await products.ExistsAsync("good"));
    }

    [Fact]
    public async Task A_repository_whose_options_cannot_work_is_not_made()
    {
        await using RedisClient redis = await RedisClient.ConnectAsync((await TestServers.GetAsync()).ConnectionString);
        RedisOptionsException error = Assert.Throws<RedisOptionsException>(() => Products.Repository(redis, options: new() { TimeToLive = default, MaxValueBytes = 0, MaxFields = 8 }));
        Assert.Equal(3, error.Faults.Count);
        Assert.Throws<RedisOptionsException>(() => Products.Repository(redis, options: Products.AnHour with { TimeToLive = TimeToLive.Unchanged }));
        KeyTemplate<Product, int> renamed = new KeyNames().Template<Product, int>("p:{id}").FormerlyNamed("product:{id}");
        Assert.Throws<ArgumentException>("keys", () => new HashRepository<Product, int>(redis, renamed, TestHashes.Product, Products.AnHour));
    }
}
