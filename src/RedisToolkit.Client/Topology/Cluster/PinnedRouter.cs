namespace RedisToolkit.Client;

/// <summary>One node of a cluster, and no other: for what concerns that node rather than the keys it happens to have.</summary>
internal sealed class PinnedRouter(ServerNode node, ClusterRouter cluster, ConnectionContext context) : ICommandRouter
{
    public ServerIdentity CurrentServer => node.CurrentServer;

    public int WaitingCount => node.WaitingCount;

    public long Generation => node.Generation;

    public RedisConnection? Any => node.Any;

    public ServerNode NodeFor(in RedisCommand command) => node;

    public ServerNode ListeningNode(int attempt) => node;

    public void Route(PendingReply pending)
    {
        if (cluster.Serves(node))
        {
            node.Send(pending, this);
            return;
        }

        string endpoint = node.CurrentServer.Endpoint.ToString();
        _ = pending.TryAbandon(pending.Use, new RedisConnectionException(
            ConnectionFailure.Lost,
            endpoint,
            $"{pending.CommandName} was not sent: {endpoint} serves no slots of the cluster any more. Call {nameof(IRedisClient.GetPrimariesAsync)} again for those that do.",
            CommandOutcome.NotSent));
        pending.ReleaseByEngine();
    }

    public bool TryResubmit(PendingReply pending, bool wasSent, Exception reason)
    {
        if (!cluster.Serves(node) || !Repetition.Allows(pending, wasSent, reason, context) || !node.TryReturn(pending)) return false;
        if (wasSent) ClientMetrics.Repeated(CurrentServer);
        return true;
    }

    // What another node would answer is not what was asked for.
    public bool TryTakeBack(PendingReply pending, RedisServerException refusal, RedisConnection from) => false;

    public bool TryFollow(RedisServerException refusal, RedisConnection from) => false;

    public Task WaitUntilConnectedAsync(CancellationToken cancellationToken) => node.WaitUntilConnectedAsync(cancellationToken);

    // The node belongs to the cluster's router.
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
