using System.Runtime.CompilerServices;

namespace RedisToolkit.Client;

/// <content>What is different where the servers are a cluster.</content>
public sealed partial class RedisClient
{
    private readonly ConditionalWeakTable<ServerNode, RedisClient> _ofNodes = [];
    // Whether this is one of those: then the router and the clock are another one's.
    private readonly bool _isOfNode;

    private RedisClient(ServerNode node, ClusterRouter cluster, ConnectionContext context)
    {
        _context = context;
        _isOfNode = true;
        _router = new PinnedRouter(node, cluster, context);
        _blocking = new BlockingCommand(_router, _context);
        _subscriptions = new Lazy<SubscriptionHub>(() => new SubscriptionHub(_context, _router));
        _probes = new Lazy<CapabilityProbes>(() => new CapabilityProbes(_context.Clock, () => _router.Generation, SendUnchecked));
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<IRedisClient>> GetPrimariesAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_cluster is not { } cluster) return [this];
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        if (cluster.Primaries.Length == 0) await cluster.WaitUntilConnectedAsync(cancellationToken).ConfigureAwait(false);
        return [.. cluster.Primaries.Select(node => _ofNodes.GetValue(node, of => new RedisClient(of, cluster, _context)))];
    }

    /// <exception cref="RedisCrossSlotException">Its keys lie in several slots, and its meaning does not allow to split it.</exception>
    /// <exception cref="ArgumentException">One node's answer would be taken for that of the cluster.</exception>
    private static bool ConcernsSeveralNodes(in RedisCommand command)
    {
        CommandHeader header = command.Header;
        if (header.Scope == ClusterScope.Refused) throw ClusterScopes.Refusal(header.Name);
        if (header.Scope != ClusterScope.Node) return true;
        if (CommandSlots.Of(command) != HashSlot.Several) return false;
        return header.Split != SplitKind.None ? true : throw CommandSlots.Crossing(command);
    }

    private async ValueTask<T> SendToSeveralAsync<T>(RedisCommand command, ReplyReader<T> reply, CancellationToken cancellationToken)
    {
        TimeSpan timeout = command.Timeout ?? _context.Options.CommandTimeout;
        // Which nodes there are has to be known before it can go to each of them.
        if (command.Header.Scope != ClusterScope.Node && _cluster!.Primaries.Length == 0) await WaitForNodesAsync(_cluster, command.Name, timeout, cancellationToken).ConfigureAwait(false);
        var result = new BatchResult<T>(command, reply);
        var batch = new ClusterBatch(_cluster!, _context, _context.Clock.DeadlineAfter(timeout), timeout, cancellationToken);
        batch.Add(result);
        try
        {
            await batch.RunAsync().ConfigureAwait(false);
        }
        catch (Exception) when (result.IsDone)
        {
            // What failed is in the result, key by key.
        }

        return result.Value;
    }

    private async ValueTask WaitForNodesAsync(ClusterRouter cluster, string command, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            await cluster.WaitUntilConnectedAsync(cancellationToken).WaitAsync(timeout, _context.Options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new RedisTimeoutException(command, timeout, CommandOutcome.NotSent, TimeoutDetails.Of(null, _context, 0, "the cluster's slot map has not been read yet"));
        }
    }

    private async ValueTask SendToClusterAsync(ClusterRouter cluster, CommandList commands, long deadline, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            var batch = new ClusterBatch(cluster, _context, deadline, timeout, cancellationToken);
            foreach (BatchResult result in commands.Results) batch.Add(result);
            await batch.RunAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            CommandList.Fail(commands.Results, exception);
            throw;
        }
    }

    /// <summary>Finds the command that says where a transaction goes.</summary>
    /// <exception cref="RedisCrossSlotException">Its keys, or those of its conditions, lie in several slots.</exception>
    private static int LeadOf(RedisTransaction transaction)
    {
        int slot = HashSlot.None, lead = 0;
        bool several = false;
        foreach (Condition condition in transaction.Conditions)
        {
            foreach (RedisArgument key in condition.Keys) Meet(HashSlot.Of(key));
        }

        IReadOnlyList<BatchResult> results = transaction.Results;
        for (int i = results.Count - 1; i >= 0; i--)
        {
            int of = CommandSlots.Of(results[i].Command);
            if (of == HashSlot.None) continue;
            lead = i;
            Meet(of);
        }

        return several ? throw Crossing(transaction) : lead;

        void Meet(int of)
        {
            several |= of == HashSlot.Several || (slot != HashSlot.None && slot != of);
            slot = of;
        }
    }

    private static RedisCrossSlotException Crossing(RedisTransaction transaction)
    {
        var keys = new List<RedisArgument>(transaction.Conditions.SelectMany(static condition => condition.Keys));
        foreach (BatchResult result in transaction.Results)
        {
            KeyPositions positions = result.Command.Keys;
            for (int i = 0; i < positions.Count; i++) keys.Add(result.Command.GetArgument(positions[i] - 1));
        }

        RedisCrossSlotException error = RedisCrossSlotException.Of("The transaction", [.. keys]);
        transaction.Fail(error);
        return error;
    }

    private async ValueTask DisposeOfNodesAsync()
    {
        foreach ((_, RedisClient client) in _ofNodes) await client.DisposeAsync().ConfigureAwait(false);
    }
}
