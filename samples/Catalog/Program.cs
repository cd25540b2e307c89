// A catalogue as a minimal API on RedisToolkit, on a real server that it starts by itself. samples/README.md walks through it.
//
//     dotnet run --project samples/Catalog              plays through it once and ends
//     dotnet run --project samples/Catalog -- --serve   serves until Ctrl+C
using System.Net;
using Catalog;
using RedisToolkit;
using RedisToolkit.Client;
using RedisToolkit.Testing;

await using RedisServer server = await RedisServer.StartAsync();

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, CatalogJson.Default));

// All that concerns Redis: where it is, which entities there are, and how long they live.
KeyTemplate<Product, int> keys = new KeyNames("catalog").Template<Product, int>("product:{id}");
KeyTemplate<Customer, int> customers = new KeyNames("catalog").Template<Customer, int>("customer:{id}");
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddRedisToolkit(server.ConnectionString)
    .AddJsonRepository(keys, CatalogJson.Default.Product, new() { TimeToLive = TimeToLive.Days(30), Compression = ValueCompression.Brotli })
    .AddHashRepository(customers, CatalogHashes.Customer, new() { TimeToLive = TimeToLive.Days(365) })
    .AddIdSequence(CatalogEndpoints.Ids, blockSize: 50)
    .ConfigureHashFields(new() { Storage = HashFieldStorage.Portable })     // for as long as the server may have to go back to an older version
    .AddHashFieldSweeper(new() { Interval = TimeSpan.FromSeconds(1) });
builder.Services.AddHealthChecks().AddRedisToolkit(timeout: TimeSpan.FromSeconds(1));

WebApplication app = builder.Build();
app.MapCatalog();
await app.StartAsync();
string address = app.Urls.First();
Say("service", $"{address} on {server.Description}");

BulkResult filled = await app.FillAsync(20_000);
Say("fill", $"{filled.Total.Loaded:N0} products, {filled.Total.PerSecond:N0} a second");

if (args.Contains("--serve"))
{
    await app.WaitForShutdownAsync();
    return;
}

var redis = app.Services.GetRequiredService<IRedisClient>();
using var http = new HttpClient { BaseAddress = new Uri(address) };
Say("one", $"{await http.GetFromJsonAsync("/products/42", CatalogJson.Default.Product)}");
Product[] page = (await http.GetFromJsonAsync("/products?from=100&count=1000", CatalogJson.Default.ProductArray))!;
Say("a thousand", $"{page.Length:N0} products in one round trip, the last is {page[^1].Name}");

// Two clerks read the same product; the second to write is told that the first was there.
string tag = (await http.GetAsync(new Uri("/products/42", UriKind.Relative))).Headers.ETag!.Tag;
Say("first change", $"{(int)await PriceAsync("7.50", tag)}");
Say("second change", $"{(int)await PriceAsync("6.00", tag)}: somebody else was faster");

// A new product gets an id that nobody else has; its long description is compressed on the way.
using HttpResponseMessage created = await http.PostAsJsonAsync("/products", new Product("Atlas", "books", 49, string.Concat(Enumerable.Repeat("All the world on 400 pages. ", 100))), CatalogJson.Default.Product);
byte[] stored = (await redis.GetBytesAsync($"catalog:product:{created.Headers.Location!.OriginalString.Split('/')[^1]}"))!;
Say("new product", $"{created.Headers.Location}, {stored.Length} bytes stored");

for (int i = 0; i < 2; i++) _ = await http.PostAsync(new Uri("/products/42/views", UriKind.Relative), null);
Say("views", $"{await (await http.PostAsync(new Uri("/products/42/views", UriKind.Relative), null)).Content.ReadAsStringAsync()} today");

// Stock is a counter with a floor: the third sale finds too little.
foreach (int count in (int[])[6, 3, 4]) Say("sell " + count, await (await http.PostAsync(new Uri($"/products/42/sales?count={count}", UriKind.Relative), null)).Content.ReadAsStringAsync());

