namespace RedisToolkit.Client;

/// <summary>
/// Commands of one caller that go to several nodes: to each node its own in one write, all nodes at once. Commands on keys of several slots, and
/// those that concern every node, become several, whose replies are joined again.
/// </summary>
internal sealed class ClusterBatch(ClusterRouter router, ConnectionContext context, long deadline, TimeSpan timeout, CancellationToken cancellationToken)
{
    private readonly List<Group> _groups = [];
    private readonly Dictionary<object, Group> _byNode = [];
    // Slots may move while commands are added; those of one slot stay together all the same, so that they keep their order.
    private readonly Dictionary<int, Group> _bySlot = [];
    private readonly List<Joined> _joined = [];

    /// <summary>Adds a command.</summary>
    /// <exception cref="RedisCrossSlotException">Its keys lie in several slots, and its meaning does not allow to split it.</exception>
    /// <exception cref="ArgumentException">One node's answer would be taken for that of the cluster.</exception>
    public void Add(BatchResult result)
    {
        ref readonly RedisCommand command = ref result.Command;
        switch (command.Header.Scope)
        {
            case ClusterScope.Refused:
                throw ClusterScopes.Refusal(command.Name);
            case ClusterScope.Sum or ClusterScope.EveryPrimary when router.Primaries is { Length: > 0 } primaries:
                AddToEach(result, primaries);
                return;
        }

        int slot = CommandSlots.Of(command);
        if (slot == HashSlot.Several) AddSplit(result);
        else Add(result, slot);
    }

    /// <summary>Sends all that was added, and waits until every result is there.</summary>
    public async ValueTask RunAsync()
    {
        if (_groups.Count > 1) Check();
        Task[] sending = [.. _groups.Select(SendAsync)];
        Exception? failure = null;
        foreach (Task group in sending)
        {
            try
            {
                await group.ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                // The first one is thrown when all are done; each result has its own.
                failure ??= exception;
            }
        }

        foreach (Joined joined in _joined) joined.Finish();
        if (failure is not null) throw failure;
    }

    private void Add(BatchResult result, int slot)
    {
        if (slot < 0)
        {
            (_groups.FirstOrDefault(static group => !group.IsPinned) ?? GroupOf(router, pinned: null)).Results.Add(result);
            return;
        }

        if (!_bySlot.TryGetValue(slot, out Group? group)) _bySlot.Add(slot, group = GroupOf((object?)router.OwnerOf(slot) ?? slot, pinned: null));
        if (group.Lead < 0) group.Lead = group.Results.Count;
        group.Results.Add(result);
    }

    private Group GroupOf(object key, ServerNode? pinned)
    {
        object of = pinned is null ? key : (key, pinned);
        if (_byNode.TryGetValue(of, out Group? group)) return group;
        group = new Group(pinned);
        _byNode.Add(of, group);
        _groups.Add(group);
        return group;
    }

    private void AddSplit(BatchResult result)
    {
        SplitCommand split = SplitCommand.Of(result.Command);
        var joined = new Joined(result, split, split.Parts.Count);
        for (int i = 0; i < split.Parts.Count; i++)
        {
            joined.Parts[i] = new BatchResult<byte[]>(split.Parts[i].Command, SplitCommand.Frame);
            Add(joined.Parts[i], split.Parts[i].Slot);
        }

        _joined.Add(joined);
    }

    private void AddToEach(BatchResult result, ServerNode[] primaries)
    {
        var joined = new Joined(result, new EveryPrimaryJoin(result.Command.Header.Scope == ClusterScope.Sum), primaries.Length);
        for (int i = 0; i < primaries.Length; i++)
        {
            joined.Parts[i] = new BatchResult<byte[]>(result.Command, SplitCommand.Frame);
            GroupOf(router, primaries[i]).Results.Add(joined.Parts[i]);
        }

        _joined.Add(joined);
    }

    // Spells all of it in vain, so that a command that cannot be sent is found before any other was.
    private void Check()
    {
        var scratch = new SendBuffer(SendBuffer.UsualCapacity);
        int index = 0;
        foreach (BatchResult result in _groups.SelectMany(static group => group.Results))
        {
            CommandList.Spell(result.Command, index++, scratch, context.Spelling);
            scratch.Clear();
        }
    }

    // Long ones in several parts, each when the one before has been answered: as on one server.
    private async Task SendAsync(Group group)
    {
        int from = 0;
        try
        {
            while (from < group.Results.Count)
            {
                int count = CommandList.EndOfPart(group.Results, from) - from;
                int lead = group.Lead >= from && group.Lead < from + count ? group.Lead - from : FirstWithKeys(group.Results, from, count);
                var pending = new PendingBatch(group.Results, from, count, trusted: !context.Options.VerifyReplies) { LeadAt = lead };
                ValueTask done = pending.Done;
                pending.Begin(deadline, timeout, cancellationToken);
                if (group.Pinned is { } node) new PinnedRouter(node, router, context).Route(pending);
                else router.Route(pending);
                await done.ConfigureAwait(false);
                from += count;
            }
        }
        catch (Exception exception)
        {
            CommandList.Fail(group.Results, NotSent.Because(exception, "The command was not sent, because an earlier part of its batch failed"));
            throw;
        }
    }

    private static int FirstWithKeys(List<BatchResult> results, int from, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (CommandSlots.Of(results[from + i].Command) >= 0) return i;
        }

        return 0;
    }

    /// <summary>What goes to one node.</summary>
    private sealed class Group(ServerNode? pinned)
    {
        public ServerNode? Pinned => pinned;

        public bool IsPinned => pinned is not null;

        public List<BatchResult> Results { get; } = [];

        /// <summary>Gets or sets which command says where all of it goes; -1 while none has keys.</summary>
        public int Lead { get; set; } = -1;
    }

    /// <summary>A command that became several.</summary>
    private sealed class Joined(BatchResult whole, IClusterJoin join, int parts)
    {
        public BatchResult<byte[]>[] Parts { get; } = new BatchResult<byte[]>[parts];

        public void Finish()
        {
            if (Parts.Any(static part => part.Error is not null))
            {
                whole.Settle(join.Failed([.. Parts.Select(static part => part.Error)]));
                return;
            }

            try
            {
                whole.Read(join.Join([.. Parts.Select(static part => part.Value)]).Span);
                whole.Settle(null);
            }
            catch (RedisException exception)
            {
                whole.Settle(exception);
            }
        }
    }
}
