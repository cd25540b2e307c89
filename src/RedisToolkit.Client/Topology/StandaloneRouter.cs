namespace RedisToolkit.Client;

/// <summary>One server, with one or several shared connections, and a pool of others that somebody has to himself.</summary>
internal sealed class StandaloneRouter : ICommandRouter, IResubmitter, ISlotOwner, IRoomListener
{
    private readonly ConnectionContext _context;
    private readonly ConnectionSlot[] _slots;
    private readonly Heartbeat?[] _heartbeats;
    private readonly WaitLine _line;
    private readonly DedicatedPool _dedicated;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _firstAttempt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;
    private readonly ServerIdentity _unmet;
    private RedisConnectionException? _lastFailure;
    // Set when trying again is in vain until a setting is changed: then nobody is left waiting.
    private RedisConnectionException? _hopeless;
    private long _generation;
    private bool _draining;
    private bool _closed;

    public StandaloneRouter(ConnectionContext context)
    {
        _context = context;
        RedisClientOptions options = context.Options;
        _unmet = new ServerIdentity(options.Endpoints[0], ServerGreeting.Unknown, options.Database);
        var opener = new ConnectionOpener(context);
        _line = new WaitLine(options.MaxWaitingCommands, TryHandOver);
        _dedicated = new DedicatedPool(context, opener, () => EndpointFor(0));
        _slots = [.. Enumerable.Range(0, options.ConnectionsPerEndpoint).Select(number => new ConnectionSlot(context, opener, this, number))];
        _heartbeats = new Heartbeat?[_slots.Length];
        context.Clock.Subscribe(Step);
        _running = Task.WhenAll(_slots.Select(slot => Task.Run(() => slot.RunAsync(_stopping.Token))));
    }

    public int WaitingCount => _line.Count;

    public ServerIdentity CurrentServer => _slots[0].Current?.Identity ?? _unmet;

    public IReadOnlyList<ConnectionSlot> Slots => _slots;

    public DedicatedPool Dedicated => _dedicated;

    public long Generation => Interlocked.Read(ref _generation);

    public RedisConnection? Any => Pick();

    public void Route(PendingReply pending)
    {
        pending.Resubmitter = this;
        if (Volatile.Read(ref _draining))
        {
            Fail(pending, Refused(pending.CommandName));
            return;
        }

        // Whoever finds others waiting goes behind them.
        if (_line.Count == 0 && Pick() is { } connection && TryEnqueue(connection, pending)) return;
        Wait(pending);
    }

    public Task WaitUntilConnectedAsync(CancellationToken cancellationToken) => _firstAttempt.Task.WaitAsync(cancellationToken);

    public ValueTask<DedicatedLease> LeaseAsync(string purpose, TimeSpan wait, CancellationToken cancellationToken) =>
        Volatile.Read(ref _draining)
            ? ValueTask.FromException<DedicatedLease>(Refused(purpose))
            : _dedicated.LeaseAsync(purpose, wait, cancellationToken);

    public RedisEndpoint EndpointFor(int attempt) => _slots[0].Current?.Endpoint ?? _context.Options.Endpoints[attempt % _context.Options.Endpoints.Count];

    public bool TryResubmit(PendingReply pending, bool wasSent, Exception reason)
    {
        if (Volatile.Read(ref _draining) || !Repetition.Allows(pending, wasSent, reason, _context)) return false;
        if (!_line.TryAdd(pending, returned: true)) return false;
        if (wasSent) ClientMetrics.Repeated(CurrentServer);
        return true;
    }

    public void Prepare(RedisConnection connection) => connection.RoomListener = this;

    public void ConnectionReady(ConnectionSlot slot, RedisConnection connection)
    {
        _heartbeats[Array.IndexOf(_slots, slot)] = new Heartbeat(connection, _context);
        Volatile.Write(ref _lastFailure, null);
        Volatile.Write(ref _hopeless, null);
        Interlocked.Increment(ref _generation);
        _context.Log.Connected(connection);
        _firstAttempt.TrySetResult();
        _line.HandOut();
    }

    public void ConnectionLost(ConnectionSlot slot, RedisConnection connection, TimeSpan delay)
    {
        _heartbeats[Array.IndexOf(_slots, slot)] = null;
        if (_stopping.IsCancellationRequested) return;
        _context.Log.Lost(connection, _context.Clock.Now - connection.OpenedAt, delay);
        _line.HandOut();
    }

    public void ConnectFailed(ConnectionSlot slot, RedisEndpoint endpoint, Exception exception, int attempt, TimeSpan delay)
    {
        RedisConnectionException failure = exception as RedisConnectionException
            ?? new RedisConnectionException(ConnectionFailure.Refused, endpoint.ToString(), $"Connecting to {endpoint} failed: {exception.Message}", CommandOutcome.NotSent, exception);
        _context.ConnectFailed(endpoint, attempt, failure, delay);
        Volatile.Write(ref _lastFailure, failure);
        if (attempt + 1 < _context.Options.Endpoints.Count) return;
        FirstAttemptFailed(failure);
        if (!RedisConnectionException.NeedsMending(failure.Failure)) return;
        Volatile.Write(ref _hopeless, failure);
        _line.HandOut();
    }