// A customer is a hash: two orders are counted, and nothing else of it is read or written.
_ = await http.PutAsJsonAsync("/customers/7", new Customer("Grace", "Arlington"), CatalogJson.Default.Customer);
for (int i = 0; i < 2; i++) _ = await http.PostAsync(new Uri("/customers/7/orders", UriKind.Relative), null);
HttpStatusCode nobody = (await http.PostAsync(new Uri("/customers/8/orders", UriKind.Relative), null)).StatusCode;
Say("customer", $"{await http.GetStringAsync(new Uri("/customers/7/orders", UriKind.Relative))} orders; of one that is not there: {(int)nobody}");

// Prices in other currencies: one map, each entry fresh for as long as suits it.
Say("prices", await http.GetStringAsync(new Uri("/products/42/prices", UriKind.Relative)));
Say("prices again", await http.GetStringAsync(new Uri("/products/42/prices", UriKind.Relative)));

_ = await http.PutAsync(new Uri("/dashboard/orders?value=17&seconds=0.2", UriKind.Relative), null);
_ = await http.PutAsync(new Uri("/dashboard/owner?value=Ada&seconds=3600", UriKind.Relative), null);
Say("dashboard", await DashboardAsync());
while ((await DashboardAsync()).Contains("orders", StringComparison.Ordinal)) await Task.Delay(50);
Say("a moment later", await DashboardAsync());
while (await redis.HashCountAsync(CatalogEndpoints.Dashboard) > 1) await Task.Delay(50);
Say("swept", "what has run out is gone from the server's memory, too");

// What an operator does, without ever blocking the server.
var keyspace = app.Services.GetRequiredService<RedisKeyspace>();
KeyspaceEstimate memory = await keyspace.MeasureMemoryAsync(RedisGlob.StartingWith("catalog:product:"));
Say("memory", $"{memory.Value / 1024.0 / 1024:0.0} MiB of products, {(memory.IsExact ? "all looked at" : $"from a sample of {memory.Looked:N0} keys")}");
var forgotten = new List<string>();
await foreach (RedisBytes key in keyspace.WithoutTimeToLiveAsync()) forgotten.Add(key.Text);
Say("no time to live", $"{string.Join(", ", forgotten)} (the hash has fields with times of their own)");
RedisArgument products = RedisGlob.StartingWith("catalog:product:");
KeyspaceResult dry = await keyspace.DeleteAsync(products, new() { DryRun = true });
Say("dry run", $"{dry.Total.Matched:N0} would go, such as {dry.Examples[0]}");
var progress = new EveryFiveThousand(done => Say("deleting", $"{done:N0}"));
KeyspaceResult deleted = await keyspace.DeleteAsync(products, new() { KeysPerSecond = 50_000, Progress = progress });
Say("delete", $"{deleted.Total.Changed:N0} went in {deleted.Total.Elapsed.TotalMilliseconds:0} ms");
Say("health", await http.GetStringAsync(new Uri("/health", UriKind.Relative)));
await app.StopAsync();
await app.DisposeAsync();

async Task<HttpStatusCode> PriceAsync(string price, string ifMatch)
{
    using var change = new HttpRequestMessage(HttpMethod.Patch, $"/products/42/price?price={price}");
    change.Headers.TryAddWithoutValidation("If-Match", ifMatch);
    return (await http.SendAsync(change)).StatusCode;
}

async Task<string> DashboardAsync() => await http.GetStringAsync(new Uri("/dashboard", UriKind.Relative));

static void Say(string what, string text) => Console.WriteLine($"{what,18}  {text}");

/// <summary>Says how far it has come, now and then.</summary>
internal sealed class EveryFiveThousand(Action<long> say) : IProgress<KeyspaceProgress>
{
    private long _next = 5000;

    public void Report(KeyspaceProgress value)
    {
        if (value.Changed < _next) return;
        say(value.Changed);
        _next += 5000;
    }
}
