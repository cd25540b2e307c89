using System.Diagnostics;
using RedisToolkit.Benchmarks.Load;
using RedisToolkit.Client;

namespace RedisToolkit.Benchmarks.Keyspace;

/// <summary>Callers that read keys at random, one call after the other, for as long as the run lasts.</summary>
internal sealed class Readers : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly IRedisClient _redis;
    private readonly Task[] _callers;
    private volatile Phase _phase;

    public Readers(IRedisClient redis, int callers, string prefix, int keys)
    {
        _redis = redis;
        _phase = new Phase(callers);
        _callers = [.. Enumerable.Range(0, callers).Select(caller => Task.Run(() => ReadAsync(caller, prefix, keys)))];
    }

    /// <summary>Measures what the callers see while something happens.</summary>
    public async Task<Seen> WhileAsync(Func<Task> happens)
    {
        var phase = new Phase(_callers.Length);
        _phase = phase;
        var began = Stopwatch.GetTimestamp();
        await happens();
        var elapsed = Stopwatch.GetElapsedTime(began);
        _phase = new Phase(_callers.Length);
        if (_callers.FirstOrDefault(caller => caller.IsCompleted) is { } ended) await ended;
        var all = new LatencyHistogram();
        foreach (var histogram in phase.Latencies) all.Add(histogram);
        return new Seen(elapsed, phase.Reads.Sum() / elapsed.TotalSeconds, all.Percentile(0.5), all.Percentile(0.99), all.Percentile(0.999));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_callers);
        _stop.Dispose();
    }

    private async Task ReadAsync(int caller, string prefix, int keys)
    {
        var random = new Random(caller);
        while (!_stop.IsCancellationRequested)
        {
            var phase = _phase;
            var began = Stopwatch.GetTimestamp();
            var value = await _redis.GetBytesAsync(prefix + random.Next(keys));
            phase.Latencies[caller].Record((long)Stopwatch.GetElapsedTime(began).TotalNanoseconds);
            phase.Reads[caller]++;
            if (value is null) throw new InvalidDataException("A key that was to stay is gone.");
        }
    }

    private sealed class Phase(int callers)
    {
        public LatencyHistogram[] Latencies { get; } = [.. Enumerable.Range(0, callers).Select(_ => new LatencyHistogram())];

        public long[] Reads { get; } = new long[callers];
    }
}

/// <summary>What readers saw. Latencies are in microseconds.</summary>
internal sealed record Seen(TimeSpan Elapsed, double PerSecond, double Median, double P99, double P999);