    public void RoomMade(RedisConnection connection)
    {
        if (_line.Count > 0) _line.HandOut();
    }

    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _draining, true);
        await DrainAsync().ConfigureAwait(false);
        int unanswered = _slots.Sum(slot => slot.Current?.Unanswered ?? 0);
        if (unanswered + _line.Count > 0) _context.Log.DrainEnded(unanswered, _line.Count, _context.Options.DrainTimeout);
        await _stopping.CancelAsync().ConfigureAwait(false);
        _context.Clock.Unsubscribe(Step);
        Volatile.Write(ref _closed, true);
        _line.HandOut();
        await _dedicated.DisposeAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        FirstAttemptFailed(Disposed("No connection was opened"));
        _stopping.Dispose();
    }

    private void FirstAttemptFailed(Exception failure)
    {
        _ = _firstAttempt.TrySetException(failure);
        // Looked at here, since nobody may be waiting for the first connection.
        _ = _firstAttempt.Task.Exception;
    }

    // Replies that are owed may still come; nothing new is accepted meanwhile.
    private async Task DrainAsync()
    {
        long until = _context.Clock.DeadlineAfter(_context.Options.DrainTimeout);
        while (_context.Clock.Now < until && (_line.Count > 0 || _slots.Any(slot => slot.Current is { Load: > 0 })) && _slots.Any(slot => slot.Current is not null))
            await Task.Delay(TimeSpan.FromMilliseconds(5), _context.Options.TimeProvider).ConfigureAwait(false);
    }

    /// <summary>The least loaded connection that works; one that owes an overdue reply only if there is no other.</summary>
    private RedisConnection? Pick()
    {
        if (_slots.Length == 1) return _slots[0].Current is { IsBroken: false } only ? only : null;
        RedisConnection? best = null;
        int least = int.MaxValue;
        for (int i = 0; i < _slots.Length; i++)
        {
            if (_slots[i].Current is not { IsBroken: false } connection) continue;
            int load = connection.Load + (_heartbeats[i] is { IsSuspect: true } ? 1 << 24 : 0);
            if (load >= least) continue;
            best = connection;
            least = load;
        }

        return best;
    }

    // True when it is no longer the caller's to place: accepted, or failed for good.
    private static bool TryEnqueue(RedisConnection connection, PendingReply pending)
    {
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

    private void Wait(PendingReply pending)
    {
        if (!_line.TryAdd(pending, returned: false))
        {
            Fail(pending, new RedisPoolExhaustedException($"{pending.CommandName} was not sent: {_line.Most} commands wait already (RedisClientOptions.MaxWaitingCommands). Await earlier commands before sending more, or raise it.", []));
            return;
        }

        // A connection may have come, or room been made, since it was looked for.
        _line.HandOut();
    }

    // False leaves it waiting.
    private bool TryHandOver(PendingReply pending)
    {
        if (Pick() is { } connection) return TryEnqueue(connection, pending);
        if (Volatile.Read(ref _closed)) Fail(pending, Disposed($"{pending.CommandName} was not sent"));
        else if (Volatile.Read(ref _hopeless) is { } failure) Fail(pending, NotConnected(pending, failure));
        else return false;
        return true;
    }

    private static ObjectDisposedException Refused(string command) => new(nameof(RedisClient), $"{command} was not sent: the RedisClient was disposed.");

    private RedisConnectionException Disposed(string what) =>
        new(ConnectionFailure.Disposed, string.Join(", ", _context.Options.Endpoints), $"{what}: the RedisClient was disposed.", CommandOutcome.NotSent);

    private static void Fail(PendingReply pending, Exception exception)
    {
        // On another thread: the code that waits for it does not belong on this one.
        _ = pending.TryAbandon(pending.Use, exception);
        pending.ReleaseByEngine();
    }

    private void Step(long now)
    {
        foreach (ConnectionSlot slot in _slots) slot.Current?.Expire(now);
        foreach (Heartbeat? heartbeat in _heartbeats) heartbeat?.Step(now);
        _dedicated.Step(now);
        if (_line.Count == 0) return;
        _line.ForEach(pending =>
        {
            long use = pending.Use;
            if ((use & 1) != 0 || pending.Deadline > now) return;
            RedisTimeoutException timeout = TimedOut(pending);
            if (pending.TryAbandon(use, timeout)) ClientMetrics.TimedOut(CurrentServer, 1, timeout.Outcome);
        });
        _line.Sweep();
    }

    private RedisTimeoutException TimedOut(PendingReply pending)
    {
        RedisConnection? connection = Pick();
        RedisConnectionException? failure = connection is null ? Volatile.Read(ref _lastFailure) : null;
        CommandOutcome outcome = pending.Repeats == 0 ? CommandOutcome.NotSent : CommandOutcome.Unknown;
        RedisTimeoutDetails details = TimeoutDetails.Of(connection, _context, _line.Count, failure?.Message);
        return new RedisTimeoutException(pending.CommandName, pending.Timeout, outcome, details, failure);
    }

    private static RedisConnectionException NotConnected(PendingReply pending, RedisConnectionException failure) =>
        new(failure.Failure, failure.Endpoint, $"{pending.CommandName} was not sent: {failure.Message}", CommandOutcome.NotSent, failure);
}
