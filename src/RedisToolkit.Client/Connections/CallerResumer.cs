namespace RedisToolkit.Client;

/// <summary>
/// Resumes the callers whose replies have arrived, one after the other on one thread: that is what lets their next commands leave
/// in one send. It runs callers' code, so it may get stuck in it, or be slow. Therefore a look is taken as long as there is anything
/// left to do, and whoever finds a reply that was there a look ago helps.
/// </summary>
/// <remarks>
/// A second thread that helps without need costs more than it brings: both fight for the lock of the sending side and for each
/// command's memory. But callers that were slow once will be so again, so that for a while help then comes at once.
/// </remarks>
internal sealed class CallerResumer : IThreadPoolWorkItem, IDisposable
{
    private const int EagerMilliseconds = 1000;
    private static readonly TimeSpan UntilLook = TimeSpan.FromMilliseconds(1);
    private readonly RedisConnection _connection;
    private readonly InFlightRing _ring;
    private readonly CoarseClock _clock;
    private readonly ITimer _look;
    private int _working;
    private int _queued;
    private int _watched;
    private long _answeredAtLook;
    private long _eagerUntil;

    public CallerResumer(RedisConnection connection, InFlightRing ring, CoarseClock clock)
    {
        _connection = connection;
        _ring = ring;
        _clock = clock;
        // Of the system, whatever the client's time is: it bounds how long threads are stuck. No caller's context may be kept alive by it.
        using (ExecutionContext.SuppressFlow())
            _look = TimeProvider.System.CreateTimer(static state => ((CallerResumer)state!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Gets a value indicating whether this thread is resuming this connection's callers just now.</summary>
    public bool IsResumingHere => ReferenceEquals(ThreadState.Current.Resuming, this);

    private bool IsEager => _clock.Now < Volatile.Read(ref _eagerUntil);

    /// <summary>Resumes all whose replies are there, or leaves them to another thread that is at it.</summary>
    public void Run() => Run(helps: false);

    /// <summary>Lets a thread of the pool resume all whose replies are there.</summary>
    public void RunOnPool()
    {
        if (Volatile.Read(ref _queued) == 0 && Interlocked.Exchange(ref _queued, 1) == 0) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Sees to it that another thread comes by, should the one that resumes callers now not come back.</summary>
    public void EnsureHelp()
    {
        if (IsEager)
        {
            RunOnPool();
        }
        else if (Volatile.Read(ref _watched) == 0 && Interlocked.Exchange(ref _watched, 1) == 0)
        {
            _answeredAtLook = _ring.AnsweredUpTo;
            _look.Change(UntilLook, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>From here on help comes at once: the connection has ended, and no further look is taken.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _eagerUntil, long.MaxValue);
        _look.Dispose();
    }

    void IThreadPoolWorkItem.Execute()
    {
        // A full fence: whoever sees the mark still set can rely on this run to see what it left behind.
        Interlocked.Exchange(ref _queued, 0);
        Run(helps: true);
        _connection.Writer.FlushDeferred();
    }

    private void Run(bool helps)
    {
        while (_ring.HasAnswered)
        {
            if (Interlocked.Exchange(ref _working, 1) != 0)
            {
                EnsureHelp();
                if (IsEager) ResumeAll(helps: true);
                return;
            }

            ResumeAll(helps);
            // A full fence, and then another look: what was left to this thread until here is seen.
            Interlocked.Exchange(ref _working, 0);
        }
    }

    private void Look()
    {
        // Whoever put commands off may be stuck, or slow: they do not wait longer than for this.
        _connection.Writer.FlushDeferred();
        if (_ring.ResumedUpTo < Volatile.Read(ref _answeredAtLook))
        {
            BeEager();
            Interlocked.Exchange(ref _watched, 0);
            ResumeAll(helps: true);
            return;
        }

        // Whoever saw the mark still set relied on this look: a full fence, and then look once more.
        Interlocked.Exchange(ref _watched, 0);
        if (_ring.HasAnswered || _connection.Writer.HasDeferred) EnsureHelp();
    }

    private void BeEager()
    {
        long until = Volatile.Read(ref _eagerUntil);
        long now = _clock.Now;
        // The end of the connection, noted meanwhile, stays.
        if (until <= now) Interlocked.CompareExchange(ref _eagerUntil, now + EagerMilliseconds, until);
    }

    private void ResumeAll(bool helps)
    {
        ThreadState thread = ThreadState.Current;
        CallerResumer? outer = thread.Resuming;
        thread.Resuming = this;
        try
        {
            while (_ring.TryTakeAnswered(out PendingReply? pending))
            {
                // Before the caller's code runs, not after: it may not come back.
                if (_ring.HasAnswered) EnsureHelp();
                // Nobody comes after one who helps. Whoever put commands off may be stuck, and so may this one be from here on.
                else if (helps) _connection.Writer.FlushDeferred();
                if (pending is null) continue;
                pending.Complete(_connection);
                pending.ReleaseByEngine();
            }
        }
        finally
        {
            thread.Resuming = outer;
        }

        _connection.Writer.FlushDeferred();
        _connection.RoomMade();
    }
}
