using System.Globalization;
using RedisToolkit.Client;

namespace RedisToolkit.Benchmarks.Repositories;

/// <summary>All comparisons of the verb <c>repositories</c>.</summary>
internal static class Comparisons
{
    private const string Ours = "JsonRepository";
    private const string Peer = "StackExchange.Redis 1.2.6 + System.Text.Json";

    public static IEnumerable<Comparison> All(Stores stores) =>
        [.. One(stores), Thousand(stores), .. Compressed(stores)];

    private static IEnumerable<Comparison> One(Stores stores)
    {
        foreach (var callers in new[] { 50, 1 })
        {
            var who = callers == 1 ? "1 caller" : $"{callers} callers";
            yield return new Comparison($"Get one entity, {who}", "entities", callers,
            [
                new(Peer, async number => Stores.Check(Stores.Decode(await stores.Peer.StringGetAsync(Stores.KeyOf(number % Stores.Many))), number % Stores.Many)),
                new(Ours, async number => Stores.Check(await stores.Products.GetAsync(number % Stores.Many), number % Stores.Many)),
            ])
            { Floor = Decoding };
            yield return new Comparison($"Set one entity, {who}", "entities", callers,
            [
                new(Peer, async number =>
                {
                    await stores.Peer.StringSetAsync(Stores.KeyOf(number % Stores.Many), Stores.Encode(Stores.Samples[number % Stores.Many]), Stores.Hour);
                    return 1;
                }),
                new(Ours, async number =>
                {
                    await stores.Products.SetAsync(number % Stores.Many, Stores.Samples[number % Stores.Many]);
                    return 1;
                }),
            ]);
        }
    }

    private static Comparison Thousand(Stores stores) => new("1,000 entities, 1 caller", "entities", 1,
    [
        new(Peer + ", a loop of GETs", async _ =>
        {
            foreach (var id in Stores.Ids) Stores.Check(Stores.Decode(await stores.Peer.StringGetAsync(Stores.KeyOf(id))), id);
            return Stores.Many;
        }),
        new(Peer + ", MGET", async _ =>
        {
            var values = await stores.Peer.StringGetAsync(Array.ConvertAll(Stores.Ids, id => (StackExchange.Redis.RedisKey)Stores.KeyOf(id)));
            for (var id = 0; id < values.Length; id++) Stores.Check(Stores.Decode(values[id]), id);
            return values.Length;
        }),
        new(Ours + ", a loop of gets", async _ =>
        {
            foreach (var id in Stores.Ids) Stores.Check(await stores.Products.GetAsync(id), id);
            return Stores.Many;
        }),
        new(Ours + ", GetManyAsync", async _ =>
        {
            var products = await stores.Products.GetManyAsync(Stores.Ids);
            for (var id = 0; id < products.Length; id++) Stores.Check(products[id], id);
            return products.Length;
        }),
    ])
    { Floor = Decoding };

    private static Way Decoding { get; } = new("System.Text.Json alone, no server", number =>
        Task.FromResult(Stores.Check(Stores.Decode(Stores.Encoded[number % Stores.Many]), number % Stores.Many)));

    private static IEnumerable<Comparison> Compressed(Stores stores)
    {
        foreach (var bytes in new[] { 1024, 10 * 1024, 100 * 1024, 1024 * 1024 })
        {
            var order = Order.OfBytes(bytes);
            var size = bytes < 1024 * 1024 ? $"{bytes / 1024} KB" : "1 MB";
            (string Name, ValueCompression Compression)[] kinds = [("plain", ValueCompression.None), ("Brotli", ValueCompression.Brotli), ("Deflate", ValueCompression.Deflate)];
            yield return new Comparison($"Write {size} compressed, 1 caller", "writes", 1, [.. kinds.Select(kind => Way(kind, async orders =>
            {
                await orders.SetAsync(bytes, order);
                return 1;
            }))]);
            yield return new Comparison($"Read {size} compressed, 1 caller", "reads", 1, [.. kinds.Select(kind => Way(kind, async orders =>
                (await orders.GetAsync(bytes))?.Lines.Length == order.Lines.Length ? 1 : throw new InvalidDataException("Another order came.")))]);

            Way Way((string Name, ValueCompression Compression) kind, Func<JsonRepository<Order, int>, Task<int>> onceAsync)
            {
                KeyTemplate<Order, int> keys = Stores.Names.Template<Order, int>($"order-{kind.Name}:{{id}}");
                var orders = new JsonRepository<Order, int>(stores.Redis, keys, BenchmarkJson.Default.Order, new() { TimeToLive = TimeToLive.After(Stores.Hour), Compression = kind.Compression });
                var isStored = false;
                return new Way(kind.Name, async _ =>
                {
                    if (!isStored) await orders.SetAsync(bytes, order);
                    isStored = true;
                    return await onceAsync(orders);
                })
                {
                    Remark = async () => (await stores.Redis.ExecuteAsync(RedisCommand.Create("STRLEN", keys.Of(bytes)), Replies.Integer)).ToString("N0", CultureInfo.InvariantCulture) + " B",
                };
            }
        }
    }
}
