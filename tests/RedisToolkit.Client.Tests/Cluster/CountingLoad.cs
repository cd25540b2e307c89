using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace RedisToolkit.Client.Tests.Cluster;

/// <summary>Callers that count up keys on all nodes, each its own, and notice when an answer is wrong or an acknowledged write is gone.</summary>
internal sealed class CountingLoad : IAsyncDisposable
{
    private readonly RedisClient _redis;
    private readonly string _key = Servers.NewKey();
    private readonly long[] _acknowledged;
    private readonly long[] _unknown;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _callers;
    private string? _wrong;

    public CountingLoad(RedisClient redis, int callers)
    {
        _redis = redis;
        _acknowledged = new long[callers];
        _unknown = new long[callers];
        _callers = [.. Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(caller)))];
    }

    public ConcurrentQueue<Exception> Errors { get; } = [];

    /// <summary>Gets the slots that the keys lie in.</summary>
    public IEnumerable<int> Slots => Enumerable.Range(0, _callers.Length).Select(caller => HashSlot.Of((RedisArgument)Key(caller)));

    /// <summary>Waits until every caller has got further answers from the server.</summary>
    public async Task MakeProgressAsync()
    {
        long[] before = [.. _acknowledged];
        long started = Stopwatch.GetTimestamp();
        while (_wrong is null && Behind().Any())
        {
            if (Stopwatch.GetElapsedTime(started).TotalSeconds > 30)
                Assert.Fail($"Not within 30 s: callers {string.Join(", ", Behind().Select(caller => $"{caller} of slot {HashSlot.Of((RedisArgument)Key(caller))}"))} are not served. {string.Join("\n", Errors.TakeLast(3))}");
            await Task.Delay(10);
        }

        Assert.Null(_wrong);

        IEnumerable<int> Behind() => Enumerable.Range(0, before.Length).Where(caller => Volatile.Read(ref _acknowledged[caller]) < before[caller] + 3);
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Bounded.Within(Task.WhenAll(_callers), 30, "the callers end");
        Assert.Null(_wrong);
    }

    /// <summary>Compares what the servers have with what they acknowledged.</summary>
    /// <param name="mayHaveLostSome">Whether a primary died, whose last writes its replica may not have had.</param>
    public async Task CheckAsync(bool mayHaveLostSome)
    {
        for (int i = 0; i < _callers.Length; i++)
        {
            long value = long.Parse(await _redis.GetAsync(Key(i)) ?? "0", CultureInfo.InvariantCulture);
            Assert.True(value <= _acknowledged[i] + _unknown[i], $"{value} of key {i}, with {_acknowledged[i]} acknowledged and {_unknown[i]} unknown: something was executed twice");
            if (!mayHaveLostSome) Assert.True(value >= _acknowledged[i], $"{value} of key {i}, with {_acknowledged[i]} acknowledged");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_callers);
        _stop.Dispose();
    }

    private string Key(int caller) => $"{_key}:{caller}";

    private async Task CallAsync(int caller)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                long value = await _redis.ExecuteAsync(RedisStrings.Increment(Key(caller)));
                Interlocked.Increment(ref _acknowledged[caller]);
                if (value > _acknowledged[caller] + _unknown[caller]) _wrong = $"{value} to caller {caller} after {_acknowledged[caller]} acknowledged and {_unknown[caller]} unknown";
            }
            catch (RedisException error)
            {
                Errors.Enqueue(error);
                if (error.Outcome == CommandOutcome.Unknown) Interlocked.Increment(ref _unknown[caller]);
                if (error.Outcome == CommandOutcome.NotSent) await Task.Delay(10);
            }
            catch (Exception error)
            {
                _wrong = error.ToString();
                return;
            }
        }
    }
}
