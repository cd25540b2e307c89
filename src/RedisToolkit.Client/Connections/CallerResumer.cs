namespace RedisToolkit.Client;

/// <summary>
/// Resumes the callers whose replies have arrived, all of one receive in one go: that is what lets their next commands leave
/// in one send. It runs callers' code, so a round may get stuck in it. Therefore a second resumer is queued on the thread pool
/// as long as there is anything left to do; it takes over where a stuck one stands.
/// </summary>
internal sealed class CallerResumer(RedisConnection connection, InFlightRing ring) : IThreadPoolWorkItem
{
    private int _secondQueued;

    /// <summary>Gets a value indicating whether this thread is resuming this connection's callers just now.</summary>
    public bool IsResumingHere => ReferenceEquals(ThreadState.Current.Resuming, this);

    /// <summary>Sees to it that a thread of the pool comes by.</summary>
    public void EnsureSecond()
    {
        if (Interlocked.Exchange(ref _secondQueued, 1) == 0) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Resumes all whose replies are there, after a receive.</summary>
    public void Run() => Run(isSecond: false);

    void IThreadPoolWorkItem.Execute()
    {
        // A full fence: whoever sees the mark still set can rely on this run to see what it left behind.
        Interlocked.Exchange(ref _secondQueued, 0);
        Run(isSecond: true);
    }

    private void Run(bool isSecond)
    {
        ThreadState thread = ThreadState.Current;
        CallerResumer? outer = thread.Resuming;
        thread.Resuming = this;
        try
        {
            while (ring.TryTakeAnswered(out PendingReply? pending))
            {
                // Before the caller's code runs, not after: it may not come back.
                if (ring.HasAnswered)
                {
                    if (Volatile.Read(ref _secondQueued) == 0) EnsureSecond();
                }
                else if (isSecond)
                {
                    // Nobody comes after this one. Whoever put commands off may be stuck, and so may this one be from here on.
                    connection.Writer.FlushDeferred();
                }

                if (pending is null) continue;
                pending.Complete();
                pending.ReleaseByEngine();
            }
        }
        finally
        {
            thread.Resuming = outer;
        }

        connection.Writer.FlushDeferred();
        connection.RoomMade();
    }
}
