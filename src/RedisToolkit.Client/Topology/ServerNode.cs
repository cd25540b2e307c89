namespace RedisToolkit.Client;

/// <summary>
/// One server, wherever it is at the moment: its shared connections, the commands that wait for one or for room on one, and the
/// connections that somebody has to himself.
/// </summary>
internal sealed partial class ServerNode : IConnectionPlace, IRoomListener, IAsyncDisposable
{
    private readonly ConnectionContext _context;
    private readonly IServerSource _source;
    private readonly IResubmitter _router;
    private readonly INodeWatcher? _watcher;
    private readonly ConnectionOpener _opener;
    private readonly NodeConnections _connections = new();
    private readonly ConnectionSlot[] _slots;
    private readonly Heartbeat?[] _heartbeats;
    private readonly WaitLine _line;
    private readonly DedicatedPool _dedicated;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _firstAttempt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;
    private ServerIdentity _unmet;
    private RedisConnectionException? _lastFailure;
    // Set when trying again is in vain until a setting is changed: then nobody is left waiting.
    private RedisConnectionException? _hopeless;
    private long _generation;
    private bool _draining;
    private bool _closed;

    /// <param name="context">What the client's connections share.</param>
    /// <param name="source">Knows where the server is.</param>
    /// <param name="router">Decides what becomes of commands that a broken connection leaves, or that the server sends elsewhere.</param>
    /// <param name="watcher">Is told of the node's connections; null if nobody asks.</param>
    public ServerNode(ConnectionContext context, IServerSource source, IResubmitter router, INodeWatcher? watcher = null)
    {
        _context = context;
        _source = source;
        _router = router;
        _watcher = watcher;
        RedisClientOptions options = context.Options;
        _unmet = new ServerIdentity(source.Likely, ServerGreeting.Unknown, options.Database);
        _opener = new ConnectionOpener(context);
        _line = new WaitLine(options.MaxWaitingCommands, TryHandOver);
        _dedicated = new DedicatedPool(context, this);
        _slots = [.. Enumerable.Range(0, options.ConnectionsPerEndpoint).Select(number => new ConnectionSlot(context, _opener, source, this, number))];
        _heartbeats = new Heartbeat?[_slots.Length];
    }

    /// <summary>Begins to connect. To be called once.</summary>
    public void Start()
    {
        _context.Clock.Subscribe(Step);
        // A node may be made for a caller's command; it does not keep his execution context.
        using (ExecutionContext.SuppressFlow()) _running = Task.WhenAll(_slots.Select(slot => Task.Run(() => slot.RunAsync(_stopping.Token))));
    }

    public int WaitingCount => _line.Count;

    /// <summary>Gets the server in use, or the one that the next attempt most likely goes to.</summary>
    public RedisEndpoint Likely => CurrentServer.Endpoint;

    /// <summary>Gets a value indicating whether the server may be elsewhere in a moment.</summary>
    public bool Moves => _source.Moves;

    /// <summary>Gets which server this is, for measurements.</summary>
    public ServerIdentity CurrentServer
    {
        get
        {
            if (_slots[0].Current is { } connection) return connection.Identity;
            ServerIdentity unmet = Volatile.Read(ref _unmet);
            RedisEndpoint likely = _source.Likely;
            if (unmet.Endpoint.Equals(likely)) return unmet;
            unmet = new ServerIdentity(likely, ServerGreeting.Unknown, _context.Options.Database);
            Volatile.Write(ref _unmet, unmet);
            return unmet;
        }
    }

    public IReadOnlyList<ConnectionSlot> Slots => _slots;

    public DedicatedPool Dedicated => _dedicated;

    /// <summary>Gets a number that rises whenever a shared connection is new.</summary>
    public long Generation => Interlocked.Read(ref _generation);

    /// <summary>Gets a shared connection that works; null if there is none.</summary>
    public RedisConnection? Any => Pick();

