using System.Diagnostics;
using System.Globalization;
using System.Text;
using RedisToolkit.Client;

namespace RedisToolkit.Samples.Cluster;

/// <summary>Callers that count up a key each, and know what the answer has to be.</summary>
internal sealed class Callers : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _running;
    private readonly long[] _lastAnswer;
    private readonly long[] _longestGap;
    private long _answers;
    private long _failed;
    private long _unknown;
    private long _wrong;

    public Callers(RedisClient redis, int count)
    {
        _lastAnswer = new long[count];
        _longestGap = new long[count];
        _running = [.. Enumerable.Range(0, count).Select(caller => Task.Run(() => CallAsync(redis, caller)))];
    }

    public long Answers => Interlocked.Read(ref _answers);

    public long Failed => Interlocked.Read(ref _failed);

    public long Unknown => Interlocked.Read(ref _unknown);

    public long Wrong => Interlocked.Read(ref _wrong);

    /// <summary>Gets the keys.</summary>
    public IReadOnlyList<string> Keys => [.. Enumerable.Range(0, _running.Length).Select(Key)];

    /// <summary>Prints what the callers saw in a while.</summary>
    public async Task PrintAsync(string what, TimeSpan during)
    {
        long before = Answers, failed = Failed;
        await Task.Delay(during);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-60} {(Answers - before) / during.TotalSeconds,8:0} answers/s {Failed - failed,4} errors"));
    }

    /// <summary>Whether every caller has had an answer since a moment at which none was under way any more.</summary>
    public bool AllServedSince(long timestamp)
    {
        long settled = timestamp + (Stopwatch.Frequency / 2);
        return Enumerable.Range(0, _running.Length).All(caller => Volatile.Read(ref _lastAnswer[caller]) > settled);
    }

    /// <summary>Gets the longest time between two answers to one caller.</summary>
    public TimeSpan LongestGap => Stopwatch.GetElapsedTime(0, _longestGap.Max());

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private static string Key(int caller) => $"counter:{caller}";

    private async Task CallAsync(RedisClient redis, int caller)
    {
        byte[] key = Encoding.UTF8.GetBytes(Key(caller));
        long most = 0;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                long value = await redis.ExecuteAsync(RedisStrings.Increment(key));
                most++;
                // A primary that dies may take its last acknowledged writes with it; more than was sent there can never be.
                if (value > most) Interlocked.Increment(ref _wrong);
                long now = Stopwatch.GetTimestamp(), last = Volatile.Read(ref _lastAnswer[caller]);
                if (last > 0) _longestGap[caller] = Math.Max(_longestGap[caller], now - last);
                Volatile.Write(ref _lastAnswer[caller], now);
                Interlocked.Increment(ref _answers);
            }
            catch (RedisException error)
            {
                Interlocked.Increment(ref _failed);
                if (error.Outcome != CommandOutcome.Unknown) continue;
                Interlocked.Increment(ref _unknown);
                most++;
            }
        }
    }
}
