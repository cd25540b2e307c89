using System.Globalization;
using RedisToolkit.Client;

namespace RedisToolkit.Benchmarks.Repositories;

/// <summary>All comparisons of the verb <c>repositories</c>.</summary>
internal static class Comparisons
{
    private const string Ours = "JsonRepository";
    private const string Peer = "StackExchange.Redis 1.2.6 + System.Text.Json";

    public static IEnumerable<Comparison> All(Stores stores) =>
        [.. One(stores), Thousand(stores), .. AsHash(stores), .. Compressed(stores)];

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

    private static IEnumerable<Comparison> AsHash(Stores stores)
    {
        const int Callers = 50;
        const string Hashes = "HashRepository";
        yield return new Comparison($"One member of an entity, {Callers} callers", "members", Callers,
        [
            new(Ours + ", the whole entity", async number => Price((await stores.Products.GetAsync(number % Stores.Many))?.Price)),
            new(Hashes + ", the member", async number => Price(await stores.Hashes.GetAsync(number % Stores.Many, BenchmarkHashes.Product.Price))),
            new("StackExchange.Redis 1.2.6, HGET by hand", async number =>
                Price(decimal.Parse((await stores.Peer.HashGetAsync(Stores.HashKeyOf(number % Stores.Many), "price")).ToString(), CultureInfo.InvariantCulture))),
        ]);
        yield return new Comparison($"A whole entity as a hash, {Callers} callers", "entities", Callers,
        [
            new(Ours, async number => Stores.Check(await stores.Products.GetAsync(number % Stores.Many), number % Stores.Many)),
            new(Hashes, async number => Stores.Check(await stores.Hashes.GetAsync(number % Stores.Many), number % Stores.Many)),
        ]);
        yield return new Comparison($"Write a whole entity as a hash, {Callers} callers", "entities", Callers,
        [
            new(Ours, async number =>
            {
                await stores.Products.SetAsync(number % Stores.Many, Stores.Samples[number % Stores.Many]);
                return 1;
            }),
            new(Hashes, async number =>
            {
                await stores.Hashes.SetAsync(number % Stores.Many, Stores.Samples[number % Stores.Many]);
                return 1;
            }),
        ]);
        yield return new Comparison($"Change one member of an entity, {Callers} callers", "changes", Callers,
        [
            new(Ours + ".UpdateAsync, nobody in between", async number =>
            {
                // Each caller has entities of his own: a change by somebody else in between would make another attempt.
                _ = await stores.Products.UpdateAsync(number % Stores.Many, product => product with { Price = 39.95m });
                return 1;
            }),
            new(Hashes + ".UpdateAsync", async number =>
                await stores.Hashes.UpdateAsync(number % Stores.Many, static change => change.Set(BenchmarkHashes.Product.Price, 39.95m)) ? 1 : throw new InvalidDataException("There is no such product.")),
        ]);

        static int Price(decimal? price) => price == 39.95m ? 1 : throw new InvalidDataException($"The price is {price}.");
    }

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
