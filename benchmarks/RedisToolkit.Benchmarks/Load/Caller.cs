using System.Diagnostics;

namespace RedisToolkit.Benchmarks.Load;

/// <summary>One round of a workload in a worker: its callers, and the word to stop.</summary>
internal sealed class Round
{
    private volatile bool _stopped;

    public Round(Workload workload) =>
        Callers = [.. Enumerable.Range(0, workload.Callers).Select(number => new Caller(this, number, SampleData.KeyCount(workload)))];

    public Caller[] Callers { get; }

    public bool Running => !_stopped;

    public void Stop() => _stopped = true;
}

/// <summary>
/// What one caller knows: which key is next and how long its calls took. Each client's loop awaits its own kind of task
/// between <see cref="Stopwatch.GetTimestamp"/> and <c>Done</c>, so nothing of the driver stands in between.
/// </summary>
internal sealed class Caller(Round round, int number, int keyCount)
{
    // Callers start apart, so that a reply which reaches the wrong caller is noticed by its first bytes.
    private int _next = number * 7 % keyCount;

    public LatencyHistogram Latencies { get; } = new();

    public long Operations { get; private set; }

    public bool Running => round.Running;

    public int NextKey()
    {
        var key = _next;
        _next = key + 1 == keyCount ? 0 : key + 1;
        return key;
    }

    /// <summary>Notes that a call which began at <paramref name="started"/> is answered.</summary>
    public void Done(long started, int operations = 1) => Done(started, Stopwatch.GetTimestamp(), operations);

    public void Done(long started, long ended, int operations)
    {
        Latencies.Record((long)((ended - started) * (1e9 / Stopwatch.Frequency)));
        Operations += operations;
    }
}
