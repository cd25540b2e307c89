namespace RedisToolkit.Client;

/// <summary>One server at a known address, or the first of several that answers.</summary>
internal sealed class StandaloneRouter : ICommandRouter
{
    private readonly ConnectionContext _context;
    private readonly ServerNode _node;

    public StandaloneRouter(ConnectionContext context)
    {
        _context = context;
        _node = new ServerNode(context, new FixedServer(context.Options.Endpoints), this);
        _node.Start();
    }

    public int WaitingCount => _node.WaitingCount;

    public ServerIdentity CurrentServer => _node.CurrentServer;

    public long Generation => _node.Generation;

    public RedisConnection? Any => _node.Any;

    public ServerNode NodeFor(in RedisCommand command) => _node;

    public ServerNode ListeningNode(int attempt) => _node;

    public void Route(PendingReply pending) => _node.Send(pending);

    public bool TryResubmit(PendingReply pending, bool wasSent, Exception reason)
    {
        if (!Repetition.Allows(pending, wasSent, reason, _context) || !_node.TryReturn(pending)) return false;
        if (wasSent) ClientMetrics.Repeated(CurrentServer);
        return true;
    }

    // There is no other server to ask, and its answer is the caller's to judge.
    public bool TryTakeBack(PendingReply pending, RedisServerException refusal, RedisConnection from) => false;

    public bool TryFollow(RedisServerException refusal, RedisConnection from) => false;

    public Task WaitUntilConnectedAsync(CancellationToken cancellationToken) => _node.WaitUntilConnectedAsync(cancellationToken);

    public ValueTask DisposeAsync() => _node.DisposeAsync();
}
