namespace RedisToolkit.Client;

/// <summary>How long to wait between attempts to reach a server. There is no last attempt: the client tries until it is disposed.</summary>
public sealed record RedisReconnectPolicy
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>Gets the longest wait before the first attempt, and the unit that later waits double.</summary>
    /// <value>1 ms to 5 min; 20 ms unless set.</value>
    public TimeSpan MinDelay { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Gets the longest wait between two attempts; a server that is back is noticed at most this much later.</summary>
    /// <value><see cref="MinDelay"/> to 5 min; 500 ms unless set.</value>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Gives the wait before an attempt. Before the first it is anywhere between nothing and <see cref="MinDelay"/> (full jitter):
    /// at once, yet not all clients in the same instant. Before attempt n it is between the half and the whole (equal jitter) of
    /// <see cref="MinDelay"/> doubled n times, at most <see cref="MaxDelay"/>.
    /// </summary>
    /// <param name="attempt">How many attempts have failed since the connection was lost: 0 or more.</param>
    /// <param name="random01">A random number, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="attempt"/> is negative, or <paramref name="random01"/> not in 0 to 1.</exception>
    public TimeSpan DelayFor(int attempt, double random01)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(attempt);
        if (!(random01 is >= 0 and <= 1))   // also catches what is no number
            throw new ArgumentOutOfRangeException(nameof(random01), random01, "A random number from 0 to 1 is needed.");
        if (attempt is 0) return MinDelay * random01;

        double doubled = MinDelay.Ticks * Math.Pow(2, attempt);     // infinity after 1,000 attempts, which the next line bounds
        double ceiling = Math.Min(doubled, MaxDelay.Ticks);
        return TimeSpan.FromTicks((long)(ceiling / 2 + ceiling / 2 * random01));
    }

    internal void CollectFaults(OptionFaults faults, string name)
    {
        faults.InRange(MinDelay, Shortest, Longest, $"{name}.{nameof(MinDelay)}");
        TimeSpan floor = MinDelay < Shortest || MinDelay > Longest ? Shortest : MinDelay;
        faults.InRange(MaxDelay, floor, Longest, $"{name}.{nameof(MaxDelay)}");
    }
}