    /// <summary>Gets a value indicating whether there is no connection that works, or only one that owes an overdue reply.</summary>
    public bool IsInDoubt
    {
        get
        {
            for (int i = 0; i < _slots.Length; i++)
            {
                if (_slots[i].Current is { IsBroken: false } && _heartbeats[i] is { IsSuspect: false }) return false;
            }

            return true;
        }
    }

    /// <summary>Gets why the last attempt to connect failed; null once one succeeded.</summary>
    public RedisConnectionException? LastFailure => Volatile.Read(ref _lastFailure);

    /// <summary>Sends a command, now or when there is a connection with room for it; settles it in any case.</summary>
    /// <param name="pending">The command.</param>
    /// <param name="owner">Who decides if it cannot stay here; null for whoever this node belongs to.</param>
    public void Send(PendingReply pending, IResubmitter? owner = null)
    {
        pending.Resubmitter = owner ?? _router;
        if (Volatile.Read(ref _draining))
        {
            Fail(pending, Refused(pending.CommandName));
            return;
        }

        // Whoever finds others waiting goes behind them.
        if (_line.Count == 0 && Pick() is { } connection && TryEnqueue(connection, pending)) return;
        Wait(pending);
    }

    /// <summary>Takes back a command of a broken connection, before all that only wait. It is handed out when there is a connection.</summary>
    /// <returns>False if the client is being disposed: then it is not taken over.</returns>
    public bool TryReturn(PendingReply pending) => !Volatile.Read(ref _draining) && _line.TryAdd(pending, returned: true);

    /// <summary>Hands out what waits, as far as there is room.</summary>
    public void HandOut() => _line.HandOut();

    public Task WaitUntilConnectedAsync(CancellationToken cancellationToken) => _firstAttempt.Task.WaitAsync(cancellationToken);

    public ValueTask<DedicatedLease> LeaseAsync(string purpose, TimeSpan wait, CancellationToken cancellationToken) =>
        Volatile.Read(ref _draining)
            ? ValueTask.FromException<DedicatedLease>(Refused(purpose))
            : _dedicated.LeaseAsync(purpose, wait, cancellationToken);

    /// <summary>Finds the server for a connection that somebody keeps to himself: the one in use, or the next to be tried.</summary>
    public ValueTask<RedisEndpoint> LocateAsync(int attempt, CancellationToken cancellationToken) =>
        _slots[0].Current is { } connection ? new ValueTask<RedisEndpoint>(connection.Endpoint) : _source.LocateAsync(attempt, cancellationToken);

    /// <summary>Opens a connection that somebody keeps to himself. It ends with the others when the node leaves its server.</summary>
    /// <exception cref="RedisConnectionException">No connection; tells why.</exception>
    public Task<RedisConnection> OpenAsync(RedisEndpoint endpoint, Action<RedisConnection>? prepare, int? ringCapacity, CancellationToken cancellationToken) =>
        _opener.OpenAsync(
            endpoint,
            _source,
            connection =>
            {
                _connections.Add(connection);
                prepare?.Invoke(connection);
            },
            ringCapacity,
            cancellationToken);

    public void RoomMade(RedisConnection connection)
    {
        if (_line.Count > 0) _line.HandOut();
    }

    /// <summary>Takes no new command, waits for replies that are owed as long as <see cref="RedisClientOptions.DrainTimeout"/> allows, and closes the connections.</summary>
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
        if (Volatile.Read(ref _retired))
        {
            pending.Resubmitter!.Route(pending);
            return true;
        }

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
        StepRetirement(now);
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
        RedisConnectionException? failure = connection is null ? LastFailure : null;
        CommandOutcome outcome = pending.Repeats == 0 ? CommandOutcome.NotSent : CommandOutcome.Unknown;
        RedisTimeoutDetails details = TimeoutDetails.Of(connection, _context, _line.Count, failure?.Message);
        return new RedisTimeoutException(pending.CommandName, pending.Timeout, outcome, details, failure);
    }

    private static RedisConnectionException NotConnected(PendingReply pending, RedisConnectionException failure) =>
        new(failure.Failure, failure.Endpoint, $"{pending.CommandName} was not sent: {failure.Message}", CommandOutcome.NotSent, failure);
}
