namespace RedisToolkit.Client;

/// <summary>
/// Commands that a server asked to send again later, because it, a slot or a cluster was between two states. Each waits a little longer
/// the more often that was said to it; when its deadline passes, the server's last word is its result.
/// </summary>
/// <param name="clock">The client's clock.</param>
/// <param name="route">Sends a command like a new one.</param>
internal sealed class LaterLine(CoarseClock clock, Action<PendingReply> route)
{
    private const int FirstDelay = 10;
    private const int LongestDelay = 200;
    private readonly Lock _gate = new();
    private readonly List<Entry> _waiting = [];
    private bool _closed;

    private readonly record struct Entry(PendingReply Pending, RedisServerException Refusal, long Due);

    /// <summary>Gets how many wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _waiting.Count;
        }
    }

    /// <summary>Takes over a command, with the engine's hold on it.</summary>
    /// <returns>False if the client is being disposed: then it is not taken over.</returns>
    public bool TryAdd(PendingReply pending, RedisServerException refusal)
    {
        // Doubled each time, and a jitter of a quarter: callers refused together do not come back together for long.
        int delay = Math.Min(LongestDelay, FirstDelay << Math.Min(pending.Redirects, 8));
        delay += Random.Shared.Next((delay / 4) + 1);
        lock (_gate)
        {
            if (_closed) return false;
            _waiting.Add(new Entry(pending, refusal, clock.Now + delay));
            return true;
        }
    }

    /// <summary>Sends those whose time has come, in the order in which they were added. To be called at each step of the clock.</summary>
    public void Step(long now) => Take(entry => entry.Due <= now || entry.Pending.Deadline <= now || entry.Pending.IsSettled, now);

    /// <summary>Sends all of them now: what they wait for has happened.</summary>
    public void Flush() => Take(static _ => true, clock.Now);

    /// <summary>Takes no more; those that wait end with the server's last word.</summary>
    public void Close()
    {
        lock (_gate) _closed = true;
        Take(static _ => true, long.MaxValue);
    }

    private void Take(Predicate<Entry> chosen, long now)
    {
        List<Entry> taken;
        lock (_gate)
        {
            if (_waiting.Count == 0) return;
            taken = [];
            // Asked once for each: a caller may leave in between.
            _ = _waiting.RemoveAll(entry =>
            {
                bool isChosen = chosen(entry);
                if (isChosen) taken.Add(entry);
                return isChosen;
            });
        }

        foreach (Entry entry in taken)
        {
            long use = entry.Pending.Use;
            bool left = (use & 1) != 0;
            if (!left && entry.Pending.Deadline > now)
            {
                route(entry.Pending);
                continue;
            }

            if (!left) _ = entry.Pending.TryAbandon(use, entry.Refusal);
            entry.Pending.ReleaseByEngine();
        }
    }
}
