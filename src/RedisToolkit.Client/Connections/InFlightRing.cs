using System.Runtime.InteropServices;

namespace RedisToolkit.Client;

/// <summary>
/// The commands of one connection in the order in which they went out, which is the order in which replies come in.
/// Three marks move through it: behind the last one sent, behind the last one answered, behind the last one whose caller
/// was resumed. One writer at a time (under the sending lock), one reader, any number of resumers; none waits for another.
/// </summary>
internal sealed class InFlightRing(int capacity)
{
    private readonly PendingReply?[] _slots = new PendingReply?[capacity];
    private readonly int _mask = capacity - 1;
    private Marks _marks;

    // Each mark has a cache line of its own: different threads move them.
    [StructLayout(LayoutKind.Explicit, Size = 4 * 64)]
    private struct Marks
    {
        [FieldOffset(64)]
        public long Sent;
        [FieldOffset(128)]
        public long Answered;
        [FieldOffset(136)]
        public long Read;
        [FieldOffset(192)]
        public long Resumed;
    }

    /// <summary>Gets how many slots are taken: commands without a reply, and replies whose callers have not been resumed.</summary>
    public int Count => (int)(Volatile.Read(ref _marks.Sent) - Volatile.Read(ref _marks.Resumed));

    /// <summary>Gets how many commands wait for their replies.</summary>
    public int Unanswered => (int)(Volatile.Read(ref _marks.Sent) - Volatile.Read(ref _marks.Answered));

    public int Capacity => capacity;

    /// <summary>Gets a value indicating whether callers are to be resumed.</summary>
    public bool HasAnswered => Volatile.Read(ref _marks.Resumed) < Volatile.Read(ref _marks.Answered);

    /// <summary>Gets behind which command's reply the reader has come.</summary>
    public long AnsweredUpTo => Volatile.Read(ref _marks.Answered);

    /// <summary>Gets behind which command the resumers have come.</summary>
    public long ResumedUpTo => Volatile.Read(ref _marks.Resumed);

    public int Answered => (int)(Volatile.Read(ref _marks.Answered) - Volatile.Read(ref _marks.Resumed));

    /// <summary>Gets the command whose reply comes next, for the reader.</summary>
    public PendingReply? Next
    {
        get
        {
            long at = _marks.Read;
            return at < Volatile.Read(ref _marks.Sent) ? _slots[at & _mask] : null;
        }
    }

    /// <summary>Puts a command behind all others. Under the sending lock, and only if there is room.</summary>
    public void Add(PendingReply pending)
    {
        _slots[_marks.Sent & _mask] = pending;
        Volatile.Write(ref _marks.Sent, _marks.Sent + 1);
    }

    /// <summary>The reader has all of the next command's reply; its caller is not resumed before <see cref="Publish"/>.</summary>
    public void MarkRead() => _marks.Read++;

    /// <summary>Lets the callers of all that was read be resumed.</summary>
    public void Publish() => Volatile.Write(ref _marks.Answered, _marks.Read);

    /// <summary>No further reply comes: hands every command whose caller was not to be resumed yet to <paramref name="fail"/>, in order.</summary>
    /// <param name="fail">Notes the command's error and returns true, or passes the command on and returns false.</param>
    public void Abandon(Func<PendingReply, bool> fail)
    {
        _marks.Read = _marks.Answered;
        while (Next is { } pending)
        {
            if (!fail(pending)) _slots[_marks.Read & _mask] = null;
            MarkRead();
            Publish();
        }
    }

    /// <summary>Takes the next command whose caller is to be resumed; null if another connection has taken it over.</summary>
    public bool TryTakeAnswered(out PendingReply? pending)
    {
        while (true)
        {
            long at = Volatile.Read(ref _marks.Resumed);
            if (at >= Volatile.Read(ref _marks.Answered))
            {
                pending = null;
                return false;
            }

            // Read before the mark moves: afterwards the writer may put another one here.
            pending = _slots[at & _mask];
            if (Interlocked.CompareExchange(ref _marks.Resumed, at + 1, at) == at) return true;
        }
    }

    /// <summary>Settles commands whose deadline has passed; their slots stay until their replies have come.</summary>
    /// <returns>How many it settled.</returns>
    public int Expire(long now, Func<PendingReply, Exception> describe)
    {
        int expired = 0;
        long end = Volatile.Read(ref _marks.Sent);
        for (long at = Volatile.Read(ref _marks.Answered); at < end; at++)
        {
            // The slot may be in its next use by now; then its command has a later deadline, or its use number differs.
            if (_slots[at & _mask] is not { } pending) continue;
            long use = pending.Use;
            if ((use & 1) == 0 && pending.Deadline <= now && pending.TryAbandon(use, describe(pending))) expired++;
        }

        return expired;
    }
}
