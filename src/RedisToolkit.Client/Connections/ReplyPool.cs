using System.Collections.Concurrent;

namespace RedisToolkit.Client;

/// <summary>Keeps pending commands of one kind for their next use: a few for each thread, which needs no synchronisation, and some for all.</summary>
internal sealed class ReplyPool
{
    private const int PerThread = 64;
    private const int MostShared = 16 * 1024;
    private static int s_pools;
    private readonly int _number = Interlocked.Increment(ref s_pools) - 1;
    private readonly ConcurrentQueue<PendingReply> _shared = new();
    private int _sharedCount;

    /// <summary>A thread's unused objects, one linked to the next.</summary>
    internal struct Stack
    {
        public PendingReply? Top;
        public int Count;
    }

    public PendingReply? TryRent()
    {
        ref Stack mine = ref ThreadState.Current.Unused(_number);
        if (mine.Top is { } top)
        {
            mine.Top = top.NextUnused;
            mine.Count--;
            top.NextUnused = null;
            return top;
        }

        if (_sharedCount == 0 || !_shared.TryDequeue(out PendingReply? shared)) return null;
        Interlocked.Decrement(ref _sharedCount);
        return shared;
    }

    public void Return(PendingReply item)
    {
        ref Stack mine = ref ThreadState.Current.Unused(_number);
        if (mine.Count < PerThread)
        {
            item.NextUnused = mine.Top;
            mine.Top = item;
            mine.Count++;
            return;
        }

        // The threads that send are not always those that receive: what one has too many of, others fetch here.
        if (Interlocked.Increment(ref _sharedCount) <= MostShared) _shared.Enqueue(item);
        else Interlocked.Decrement(ref _sharedCount);
    }
}
