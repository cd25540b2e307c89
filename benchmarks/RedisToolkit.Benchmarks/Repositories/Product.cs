using System.Text.Json.Serialization;

namespace RedisToolkit.Benchmarks.Repositories;

/// <summary>What is stored: about 450 bytes of JSON.</summary>
public sealed record Product(int Id, string Name, decimal Price, string[] Tags, string Description)
{
    public static Product Sample(int id) => new(id, "Kettle, 1.7 l, stainless steel", 39.95m, ["kitchen", "electric", "steel"], new string('x', 300));
}

/// <summary>A document of any length: as many lines as it takes, each about 95 bytes of JSON with words and numbers as orders have them.</summary>
public sealed record Order(int Id, OrderLine[] Lines)
{
    private static readonly string[] Words =
        ["kettle", "steel", "bottle", "garden", "hose", "wooden", "spoon", "lamp", "oak", "table", "cable", "copper", "blue", "small", "large", "paper", "glass", "filter", "winter", "boots"];

    public static Order OfBytes(int bytes)
    {
        var random = new Random(bytes);
        return new Order(bytes, [.. Enumerable.Range(0, (bytes + 87) / 88).Select(_ => new OrderLine(
            random.Next(10_000_000), $"{Word()} {Word()} {Word()}", random.Next(1, 100_000) / 100m, random.Next(1, 50), $"{random.Next():x8}"))]);

        string Word() => Words[random.Next(Words.Length)];
    }
}

public sealed record OrderLine(int Article, string Name, decimal Price, int Count, string Batch);

[JsonSerializable(typeof(Product))]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class BenchmarkJson : JsonSerializerContext;

[RedisHash(typeof(Product), JsonContext = typeof(BenchmarkJson))]
internal static partial class BenchmarkHashes;
