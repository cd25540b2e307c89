using System.Text.Json.Serialization;

namespace RedisToolkit.Tests.HashRepositories;

public enum Shelf
{
    Unknown,
    Front,
    Back,
}

public sealed record Size(int Width, int Height);

/// <summary>What most entities look like.</summary>
public sealed record Product(string Name, decimal Price, int Stock = 5, string? Note = null)
{
    public Shelf Shelf { get; init; } = Shelf.Front;

    public Size? Size { get; init; }

    public double Weight { get; init; }

    public long Sold { get; set; }

    [HashField("tag", FormerNames = ["label", "mark"])]
    public string? Tag { get; init; }

    [HashIgnore]
    public string Computed => Name + Price;
}

[JsonSerializable(typeof(Size))]
[JsonSerializable(typeof(List<string>))]
internal sealed partial class ProductJson : JsonSerializerContext;

[RedisHash(typeof(Product), JsonContext = typeof(ProductJson))]
internal static partial class TestHashes;

/// <summary>Repositories of products, each under a prefix that no other test uses.</summary>
internal static class Products
{
    public static HashRepositoryOptions AnHour { get; } = new() { TimeToLive = TimeToLive.Hours(1) };

    public static Product Chair { get; } = new("chair", 49.90m, 7, "four legs") { Shelf = Shelf.Back, Size = new Size(40, 90), Weight = 3.25, Sold = 12, Tag = "wood" };

    public static KeyNames NewNames() => new("products-" + Guid.NewGuid().ToString("N"));

    public static HashRepository<Product, int> Repository(IRedisClient redis, KeyNames? names = null, HashRepositoryOptions? options = null) =>
        new(redis, (names ?? NewNames()).Template<Product, int>("product:{id}"), TestHashes.Product, options ?? AnHour);
}
