using System.Globalization;

namespace RedisToolkit.Testing;

/// <summary>A cluster whose every node knows every other, covers all slots and calls its state ok.</summary>
internal static class ClusterSetUp
{
    private const int Slots = 16_384;

    internal static async Task RunAsync(NodeSet set, CancellationToken cancellationToken)
    {
        var options = set.Options;
        var busPorts = new Dictionary<RedisNode, int>();
        for (int i = 1; i <= options.Primaries; i++) Add(RedisRole.Primary, $"primary-{i}");
        for (int i = 1; i <= options.Primaries * options.ReplicasOfEach; i++) Add(RedisRole.Replica, $"replica-{i}");
        await NodeSet.StartAllAsync(set.Nodes, cancellationToken).ConfigureAwait(false);

        var primaries = set.Nodes.Where(node => node.Role == RedisRole.Primary).ToArray();
        var replicas = set.Nodes.Where(node => node.Role == RedisRole.Replica).ToArray();
        for (int i = 0; i < primaries.Length; i++)
        {
            // Epochs of their own from the start: no quarrel to settle over who owns which slot.
            await SayAsync(primaries[i], "CLUSTER", "SET-CONFIG-EPOCH", Text(i + 1)).ConfigureAwait(false);
            await SayAsync(primaries[i], "CLUSTER", "ADDSLOTSRANGE", Text(i * Slots / primaries.Length), Text(((i + 1) * Slots / primaries.Length) - 1)).ConfigureAwait(false);
        }

        // Everybody meets everybody: hearing of one another by gossip takes seconds.
        for (int i = 0; i < set.Nodes.Count; i++)
            for (int j = i + 1; j < set.Nodes.Count; j++)
                await SayAsync(set.Nodes[i], "CLUSTER", "MEET", set.Nodes[j].Host, Text(set.Nodes[j].Port), Text(busPorts[set.Nodes[j]])).ConfigureAwait(false);
        foreach (var node in set.Nodes)
            await set.WaitUntilAsync(token => UnacquaintedAsync(node, set.Nodes.Count, token), cancellationToken).ConfigureAwait(false);

        for (int i = 0; i < replicas.Length; i++)
        {
            var primary = primaries[i % primaries.Length];
            string id = (await primary.CommandAsync(["CLUSTER", "MYID"], cancellationToken).ConfigureAwait(false)).Text!;
            await SayAsync(replicas[i], "CLUSTER", "REPLICATE", id).ConfigureAwait(false);
        }

        // All in one go: when the last has what it needs, the first still has it.
        await set.WaitUntilAsync(token => MissingAsync(set, token), cancellationToken).ConfigureAwait(false);

        void Add(RedisRole role, string name)
        {
            int bus = set.TakePort();
            busPorts[set.Add(role, name, Configure)] = bus;

            void Configure(NodeConfiguration text)
            {
                text.WithData(options, null).Line("cluster-enabled", "yes").Line("cluster-port", bus);
                text.Line("cluster-node-timeout", (int)options.ClusterNodeTimeout.TotalMilliseconds);
                // A replica is listed by CLUSTER SLOTS once it has been sent something: by default its primary's first ping, after 10 s.
                text.Line("repl-ping-replica-period", 1);
                if (options.Tls != RedisTls.None) text.Line("tls-cluster", "yes");
                text.WithOwnLines(options);
            }
        }

        Task<CommandReply> SayAsync(RedisNode node, params string[] command) => node.CommandAsync(command, cancellationToken);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static async Task<string?> UnacquaintedAsync(RedisNode node, int nodes, CancellationToken cancellationToken)
    {
        var known = await KnownAsync(node, cancellationToken).ConfigureAwait(false);
        int shaken = known.Count(fields => !fields[2].Contains("handshake", StringComparison.Ordinal) && fields[7] == "connected");
        return shaken == nodes && known.Count == nodes ? null : $"{node} has met {shaken} of {nodes} nodes";
    }

    private static async Task<string?> MissingAsync(NodeSet set, CancellationToken cancellationToken)
    {
        foreach (var node in set.Nodes)
            if (await MissingAsync(set, node, cancellationToken).ConfigureAwait(false) is { } missing) return missing;
        return null;
    }

    /// <summary>What a node still lacks: its state, its link to its primary, and in its view all slots and every replica at its place.</summary>
    private static async Task<string?> MissingAsync(NodeSet set, RedisNode node, CancellationToken cancellationToken)
    {
        var options = set.Options;
        string info = (await node.CommandAsync(["CLUSTER", "INFO"], cancellationToken).ConfigureAwait(false)).Text!;
        if (!info.Contains("cluster_state:ok", StringComparison.Ordinal)) return $"{node} does not call the cluster's state ok";

        var known = await KnownAsync(node, cancellationToken).ConfigureAwait(false);
        if (known.Any(fields => fields[2].Contains("fail", StringComparison.Ordinal) || fields[7] != "connected")) return $"{node} has lost sight of a node";
        int replicas = known.Count(fields => fields[2].Contains("slave", StringComparison.Ordinal) && fields[3] != "-");
        if (replicas != options.Primaries * options.ReplicasOfEach) return $"{node} knows {replicas} of {options.Primaries * options.ReplicasOfEach} replicas";
        int owners = known.Count(fields => fields[2].Contains("master", StringComparison.Ordinal) && fields.Length > 8);
        if (owners != options.Primaries) return $"{node} knows {owners} of {options.Primaries} primaries with slots";

        string[] replication = await ReplicatedSetUp.InfoAsync(node, cancellationToken).ConfigureAwait(false);
        if (node.Role == RedisRole.Replica && !replication.Contains("master_link_status:up")) return $"the link of {node} to its primary is down";
        int online = ReplicatedSetUp.OnlineReplicas(replication);
        if (node.Role == RedisRole.Primary && online != options.ReplicasOfEach) return $"{node} has {online} of {options.ReplicasOfEach} replicas online";
        return await SlotsAsync(node, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Clients read this list, so its replicas count too.</summary>
    private static async Task<string?> SlotsAsync(RedisNode node, RedisServerOptions options, CancellationToken cancellationToken)
    {
        var ranges = (await node.CommandAsync(["CLUSTER", "SLOTS"], cancellationToken).ConfigureAwait(false)).Items;
        long covered = ranges.Sum(range => range.Items[1].ToInt64() - range.Items[0].ToInt64() + 1);
        bool whole = covered == Slots && ranges.All(range => range.Items.Count == 3 + options.ReplicasOfEach);
        return whole ? null : $"{node} lists {covered} of {Slots} slots, or not all replicas with them";
    }

    /// <summary>The lines of CLUSTER NODES: id, address, flags, primary, ping, pong, epoch, link, slots.</summary>
    private static async Task<List<string[]>> KnownAsync(RedisNode node, CancellationToken cancellationToken) =>
        [.. (await node.CommandAsync(["CLUSTER", "NODES"], cancellationToken).ConfigureAwait(false)).Text!
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
}
