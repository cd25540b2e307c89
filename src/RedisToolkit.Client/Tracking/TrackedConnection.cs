namespace RedisToolkit.Client;

/// <summary>
/// The connection behind a <see cref="RedisTracking"/>. Commands wait in line until the server has proven that it tracks; pushes and
/// replies are handed on in wire order; what was learned on one connection is declared void before the next one is used.
/// </summary>
internal sealed partial class TrackedConnection : IConnectionKeeper, IPushSink, IRoomListener, IResubmitter, IAsyncDisposable
{
    private readonly ConnectionContext _context;
    private readonly RedisTrackingOptions _options;
    private readonly IInvalidationListener _listener;
    private readonly KeptConnection _kept;
    private readonly WaitLine _line;
    private readonly TaskCompletionSource _firstArmed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<TrackedConnection> _forget;
    private readonly Func<long> _currentEpoch;
    private RedisConnection? _armed;
    private RedisException? _lastFailure;
    private RedisException? _hopeless;
    private long _epoch;
    private int _disposed;

    /// <param name="context">What the client's connections share.</param>
    /// <param name="router">Knows the server.</param>
    /// <param name="options">What is to be announced, checked.</param>
    /// <param name="listener">Who is told.</param>
    /// <param name="forget">Called when it is disposed.</param>
    public TrackedConnection(ConnectionContext context, ICommandRouter router, RedisTrackingOptions options, IInvalidationListener listener, Action<TrackedConnection> forget)
    {
        _context = context;
        _options = options;
        _listener = listener;
        _forget = forget;
        _currentEpoch = () => Epoch;
        _line = new WaitLine(context.Options.MaxWaitingCommands, TryHandOver);
        _kept = new KeptConnection(context, router.ListeningNode, this, ringCapacity: null);
    }

    public long Epoch => Interlocked.Read(ref _epoch);

    public bool IsArmed => Volatile.Read(ref _armed) is not null;

    public int WaitingCount => _line.Count;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _kept.Start();
        // It begins with a connection of its own, which a command finds ready.
        TimeSpan timeout = _context.Options.ConnectTimeout + _context.Options.CommandTimeout;
        try
        {
            await _firstArmed.Task.WaitAsync(timeout, _context.Options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new RedisTimeoutException("CLIENT", timeout, CommandOutcome.NotSent, TimeoutDetails.Of(_kept.Current, _context, 0, Volatile.Read(ref _lastFailure)?.Message), Volatile.Read(ref _lastFailure));
        }
    }

    public ValueTask<T> ExecuteAsync<T>(in RedisCommand command, ReplyReader<T> reply, ITrackedReplyObserver<T>? observer, bool asksToTrack, CancellationToken cancellationToken)
    {
        TimeSpan timeout = command.Timeout ?? _context.Options.CommandTimeout;
        var pending = new TrackedCommand<T>(command, reply, observer, asksToTrack, _currentEpoch, _context.Clock.DeadlineAfter(timeout), timeout);
        ValueTask<T> task = pending.Task;
        if (cancellationToken.CanBeCanceled) pending.CancelWith(cancellationToken);
        Route(pending);
        return task;
    }

    public void Route(PendingReply pending)
    {
        pending.Resubmitter = this;
        // Whoever finds others waiting goes behind them.
        if (_line.Count > 0 || !TryHandOver(pending)) Wait(pending);
    }

    public bool TryResubmit(PendingReply pending, bool wasSent, Exception reason) =>
        Volatile.Read(ref _disposed) == 0 && Repetition.Allows(pending, wasSent, reason, _context) && _line.TryAdd(pending, returned: true);

    // What is tracked belongs to this connection; another one begins when it ends, and until then the answer is the caller's.
    public bool TryTakeBack(PendingReply pending, RedisServerException refusal, RedisConnection from) => false;

    public void RoomMade(RedisConnection connection)
    {
        if (_line.Count > 0) _line.HandOut();
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        _forget(this);
        await _kept.DisposeAsync().ConfigureAwait(false);
        _ = _firstArmed.TrySetException(Disposed("The tracking"));
        _ = _firstArmed.Task.Exception;
        _line.HandOut();
    }

    private void Wait(PendingReply pending)
    {
        if (_line.TryAdd(pending, returned: false)) _line.HandOut();
        else Fail(pending, new RedisPoolExhaustedException($"{pending.CommandName} was not sent: {_line.Most} commands wait already (RedisClientOptions.MaxWaitingCommands). Await earlier commands before sending more, or raise it.", []));
    }

    // True when it is no longer to be placed: accepted, or failed for good.
    private bool TryHandOver(PendingReply pending)
    {
        if (Volatile.Read(ref _disposed) != 0)
        {
            Fail(pending, Disposed(pending.CommandName));
            return true;
        }

        if (Volatile.Read(ref _armed) is not { } connection)
        {
            if (Volatile.Read(ref _hopeless) is not { } hopeless) return false;
            Fail(pending, hopeless);
            return true;
        }

        try
        {
            return connection.TryEnqueue(pending) == EnqueueResult.Accepted;
        }
        catch (Exception exception)
        {
            Fail(pending, exception);
            return true;
        }
    }

    private static void Fail(PendingReply pending, Exception exception)
    {
        _ = pending.TryAbandon(pending.Use, exception);
        pending.ReleaseByEngine();
    }

    private RedisConnectionException Disposed(string what) =>
        new(ConnectionFailure.Disposed, string.Join(", ", _context.Options.Endpoints), $"{what} has ended: the RedisTracking was disposed.", CommandOutcome.NotSent);
}
