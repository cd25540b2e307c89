using System.Globalization;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using RedisToolkit.Benchmarks.Load;
using RedisToolkit.Client;
using StackExchange.Redis;

namespace RedisToolkit.Benchmarks.Micro;

/// <summary>Calls of one caller, each beside StackExchange.Redis 1.2.6: what a call costs when nothing else is under way.</summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class GetBenchmarks
{
    private const string Ours = "RedisToolkit";
    private const string Peer = "StackExchange.Redis 1.2.6";
    private const int PipelineLength = 100;

    private static readonly byte[] Value = new byte[100];
    private static readonly string[] Keys =
        [.. Enumerable.Range(0, PipelineLength).Select(i => string.Create(CultureInfo.InvariantCulture, $"micro:{i:00}"))];

    private readonly ValueTask<byte[]?>[] _replies = new ValueTask<byte[]?>[PipelineLength];
    private readonly Task<RedisValue>[] _peerReplies = new Task<RedisValue>[PipelineLength];
    private BenchServer _server = null!;
    private RedisClient _client = null!;
    private ConnectionMultiplexer _multiplexer = null!;
    private IDatabase _peer = null!;

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _server = await MicroServer.OpenAsync();
        var options = new RedisClientOptions { Endpoints = [new RedisEndpoint(_server.Address.Host, _server.Address.Port)] };
        _client = await RedisClient.ConnectAsync(options);
        _multiplexer = await ConnectionMultiplexer.ConnectAsync(_server.Address.ToString());
        _peer = _multiplexer.GetDatabase();
        foreach (var key in Keys) await _peer.StringSetAsync(key, Value);
    }

    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        await _client.DisposeAsync();
        _multiplexer.Dispose();
        await _server.DisposeAsync();
    }

    [Benchmark(Baseline = true, Description = Peer), BenchmarkCategory("GET")]
    public async Task<int> PeerGet() => ((byte[]?)await _peer.StringGetAsync(Keys[0]))!.Length;

    [Benchmark(Baseline = true, Description = Peer), BenchmarkCategory("SET")]
    public async Task<bool> PeerSet() => await _peer.StringSetAsync(Keys[0], Value);

    [Benchmark(Baseline = true, Description = Peer, OperationsPerInvoke = PipelineLength), BenchmarkCategory("GET, 100 at once")]
    public async Task<int> PeerPipeline()
    {
        for (var i = 0; i < PipelineLength; i++) _peerReplies[i] = _peer.StringGetAsync(Keys[i]);
        var bytes = 0;
        foreach (var reply in _peerReplies) bytes += ((byte[]?)await reply)!.Length;
        return bytes;
    }

    [Benchmark(Description = Ours), BenchmarkCategory("GET")]
    public async ValueTask<int> Get() => (await _client.GetBytesAsync(Keys[0]))!.Length;

    [Benchmark(Description = Ours), BenchmarkCategory("SET")]
    public async ValueTask<bool> Set() => await _client.SetAsync(Keys[0], Value);

    [Benchmark(Description = Ours, OperationsPerInvoke = PipelineLength), BenchmarkCategory("GET, 100 at once")]
    public async ValueTask<int> Pipeline()
    {
        for (var i = 0; i < PipelineLength; i++) Keep(out _replies[i], _client.GetBytesAsync(Keys[i]));
        var bytes = 0;
        foreach (var reply in _replies) bytes += (await reply)!.Length;
        return bytes;

        static void Keep(out ValueTask<byte[]?> slot, ValueTask<byte[]?> reply) => slot = reply;
    }
}
