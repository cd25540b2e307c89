using RedisToolkit.Tests.Docs.Shop;

namespace RedisToolkit.Tests.Docs
{
    /// <summary>The code of docs/hash-repositories.md, on a server of its own.</summary>
    public sealed class HashRepositoriesSnippets
    {
        [Fact]
        public async Task The_code_of_the_page_on_entities_as_hashes_does_what_the_page_says()
        {
            await using RedisServer server = await RedisServer.StartAsync();
            await using RedisClient redis = await RedisClient.ConnectAsync(server.ConnectionString);
            KeyTemplate<Product, int> keys = new KeyNames("shop").Template<Product, int>("product:{id}");
            var products = new HashRepository<Product, int>(redis, keys, ShopHashes.Product, new() { TimeToLive = TimeToLive.Days(30) });
            await Whole(products);
            await Members(products);
            await redis.HashSetAsync("shop:article:1", "name", "Notes");
            var articles = new HashRepository<Article, int>(redis, new KeyNames("shop").Template<Article, int>(), ShopHashes.Article, new() { TimeToLive = TimeToLive.Days(30) });
            Assert.Equal(new Article("Notes", 1), await articles.GetAsync(1));
        }

        private static async Task Whole(HashRepository<Product, int> products)
        {
            await products.SetAsync(42, new Product("chair", 49.90m, 7));      // in place of whatever was there, fields and time to live
            Product? chair = await products.GetAsync(42);                      // null if there is none
            Product?[] some = await products.GetManyAsync([42, 43, 44]);       // one round trip, in this order, null for the missing
            bool added = await products.AddAsync(43, new Product("table", 120m, 1));       // only if there is none
            bool replaced = await products.ReplaceAsync(43, new Product("table", 99m, 1)); // only if there is one

            Assert.Equal((IEnumerable<Product?>)[chair, null, null], some);
            Assert.Equal((new Product("chair", 49.90m, 7), true, true), (chair, added, replaced));
        }

        private static async Task Members(HashRepository<Product, int> products)
        {
            decimal? price = await products.GetAsync(42, ShopHashes.Product.Price);
            (string? name, int? stock) = await products.GetAsync(42, ShopHashes.Product.Name, ShopHashes.Product.Stock);
            HashPart<Product>? part = await products.GetPartAsync(42, [ShopHashes.Product.Name, ShopHashes.Product.Note]);  // null if there is no product
            string? note = part?.Get(ShopHashes.Product.Note);

            bool updated = await products.UpdateAsync(42, change => change
                .Set(ShopHashes.Product.Price, 7.5m)
                .Remove(ShopHashes.Product.Note)
                .Increment(ShopHashes.Product.Stock, -1));
            int? left = await products.IncrementAsync(42, ShopHashes.Product.Stock, -1);   // null if there is no product

            Assert.Equal((49.90m, "chair", 7, null, true, 5), (price, name, stock, note, updated, left));
            Assert.Equal(new Product("chair", 7.5m, 5), await products.GetAsync(42));
        }
    }
}

namespace RedisToolkit.Tests.Docs.Shop
{
    // The code of docs/hash-repositories.md.
    public sealed record Product(string Name, decimal Price, int Stock, string? Note = null);

    [RedisHash(typeof(Product))]
    internal static partial class ShopHashes;

    public sealed record Article([HashField("title", FormerNames = ["name"])] string Title, [HashField(Default = 1)] int Pages);

    [RedisHash(typeof(Article))]
    internal static partial class ShopHashes;
}
