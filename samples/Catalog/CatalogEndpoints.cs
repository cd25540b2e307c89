using RedisToolkit;
using RedisToolkit.Client;

namespace Catalog;

/// <summary>The service: what it wants is injected, and nothing in here knows of connections.</summary>
internal static class CatalogEndpoints
{
    public const string Ids = "catalog:ids";
    public const string Dashboard = "catalog:dashboard";

    private static readonly Dictionary<string, decimal> Rates = new() { ["EUR"] = 0.86m, ["CHF"] = 0.80m, ["XAU"] = 0.0003m };

    public static void MapCatalog(this WebApplication app)
    {
        // Ids are reserved in blocks: one round trip for fifty products.
        app.MapPost("/products", async (Product product, [FromKeyedServices(Ids)] IdSequence ids, JsonRepository<Product, int> products, CancellationToken cancellationToken) =>
        {
            int id = (int)await ids.NextAsync(cancellationToken);
            return await products.AddAsync(id, product, cancellationToken: cancellationToken) ? Results.Created($"/products/{id}", product) : Results.Conflict();
        });

        app.MapPut("/products/{id:int}", async (int id, Product product, JsonRepository<Product, int> products, CancellationToken cancellationToken) =>
        {
            await products.SetAsync(id, product, cancellationToken: cancellationToken);
            return Results.NoContent();
        });

        // The version does as an ETag: whoever changes what somebody else has changed meanwhile is told so.
        app.MapGet("/products/{id:int}", async (int id, HttpResponse response, JsonRepository<Product, int> products, CancellationToken cancellationToken) =>
        {
            if (await products.GetVersionedAsync(id, cancellationToken) is not { } found) return Results.NotFound();
            response.Headers.ETag = $"\"{found.Version}\"";
            return Results.Ok(found.Entity);
        });

        app.MapPatch("/products/{id:int}/price", async (int id, decimal price, HttpRequest request, JsonRepository<Product, int> products, CancellationToken cancellationToken) =>
        {
            if (!EntityVersion.TryParse(request.Headers.IfMatch.ToString().Trim('"'), null, out EntityVersion expected)) return Results.StatusCode(StatusCodes.Status428PreconditionRequired);
            Product? current = await products.GetAsync(id, cancellationToken);
            if (current is null) return Results.NotFound();
            EntityVersion? written = await products.ReplaceAsync(id, current with { Price = price }, expected, cancellationToken: cancellationToken);
            return written is null ? Results.StatusCode(StatusCodes.Status412PreconditionFailed) : Results.NoContent();
        });

        // A page of the catalogue is one round trip, however many products are on it.
        app.MapGet("/products", async (int from, int count, JsonRepository<Product, int> products, CancellationToken cancellationToken) =>
        {
            Product?[] page = await products.GetManyAsync([.. Enumerable.Range(from, Math.Clamp(count, 1, 1000))], cancellationToken);
            return Results.Ok(page.OfType<Product>().ToArray());
        });

        // Views of today: the counter gets its time to live when it is made, so that none is left behind.
        app.MapPost("/products/{id:int}/views", async (int id, Counters counters, CancellationToken cancellationToken) =>
            Results.Text($"{(await counters.AddAsync($"catalog:views:{id}", TimeToLive.Days(1), cancellationToken: cancellationToken)).Value}"));

        // What is in stock never falls below nothing, however many buy at the same time.
        app.MapPost("/products/{id:int}/sales", async (int id, int count, Counters counters, CancellationToken cancellationToken) =>
        {
            CounterResult left = await counters.AddAsync($"catalog:stock:{id}", TimeToLive.Forever, -count, new CounterBounds(0, 1000), cancellationToken);
            return Results.Text(left.IsSaturated ? "sold out" : $"{left.Value} left");
        });

        // A customer is a hash: an order counts up one field and sets another, in one step, and only if there is such a customer.
        app.MapPut("/customers/{id:int}", async (int id, Customer customer, HashRepository<Customer, int> customers, CancellationToken cancellationToken) =>
        {
            await customers.SetAsync(id, customer, cancellationToken: cancellationToken);
            return Results.NoContent();
        });
        app.MapPost("/customers/{id:int}/orders", async (int id, HashRepository<Customer, int> customers, TimeProvider time, CancellationToken cancellationToken) =>
            await customers.UpdateAsync(id, change => change.Increment(CatalogHashes.Customer.Orders, 1).Set(CatalogHashes.Customer.LastOrder, time.GetUtcNow()), cancellationToken: cancellationToken)
                ? Results.NoContent()
                : Results.NotFound());
        app.MapGet("/customers/{id:int}/orders", async (int id, HashRepository<Customer, int> customers, CancellationToken cancellationToken) =>
            await customers.GetAsync(id, CatalogHashes.Customer.Orders, cancellationToken) is { } orders ? Results.Text($"{orders}") : Results.NotFound());

        // A map of results in one call; the policy says how long each stays fresh. What is missing or has run out is worked out again.
        app.MapGet("/products/{id:int}/prices", async (int id, JsonRepository<Product, int> products, ResultMaps maps, CancellationToken cancellationToken) =>
        {
            string key = $"catalog:prices:{id}";
            StoredResult<string>[] stored = await maps.LoadAsync(key, [.. Rates.Keys.Select(name => (RedisArgument)name)], cancellationToken);
            if (stored.All(one => one.IsFound)) return Results.Text("from the map: " + string.Join(", ", Rates.Keys.Zip(stored, (name, one) => $"{name} {one.Value}")));
            if (await products.GetAsync(id, cancellationToken) is not { } product) return Results.NotFound();
            Dictionary<string, decimal> prices = Rates.ToDictionary(rate => rate.Key, rate => product.Price * rate.Value);
            await maps.StoreAsync(key, prices, price => $"{price:0.####}", (name, _) => name == "XAU" ? TimeToLive.Seconds(2) : TimeToLive.Hours(1), cancellationToken);
            return Results.Text("worked out: " + string.Join(", ", prices.Select(price => $"{price.Key} {price.Value:0.####}")));
        });

        // A dashboard is one hash, and each figure in it is fresh for as long as suits it.
        app.MapPut("/dashboard/{figure}", async (string figure, string value, double seconds, HashFields fields, CancellationToken cancellationToken) =>
        {
            await fields.SetAsync(Dashboard, figure, value, TimeToLive.Seconds(seconds), cancellationToken);
            return Results.NoContent();
        });
        app.MapGet("/dashboard", async (HashFields fields, CancellationToken cancellationToken) => Results.Ok(await fields.GetAllAsync(Dashboard, cancellationToken)));

        app.MapHealthChecks("/health");
    }

    /// <summary>Fills the catalogue: back-pressured, a few writes under way at a time. Their ids are one block of the sequence.</summary>
    public static async Task<BulkResult> FillAsync(this WebApplication app, int count)
    {
        KeyTemplate<Product, int> keys = app.Services.GetRequiredService<JsonRepository<Product, int>>().Keys;
        _ = await app.Services.GetRequiredKeyedService<IdSequence>(Ids).ReserveAsync(count);
        _ = await app.Services.GetRequiredService<Counters>().AddAsync("catalog:stock:42", TimeToLive.Forever, 10);
        return await app.Services.GetRequiredService<BulkLoader>().LoadAsync(Products(keys, count), TimeToLive.Days(30));
    }

    private static async IAsyncEnumerable<BulkEntry> Products(KeyTemplate<Product, int> keys, int count)
    {
        await Task.CompletedTask;
        for (int id = 1; id <= count; id++)
        {
            var product = new Product($"Product {id}", id % 2 == 0 ? "books" : "games", 5 + (id % 40));
            yield return new BulkEntry(keys.Of(id), System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(product, CatalogJson.Default.Product));
        }
    }
}
