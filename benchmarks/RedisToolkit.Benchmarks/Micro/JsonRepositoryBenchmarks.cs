using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using RedisToolkit.Benchmarks.Load;
using RedisToolkit.Client;
using StackExchange.Redis;

namespace RedisToolkit.Benchmarks.Micro;

/// <summary>
/// Entities as JSON: the repository beside what is written by hand with StackExchange.Redis 1.2.6 and System.Text.Json, one at a time,
/// 100 at once, and 1,000 of them.
/// </summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class JsonRepositoryBenchmarks
{
    private const string Ours = "JsonRepository";
    private const string Peer = "StackExchange.Redis 1.2.6 + System.Text.Json";
    private const int Many = 1000;
    private const int AtOnce = 100;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly int[] Ids = [.. Enumerable.Range(0, Many)];
    private static readonly Product Sample = new(7, "Kettle, 1.7 l, stainless steel", 39.95m, ["kitchen", "electric", "steel"], new string('x', 300));

    private readonly ValueTask<Product?>[] _replies = new ValueTask<Product?>[AtOnce];
    private readonly Task<RedisValue>[] _peerReplies = new Task<RedisValue>[AtOnce];
    private BenchServer _server = null!;
    private RedisClient _client = null!;
    private JsonRepository<Product, int> _products = null!;
    private ConnectionMultiplexer _multiplexer = null!;
    private IDatabase _peer = null!;

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _server = await MicroServer.OpenAsync();
        _client = await RedisClient.ConnectAsync(new RedisClientOptions { Endpoints = [new RedisEndpoint(_server.Address.Host, _server.Address.Port)] });
        KeyTemplate<Product, int> keys = new KeyNames("bench").Template<Product, int>();
        _products = new JsonRepository<Product, int>(_client, keys, ProductJson.Default.Product, new() { TimeToLive = TimeToLive.After(Hour) });
        _multiplexer = await ConnectionMultiplexer.ConnectAsync(_server.Address.ToString());
        _peer = _multiplexer.GetDatabase();
        await _products.SetManyAsync(Ids.ToDictionary(id => id, id => Sample with { Id = id }));
    }

    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        await _client.DisposeAsync();
        _multiplexer.Dispose();
        await _server.DisposeAsync();
    }

    [Benchmark(Baseline = true, Description = Peer), BenchmarkCategory("get")]
    public async Task<Product?> PeerGet() => Read(await _peer.StringGetAsync(KeyOf(7)));

    [Benchmark(Description = Ours), BenchmarkCategory("get")]
    public async Task<Product?> Get() => await _products.GetAsync(7);

    [Benchmark(Baseline = true, Description = Peer), BenchmarkCategory("set")]
    public async Task<bool> PeerSet() => await _peer.StringSetAsync(KeyOf(7), JsonSerializer.SerializeToUtf8Bytes(Sample, ProductJson.Default.Product), Hour);

    [Benchmark(Description = Ours), BenchmarkCategory("set")]
    public async Task Set() => await _products.SetAsync(7, Sample);

    [Benchmark(Baseline = true, Description = Peer, OperationsPerInvoke = AtOnce), BenchmarkCategory("get, 100 at once")]
    public async Task<int> PeerGetAtOnce()
    {
        for (var i = 0; i < AtOnce; i++) _peerReplies[i] = _peer.StringGetAsync(KeyOf(i));
        var sum = 0;
        foreach (var reply in _peerReplies) sum += Read(await reply)!.Id;
        return sum;
    }

    [Benchmark(Description = Ours, OperationsPerInvoke = AtOnce), BenchmarkCategory("get, 100 at once")]
    public async Task<int> GetAtOnce()
    {
        for (var i = 0; i < AtOnce; i++) Keep(out _replies[i], _products.GetAsync(i));
        var sum = 0;
        foreach (var reply in _replies) sum += (await reply)!.Id;
        return sum;

        static void Keep(out ValueTask<Product?> slot, ValueTask<Product?> reply) => slot = reply;
    }

    [Benchmark(Baseline = true, Description = Peer + ", loop of GETs"), BenchmarkCategory("1,000 entities")]
    public async Task<int> PeerLoop()
    {
        var sum = 0;
        foreach (var id in Ids) sum += Read(await _peer.StringGetAsync(KeyOf(id)))!.Id;
        return sum;
    }

    [Benchmark(Description = Peer + ", MGET"), BenchmarkCategory("1,000 entities")]
    public async Task<int> PeerMany()
    {
        var values = await _peer.StringGetAsync(Array.ConvertAll(Ids, id => (RedisKey)KeyOf(id)));
        return values.Sum(value => Read(value)!.Id);
    }

    [Benchmark(Description = Ours + ", loop of gets"), BenchmarkCategory("1,000 entities")]
    public async Task<int> Loop()
    {
        var sum = 0;
        foreach (var id in Ids) sum += (await _products.GetAsync(id))!.Id;
        return sum;
    }

    [Benchmark(Description = Ours + ", GetManyAsync"), BenchmarkCategory("1,000 entities")]
    public async Task<int> GetMany() => (await _products.GetManyAsync(Ids)).Sum(product => product!.Id);

    private static string KeyOf(int id) => string.Create(CultureInfo.InvariantCulture, $"bench:product:{id}");

    private static Product? Read(RedisValue value) => JsonSerializer.Deserialize(((byte[]?)value)!, ProductJson.Default.Product);
}

/// <summary>What is stored: about 450 bytes of JSON.</summary>
public sealed record Product(int Id, string Name, decimal Price, string[] Tags, string Description);

[JsonSerializable(typeof(Product))]
internal sealed partial class ProductJson : JsonSerializerContext;
