namespace RedisToolkit.Client;

/// <summary>A primary that sentinels know of, wherever it is at the moment.</summary>
internal sealed class SentinelRouter : ICommandRouter, INodeWatcher
{
    // A connection is verified when it is opened, so that one refusal of that kind is what a failover costs; a server that keeps
    // refusing has another reason, and its answer is the caller's.
    private const int MostMoves = 4;
    private readonly ConnectionContext _context;
    private readonly SentinelWatch _watch;
    private readonly ServerNode _primary;
    private readonly LaterLine _later;

    public SentinelRouter(ConnectionContext context)
    {
        _context = context;
        _watch = new SentinelWatch(context);
        _primary = new ServerNode(context, _watch, this, this);
        _later = new LaterLine(context.Clock, Route);
        context.Clock.Subscribe(_later.Step);
        _watch.Start(_primary);
        _primary.Start();
    }

    public int WaitingCount => _primary.WaitingCount + _later.Count;

    public ServerIdentity CurrentServer => _primary.CurrentServer;

    public long Generation => _primary.Generation;

    public RedisConnection? Any => _primary.Any;

    public ServerNode NodeFor(in RedisCommand command) => _primary;

    public ServerNode ListeningNode(int attempt) => _primary;

    public void Route(PendingReply pending) => _primary.Send(pending);

    public bool TryResubmit(PendingReply pending, bool wasSent, Exception reason)
    {
        if (!Repetition.Allows(pending, wasSent, reason, _context) || !_primary.TryReturn(pending)) return false;
        if (wasSent) ClientMetrics.Repeated(CurrentServer);
        return true;
    }

    public bool TryTakeBack(PendingReply pending, RedisServerException refusal, RedisConnection from)
    {
        if (pending.Redirects >= MostMoves && refusal.Code != RedisErrorCode.Loading) return false;
        if (!Concerns(refusal) || !Repetition.AllowsRedirect(pending, _context)) return false;
        if (refusal.Code == RedisErrorCode.Loading) return _later.TryAdd(pending, refusal);
        // Before it waits, so that it cannot be handed to the connection that refused it.
        Leave(from);
        if (!_primary.TryReturn(pending)) return false;
        _primary.HandOut();
        return true;
    }

    public bool TryFollow(RedisServerException refusal, RedisConnection from)
    {
        if (!Concerns(refusal)) return false;
        if (refusal.Code != RedisErrorCode.Loading) Leave(from);
        return true;
    }

    public Task WaitUntilConnectedAsync(CancellationToken cancellationToken) => _primary.WaitUntilConnectedAsync(cancellationToken);

    public void Connected(ServerNode node, RedisConnection connection)
    {
    }

    public void Lost(ServerNode node, RedisConnection connection) => _watch.Wake();

    public void ConnectFailed(ServerNode node, RedisConnectionException failure)
    {
    }

    public async ValueTask DisposeAsync()
    {
        _later.Close();
        _context.Clock.Unsubscribe(_later.Step);
        await _primary.DisposeAsync().ConfigureAwait(false);
        await _watch.DisposeAsync().ConfigureAwait(false);
    }

    private static bool Concerns(RedisServerException refusal) => refusal.Code is RedisErrorCode.ReadOnly or RedisErrorCode.MasterDown or RedisErrorCode.Loading;

    private void Leave(RedisConnection from)
    {
        _primary.LeaveGently(from, static left => PrimaryCheck.NotPrimary(left.Endpoint, "slave"));
        _watch.Wake();
    }
}
