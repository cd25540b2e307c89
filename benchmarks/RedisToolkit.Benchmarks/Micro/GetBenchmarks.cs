using System.Globalization;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using RedisToolkit.Benchmarks.Load;
using StackExchange.Redis;

namespace RedisToolkit.Benchmarks.Micro;

/// <summary>Calls of one caller, each beside StackExchange.Redis 1.2.6: what a call costs when nothing else is under way.</summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class GetBenchmarks
{
    private const string Peer = "StackExchange.Redis 1.2.6";
    private const int PipelineLength = 100;

    private static readonly byte[] Value = new byte[100];
    private static readonly string[] Keys =
        [.. Enumerable.Range(0, PipelineLength).Select(i => string.Create(CultureInfo.InvariantCulture, $"micro:{i:00}"))];

    private readonly Task<RedisValue>[] _peerReplies = new Task<RedisValue>[PipelineLength];
    private BenchServer _server = null!;
    private ConnectionMultiplexer _multiplexer = null!;
    private IDatabase _peer = null!;

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _server = await MicroServer.OpenAsync();
        _multiplexer = await ConnectionMultiplexer.ConnectAsync(_server.Address.ToString());
        _peer = _multiplexer.GetDatabase();
        foreach (var key in Keys) await _peer.StringSetAsync(key, Value);
    }

    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
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
}
