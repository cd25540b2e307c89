namespace RedisToolkit.Client;

/// <content>Which node serves which slot, and the nodes themselves.</content>
internal sealed partial class ClusterRouter
{
    private static readonly TimeSpan KeepAsked = TimeSpan.FromSeconds(10);
    private readonly ServerNode?[] _owners = new ServerNode?[HashSlot.Count];
    private readonly Lock _mapGate = new();
    private readonly Dictionary<RedisEndpoint, ServerNode> _nodes = [];
    // What redirections said since the last slot map was asked for: newer than that.
    private readonly Dictionary<int, long> _learned = [];
    // Nodes that slots are on their way to, and when somebody was last sent there: they may serve none yet.
    private readonly Dictionary<ServerNode, long> _asked = [];
    private readonly TaskCompletionSource _firstMap = new(TaskCreationOptions.RunContinuationsAsynchronously);
    // Never connects by itself: lends its way of opening connections before any node is known.
    private readonly ServerNode _seeds;
    // Commands without keys of one client all go to one node, as long as it works, so that they keep their order.
    private readonly int _preferred;
    private ServerNode[] _primaries = [];
    private Task _retiring = Task.CompletedTask;
    private long _generation;
    private long _version;

    /// <summary>Gets the nodes that serve slots.</summary>
    public ServerNode[] Primaries => Volatile.Read(ref _primaries);

    /// <summary>Gets a node that somebody who has no connection yet can open one with.</summary>
    public ServerNode Seeds => _seeds;

    /// <summary>Gets a number that rises with everything that is learned of slots.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Is called when slots may be served by other nodes than before.</summary>
    public Action? MapChanged { get; set; }

    /// <summary>Finds the node that serves a slot; null if none is known.</summary>
    public ServerNode? OwnerOf(int slot) => Volatile.Read(ref _owners[slot]);

    /// <summary>Says whether a node serves slots, as far as is known.</summary>
    public bool Serves(ServerNode node) => Array.IndexOf(Primaries, node) >= 0;

    /// <summary>Takes a slot map over, but for slots of which something newer is known.</summary>
    /// <param name="map">The map.</param>
    /// <param name="asOf">The <see cref="Version"/> before it was asked for.</param>
    public void Apply(SlotMap map, long asOf)
    {
        ServerNode[] left;
        lock (_mapGate)
        {
            if (Volatile.Read(ref _draining)) return;
            foreach (SlotRange range in map.Ranges)
            {
                ServerNode node = NodeAt(range.Primary);
                for (int slot = range.First; slot <= range.Last; slot++)
                {
                    if (!_learned.TryGetValue(slot, out long since) || since <= asOf) Volatile.Write(ref _owners[slot], node);
                }
            }

            foreach ((int slot, long since) in _learned.ToArray())
            {
                if (since <= asOf) _learned.Remove(slot);
            }

            left = Settle();
        }

        _firstMap.TrySetResult();
        Retire(left);
        _line.HandOut();
        MapChanged?.Invoke();
    }

    /// <summary>No slot map could be read.</summary>
    public void Failed(Exception failure)
    {
        _ = _firstMap.TrySetException(failure);
        // Looked at here, since nobody may be waiting for the first one.
        _ = _firstMap.Task.Exception;
        _line.HandOut();
    }

    public void Connected(ServerNode node, RedisConnection connection) => Interlocked.Increment(ref _generation);

    public void Lost(ServerNode node, RedisConnection connection) => _refresher.Request(null);

    public void ConnectFailed(ServerNode node, RedisConnectionException failure) => _refresher.Request(null);

    /// <summary>Takes note of a redirection, and finds the node that it names.</summary>
    private ServerNode Learn(in RedirectTarget target)
    {
        ServerNode node;
        lock (_mapGate)
        {
            node = NodeAt(target.Target);
            if (target.Asks) _asked[node] = _context.Clock.Now;
            if (target.Asks || Volatile.Read(ref _owners[target.Slot]) == node) return node;
            _learned[target.Slot] = Interlocked.Increment(ref _version);
            Volatile.Write(ref _owners[target.Slot], node);
            // A node that gives away its last slot is left when the next map says so too.
            if (!_primaries.Contains(node)) Volatile.Write(ref _primaries, [.. _primaries, node]);
        }

        _refresher.Request(node);
        MapChanged?.Invoke();
        return node;
    }

    // Under the lock.
    private ServerNode NodeAt(RedisEndpoint endpoint)
    {
        if (_nodes.TryGetValue(endpoint, out ServerNode? known)) return known;
        var node = new ServerNode(_context, new FixedServer([endpoint]), this, this);
        _nodes.Add(endpoint, node);
        if (!Volatile.Read(ref _draining)) node.Start();
        return node;
    }

    // Under the lock: who serves slots, and who does not any more.
    private ServerNode[] Settle()
    {
        var serving = new HashSet<ServerNode>(_owners.OfType<ServerNode>());
        // In an order that stays, so that the preferred one stays too.
        ServerNode[] primaries = [.. _nodes.Values.Where(serving.Contains)];
        long askedSince = _context.Clock.Now - (long)KeepAsked.TotalMilliseconds;
        foreach (ServerNode node in _asked.Where(asked => asked.Value < askedSince).Select(static asked => asked.Key).ToArray()) _asked.Remove(node);
        ServerNode[] left = [.. _nodes.Values.Where(node => !serving.Contains(node) && !_asked.ContainsKey(node))];
        foreach (RedisEndpoint endpoint in _nodes.Where(node => left.Contains(node.Value)).Select(static node => node.Key).ToArray()) _nodes.Remove(endpoint);
        Volatile.Write(ref _primaries, primaries);
        return left;
    }

    private void Retire(ServerNode[] left)
    {
        if (left.Length == 0) return;
        Task[] retiring = [_retiring, .. left.Select(static node => RetireAsync(node))];
        _retiring = Task.WhenAll(retiring);
    }

    private static async Task RetireAsync(ServerNode node)
    {
        try
        {
            await node.RetireAsync(connection => new RedisConnectionException(
                ConnectionFailure.Lost,
                connection.Endpoint.ToString(),
                $"The connection to {connection.Endpoint} was closed: the node serves no slots of the cluster any more.",
                CommandOutcome.Unknown)).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // The client was disposed meanwhile, and the node with it.
        }
    }

    private ServerNode[] AllNodes()
    {
        lock (_mapGate) return [.. _nodes.Values];
    }

    private ServerNode? AnyPrimary()
    {
        ServerNode[] primaries = Primaries;
        if (primaries.Length == 0) return null;
        for (int i = 0; i < primaries.Length; i++)
        {
            ServerNode node = primaries[(_preferred + i) % primaries.Length];
            if (node.Any is not null) return node;
        }

        return primaries[_preferred % primaries.Length];
    }
}
