namespace RedisToolkit.Client;

/// <content>The connections, and which of them has which names.</content>
internal sealed partial class SubscriptionHub
{
    // Null unless the servers are a cluster. Those without shard channels need nothing of this.
    private readonly Dictionary<ServerNode, SubscriptionLane> _byNode = [];
    private ClusterRouter? _cluster;

    private void FollowSlots(ClusterRouter cluster)
    {
        _cluster = cluster;
        cluster.MapChanged = OnMapChanged;
    }

    // Under the lock: where a name is to be asked for, now.
    private SubscriptionLane LaneFor(DeclaredChannel channel)
    {
        // Before anything is known of the cluster, any node tells which one it should have been.
        if (_cluster is null || channel.Slot == HashSlot.None || _cluster.OwnerOf(channel.Slot) is not { } node) return _main;
        if (_byNode.TryGetValue(node, out SubscriptionLane? lane)) return lane;
        lane = new SubscriptionLane(this, _context, _ => node);
        _byNode.Add(node, lane);
        return lane;
    }

    /// <summary>Lets every connection look for something to do; opens those that are missing.</summary>
    private void Wake()
    {
        if (_cluster is null)
        {
            _main.Wake();
            return;
        }

        SubscriptionLane[] lanes;
        lock (_gate)
        {
            if (_disposed) return;
            foreach (DeclaredChannel channel in _dirty)
            {
                if (channel.NeedsAsking) LaneFor(channel).Start();
            }

            lanes = [_main, .. _byNode.Values];
        }

        foreach (SubscriptionLane lane in lanes) lane.Wake();
    }

    // Names that are subscribed to stay where they are until that node lets go of them, which it does by itself.
    private void OnMapChanged()
    {
        SubscriptionLane[] left;
        lock (_gate)
        {
            if (_disposed || _byNode.Count + _dirty.Count == 0) return;
            ServerNode[] gone = [.. _byNode.Keys.Where(node => !_cluster!.Serves(node))];
            left = [.. gone.Select(node => _byNode[node])];
            foreach (ServerNode node in gone) _byNode.Remove(node);
        }

        foreach (SubscriptionLane lane in left) _ = lane.DisposeAsync().AsTask();
        Wake();
    }

    private async ValueTask DisposeLanesAsync()
    {
        SubscriptionLane[] lanes;
        lock (_gate) lanes = [_main, .. _byNode.Values];
        foreach (SubscriptionLane lane in lanes) await lane.DisposeAsync().ConfigureAwait(false);
    }
}
