namespace RedisToolkit.Client;

/// <summary>
/// Monotonic milliseconds that are read for next to nothing: a timer moves them on, and whoever subscribed looks for passed
/// deadlines at each step. One timer serves a whole client, however many commands wait.
/// </summary>
internal sealed class CoarseClock : IDisposable
{
    /// <summary>The step. A deadline is noticed up to this much late, never early.</summary>
    public const int StepMilliseconds = 20;

    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private Action<long>[] _listeners = [];
    private long _now;
    private int _stepping;

    public CoarseClock(TimeProvider time)
    {
        _time = time;
        _origin = time.GetTimestamp();
        TimeSpan step = TimeSpan.FromMilliseconds(StepMilliseconds);
        // No caller's context may be kept alive by a timer of the client.
        using (ExecutionContext.SuppressFlow()) _timer = time.CreateTimer(static state => ((CoarseClock)state!).Step(), this, step, step);
    }

    /// <summary>Gets the milliseconds since this clock was made, as of its last step.</summary>
    public long Now => Volatile.Read(ref _now);

    /// <summary>Gets when something that begins now and may take <paramref name="timeout"/> is out of time.</summary>
    public long DeadlineAfter(TimeSpan timeout) => Now + (long)Math.Ceiling(timeout.TotalMilliseconds) + StepMilliseconds;

    public void Subscribe(Action<long> listener)
    {
        lock (_gate) _listeners = [.. _listeners, listener];
    }

    public void Unsubscribe(Action<long> listener)
    {
        lock (_gate) _listeners = [.. _listeners.Where(l => l != listener)];
    }

    public void Dispose() => _timer.Dispose();

    private void Step()
    {
        // A slow step does not let a second one begin beside it.
        if (Interlocked.Exchange(ref _stepping, 1) != 0) return;
        try
        {
            Volatile.Write(ref _now, (long)_time.GetElapsedTime(_origin).TotalMilliseconds);
            foreach (Action<long> listener in Volatile.Read(ref _listeners)) listener(_now);
        }
        finally
        {
            Volatile.Write(ref _stepping, 0);
        }
    }
}
