using System.Globalization;
using System.Text.Json;
using RedisToolkit.Benchmarks.Load;
using RedisToolkit.Client;
using StackExchange.Redis;

namespace RedisToolkit.Benchmarks.Repositories;

/// <summary>Both sides, connected to one server that holds 1,000 products.</summary>
internal sealed class Stores : IAsyncDisposable
{
    public const int Many = 1000;
    private const string Prefix = "bench";

    private readonly ConnectionMultiplexer _multiplexer;

    private Stores(RedisClient redis, ConnectionMultiplexer multiplexer)
    {
        (Redis, _multiplexer) = (redis, multiplexer);
        Peer = multiplexer.GetDatabase();
        Products = new JsonRepository<Product, int>(redis, Names.Template<Product, int>(), BenchmarkJson.Default.Product, new() { TimeToLive = TimeToLive.After(Hour) });
        Hashes = new HashRepository<Product, int>(redis, Names.Template<Product, int>("hash:{id}"), BenchmarkHashes.Product, new() { TimeToLive = TimeToLive.After(Hour) });
    }

    public static TimeSpan Hour { get; } = TimeSpan.FromHours(1);

    public static KeyNames Names { get; } = new(Prefix);

    public static int[] Ids { get; } = [.. Enumerable.Range(0, Many)];

    public static Product[] Samples { get; } = Array.ConvertAll(Ids, Product.Sample);

    public static RedisValue[] Encoded { get; } = Array.ConvertAll(Samples, sample => (RedisValue)Encode(sample));

    public RedisClient Redis { get; }

    public IDatabase Peer { get; }

    public JsonRepository<Product, int> Products { get; }

    public HashRepository<Product, int> Hashes { get; }

    public static async Task<Stores> OpenAsync(BenchServer server)
    {
        var options = new RedisClientOptions { Endpoints = [new RedisEndpoint(server.Address.Host, server.Address.Port)] };
        var stores = new Stores(await RedisClient.ConnectAsync(options), await ConnectionMultiplexer.ConnectAsync(server.Address.ToString()));
        await stores.Products.SetManyAsync(Ids.ToDictionary(id => id, id => Samples[id]));
        await stores.Hashes.SetManyAsync(Ids.ToDictionary(id => id, id => Samples[id]));
        return stores;
    }

    public static string KeyOf(int id) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}:product:{id}");

    public static string HashKeyOf(int id) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}:hash:{id}");

    /// <summary>Decodes as one does by hand.</summary>
    public static Product Decode(RedisValue value) => JsonSerializer.Deserialize(((byte[]?)value)!, BenchmarkJson.Default.Product)!;

    public static byte[] Encode(Product product) => JsonSerializer.SerializeToUtf8Bytes(product, BenchmarkJson.Default.Product);

    /// <exception cref="InvalidDataException">It is not the product with that id.</exception>
    public static int Check(Product? product, int id) =>
        product?.Id == id ? 1 : throw new InvalidDataException($"Product {id} was asked for, {product?.Id} came.");

    public async ValueTask DisposeAsync()
    {
        await Redis.DisposeAsync();
        _multiplexer.Dispose();
    }
}
