using System.Diagnostics.CodeAnalysis;

namespace RedisToolkit.Client;

/// <summary>
/// Commands that wait for a connection, or for room on one: first come, first served. What a broken connection gave back goes
/// before the rest, since it came earlier. Any thread may add; only one at a time hands out.
/// </summary>
/// <param name="most">How many may wait.</param>
/// <param name="tryHandOver">Takes a command, or says false: then it keeps its place. Called without a lock held.</param>
internal sealed class WaitLine(int most, Func<PendingReply, bool> tryHandOver)
{
    private const int Idle = 0;
    private const int Running = 1;
    private const int RunningAndAgain = 2;
    private readonly Lock _gate = new();
    private readonly Queue<PendingReply> _returned = new();
    private readonly Queue<PendingReply> _waiting = new();
    private int _count;
    private int _state;
    private bool _sweep;

    /// <summary>Gets how many wait, including one that is just being handed to a connection.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Gets how many may wait.</summary>
    public int Most => most;

    /// <param name="pending">The command.</param>
    /// <param name="returned">Whether a broken connection gave it back.</param>
    /// <returns>False if as many wait as may.</returns>
    public bool TryAdd(PendingReply pending, bool returned)
    {
        lock (_gate)
        {
            if (_count >= most && !returned) return false;
            (returned ? _returned : _waiting).Enqueue(pending);
            Volatile.Write(ref _count, _count + 1);
            return true;
        }
    }

    /// <summary>Drops those whose callers have left, wherever they stand, and hands out.</summary>
    public void Sweep()
    {
        Volatile.Write(ref _sweep, true);
        HandOut();
    }

    /// <summary>Hands out from the front for as long as they are taken.</summary>
    public void HandOut()
    {
        // Whoever comes while another one is handing out lets that one go round once more.
        if (Interlocked.CompareExchange(ref _state, Running, Idle) != Idle && Interlocked.Exchange(ref _state, RunningAndAgain) != Idle) return;
        do
        {
            Volatile.Write(ref _state, Running);
            Interlocked.MemoryBarrier();
            while (TryPeek(out PendingReply? first, out Queue<PendingReply>? from))
            {
                bool left = first.IsSettled;
                if (!left && !tryHandOver(first)) break;
                Take(from);
                if (left) first.ReleaseByEngine();
            }

            // Looks at all of them, so not each time: only when asked to.
            if (Interlocked.Exchange(ref _sweep, false)) DropSettled();
        }
        while (Interlocked.CompareExchange(ref _state, Idle, Running) != Running);
    }

    /// <summary>Looks at all that wait.</summary>
    public void ForEach(Action<PendingReply> visit)
    {
        PendingReply[] all;
        lock (_gate) all = [.. _returned, .. _waiting];
        foreach (PendingReply pending in all) visit(pending);
    }

    private bool TryPeek([NotNullWhen(true)] out PendingReply? first, [NotNullWhen(true)] out Queue<PendingReply>? from)
    {
        lock (_gate)
        {
            from = _returned.Count > 0 ? _returned : _waiting;
            return from.TryPeek(out first);
        }
    }

    // By its queue, not by itself: what was handed over may have been answered, and be waiting again in its next use.
    private void Take(Queue<PendingReply> from)
    {
        lock (_gate)
        {
            _ = from.Dequeue();
            Volatile.Write(ref _count, _count - 1);
        }
    }

    private void DropSettled()
    {
        lock (_gate)
        {
            DropSettled(_returned);
            DropSettled(_waiting);
            Volatile.Write(ref _count, _returned.Count + _waiting.Count);
        }
    }

    private static void DropSettled(Queue<PendingReply> queue)
    {
        bool any = false;
        foreach (PendingReply pending in queue) any |= pending.IsSettled;
        if (!any) return;
        for (int left = queue.Count; left > 0; left--)
        {
            PendingReply pending = queue.Dequeue();
            if (pending.IsSettled) pending.ReleaseByEngine();
            else queue.Enqueue(pending);
        }
    }
}
