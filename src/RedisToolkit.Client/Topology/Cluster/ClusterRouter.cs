namespace RedisToolkit.Client;

/// <summary>
/// A cluster: each command goes to the node that serves the slot of its keys. What a node sends elsewhere is followed at once, and the slot
/// map is put right.
/// </summary>
internal sealed partial class ClusterRouter : ICommandRouter, INodeWatcher
{
    // So many times in a row a command is sent on at once; then the nodes disagree, and it waits a little before each further try.
    private const int MostAtOnce = 3;
    private readonly ConnectionContext _context;
    private readonly ClusterAddresses _addresses;
    private readonly SlotMapRefresher _refresher;
    private readonly LaterLine _later;
    // Commands for which no node is known: before the first slot map, and of slots that no node serves.
    private readonly WaitLine _line;
    private bool _draining;
    private bool _closed;

    public ClusterRouter(ConnectionContext context)
    {
        _context = context;
        _addresses = new ClusterAddresses(context.Options.AddressTranslation);
        _later = new LaterLine(context.Clock, Route);
        _line = new WaitLine(context.Options.MaxWaitingCommands, TryHandOver);
        _seeds = new ServerNode(context, new FixedServer(context.Options.Endpoints), this);
        _preferred = Random.Shared.Next(HashSlot.Count);
        _refresher = new SlotMapRefresher(context, _addresses, this);
        context.Clock.Subscribe(Step);
        _refresher.Start();
    }

    public int WaitingCount => _line.Count + _later.Count + Primaries.Sum(static node => node.WaitingCount);

    public ServerIdentity CurrentServer => (AnyPrimary() ?? _seeds).CurrentServer;

    public long Generation => Interlocked.Read(ref _generation);

    public RedisConnection? Any => AnyPrimary()?.Any;

    public Task WaitUntilConnectedAsync(CancellationToken cancellationToken) => _firstMap.Task.WaitAsync(cancellationToken);

    public ServerNode NodeFor(in RedisCommand command) => Find(command) ?? _seeds;

    public ServerNode ListeningNode(int attempt)
    {
        ServerNode[] primaries = Primaries;
        if (primaries.Length == 0) return _seeds;
        // One that is down is not worth an attempt, as long as there are others.
        for (int i = 0; i < primaries.Length; i++)
        {
            ServerNode node = primaries[(_preferred + attempt + i) % primaries.Length];
            if (node.Any is not null) return node;
        }

        return primaries[(_preferred + attempt) % primaries.Length];
    }

    public void Route(PendingReply pending)
    {
        pending.Resubmitter = this;
        if (Find(pending.Lead) is { } node) node.Send(pending);
        else Wait(pending);
    }

    public bool TryResubmit(PendingReply pending, bool wasSent, Exception reason)
    {
        if (Volatile.Read(ref _draining) || !Repetition.Allows(pending, wasSent, reason, _context)) return false;
        pending.Asks = false;
        if (Find(pending.Lead) is not { } node)
        {
            _ = _line.TryAdd(pending, returned: true);
        }
        else if (node.TryReturn(pending))
        {
            // The slot may have moved to a node that works.
            node.HandOut();
        }
        else
        {
            return false;
        }

        if (wasSent) ClientMetrics.Repeated(CurrentServer);
        return true;
    }

    public bool TryTakeBack(PendingReply pending, RedisServerException refusal, RedisConnection from)
    {
        pending.Asks = false;
        Redirect redirect = Redirection.Of(refusal.Code);
        RedirectTarget target = default;
        if (Volatile.Read(ref _draining) || (redirect is Redirect.Moved or Redirect.Ask && !TryRead(refusal, from, out target))) return false;
        if (!Repetition.AllowsRedirect(pending, _context)) return false;
        if (redirect is Redirect.Moved or Redirect.Ask)
        {
            ServerNode node = Learn(target);
            if (pending.Redirects <= MostAtOnce)
            {
                pending.Asks = target.Asks;
                node.Send(pending);
                return true;
            }
        }
        else if (refusal.Code != RedisErrorCode.TryAgain)
        {
            _refresher.Request(null);
        }

        return _later.TryAdd(pending, refusal);
    }

