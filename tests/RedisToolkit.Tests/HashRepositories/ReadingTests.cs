namespace RedisToolkit.Tests.HashRepositories;

/// <summary>What was stored is read as it was, whole and in parts.</summary>
public sealed class ReadingTests
{
    [Theory, EveryTarget]
    public async Task An_entity_is_read_as_it_was_stored(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        HashRepository<Product, int> products = Products.Repository(redis);
        Assert.Null(await products.GetAsync(1));
        await products.SetAsync(1, Products.Chair);
        Assert.Equal(Products.Chair, await products.GetAsync(1));
        var bare = new Product("bare", 0m);
        await products.SetAsync(1, bare);
        Assert.Equal(bare, await products.GetAsync(1));
    }

    [Theory, EveryTarget]
    public async Task The_fields_are_what_somebody_at_the_command_line_expects(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        HashRepository<Product, int> products = Products.Repository(redis);
        await products.SetAsync(1, Products.Chair);
        Dictionary<string, string> fields = await redis.HashGetAllAsync(products.Keys.Of(1));
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["name"] = "chair",
                ["price"] = "49.90",
                ["stock"] = "7",
                ["note"] = "four legs",
                ["shelf"] = "Back",
                ["size"] = """{"Width":40,"Height":90}""",
                ["weight"] = "3.25",
                ["sold"] = "12",
                ["tag"] = "wood",
            },
            fields);
    }
}
