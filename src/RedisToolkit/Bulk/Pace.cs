namespace RedisToolkit;

/// <summary>Keeps work at a rate: whoever would be ahead of it waits.</summary>
/// <param name="perSecond">How many in a second; null for no limit.</param>
/// <param name="time">Whose time.</param>
internal sealed class Pace(int? perSecond, TimeProvider time)
{
    private const int StepsPerSecond = 20;
    private long _began;
    private long _done;

    /// <summary>How many to do at once, so that a slow rate is a trickle and no series of bursts.</summary>
    public int StepOf(int most) => perSecond is { } rate ? Math.Clamp(rate / StepsPerSecond, 1, most) : most;

    /// <summary>Waits until so many more may be done, and counts them as done.</summary>
    public async ValueTask WaitAsync(int count, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (perSecond is not { } rate) return;
        if (_done == 0) _began = time.GetTimestamp();
        TimeSpan due = TimeSpan.FromSeconds((double)_done / rate);
        TimeSpan ahead = due - time.GetElapsedTime(_began);
        if (ahead > TimeSpan.Zero)
        {
            await Task.Delay(ahead, time, cancellationToken).ConfigureAwait(false);
        }
        else if (ahead < -TimeSpan.FromSeconds(1))
        {
            // What was not done in a long pause is not caught up with in a burst.
            _began = time.GetTimestamp();
            _done = 0;
        }

        _done += count;
    }
}