    public bool TryFollow(RedisServerException refusal, RedisConnection from)
    {
        switch (Redirection.Of(refusal.Code))
        {
            case Redirect.Moved:
                if (!TryRead(refusal, from, out RedirectTarget target)) return false;
                _ = Learn(target);
                return true;
            // The node has become a replica while it held the command.
            case Redirect.None when refusal.Code == RedisErrorCode.Unblocked && refusal.ServerMessage.Contains("state changed", StringComparison.Ordinal):
                _refresher.Request(null);
                return true;
            case Redirect.None:
                return false;
            default:
                // A slot on its way: once it has arrived, the node that has it is the one to ask.
                _refresher.Request(null);
                return true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _draining, true);
        await _refresher.DisposeAsync().ConfigureAwait(false);
        _later.Close();
        await Task.WhenAll(AllNodes().Select(static node => node.DisposeAsync().AsTask())).ConfigureAwait(false);
        await _retiring.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Volatile.Write(ref _closed, true);
        _line.HandOut();
        await _seeds.DisposeAsync().ConfigureAwait(false);
        _context.Clock.Unsubscribe(Step);
        Failed(Disposed("No slot map was read"));
    }

    private ServerNode? Find(in RedisCommand command)
    {
        int slot = CommandSlots.Of(command);
        return slot >= 0 ? Volatile.Read(ref _owners[slot]) : AnyPrimary();
    }

    // Nodes tell where a slot is; whether their addresses can be understood and translated is another matter.
    private bool TryRead(RedisServerException refusal, RedisConnection from, out RedirectTarget target)
    {
        try
        {
            return _addresses.TryRead(refusal.ServerMessage, from.Endpoint, out target);
        }
        catch (Exception exception)
        {
            _context.Log.MapFailed(from.Endpoint, exception);
            target = default;
            return false;
        }
    }

    private void Wait(PendingReply pending)
    {
        if (Volatile.Read(ref _draining)) Fail(pending, new ObjectDisposedException(nameof(RedisClient), $"{pending.CommandName} was not sent: the RedisClient was disposed."));
        else if (!_line.TryAdd(pending, returned: false))
            Fail(pending, new RedisPoolExhaustedException($"{pending.CommandName} was not sent: {_line.Most} commands wait already (RedisClientOptions.MaxWaitingCommands). Await earlier commands before sending more, or raise it.", []));
        else
        {
            _refresher.Request(null);
            _line.HandOut();
        }
    }

    // False leaves it waiting.
    private bool TryHandOver(PendingReply pending)
    {
        if (Find(pending.Lead) is { } node) node.Send(pending);
        else if (Volatile.Read(ref _closed)) Fail(pending, Disposed($"{pending.CommandName} was not sent"));
        else if (_refresher.Hopeless is { } failure)
            Fail(pending, new RedisConnectionException(failure.Failure, failure.Endpoint, $"{pending.CommandName} was not sent: {failure.Message}", CommandOutcome.NotSent, failure));
        else return false;
        return true;
    }

    private void Step(long now)
    {
        _later.Step(now);
        if (_line.Count == 0) return;
        _line.ForEach(pending =>
        {
            long use = pending.Use;
            if ((use & 1) != 0 || pending.Deadline > now) return;
            Exception? failure = _refresher.LastFailure;
            CommandOutcome outcome = pending.Repeats == 0 ? CommandOutcome.NotSent : CommandOutcome.Unknown;
            string why = failure?.Message ?? "no node of the cluster serves the slot of its key";
            var timeout = new RedisTimeoutException(pending.CommandName, pending.Timeout, outcome, TimeoutDetails.Of(null, _context, _line.Count, why), failure);
            if (pending.TryAbandon(use, timeout)) ClientMetrics.TimedOut(CurrentServer, 1, outcome);
        });
        _line.Sweep();
    }

    private static void Fail(PendingReply pending, Exception exception)
    {
        // On another thread: the code that waits for it does not belong on this one.
        _ = pending.TryAbandon(pending.Use, exception);
        pending.ReleaseByEngine();
    }

    private RedisConnectionException Disposed(string what) =>
        new(ConnectionFailure.Disposed, string.Join(", ", _context.Options.Endpoints), $"{what}: the RedisClient was disposed.", CommandOutcome.NotSent);
}
