namespace RedisToolkit.Testing;

/// <summary>A primary and replicas that are attached and in step.</summary>
internal static class ReplicatedSetUp
{
    internal static async Task RunAsync(NodeSet set, CancellationToken cancellationToken)
    {
        var primary = set.Add(RedisRole.Primary, "primary", text => text.WithData(set.Options, null).WithOwnLines(set.Options));
        for (int i = 1; i <= set.Options.ReplicasOfEach; i++)
            set.Add(RedisRole.Replica, $"replica-{i}", text => text.WithData(set.Options, primary).WithOwnLines(set.Options));

        // The primary first: a replica that finds nobody asks again only after a second.
        await primary.StartAsync(cancellationToken).ConfigureAwait(false);
        await NodeSet.StartAllAsync(set.Nodes.Where(node => node.Role == RedisRole.Replica), cancellationToken).ConfigureAwait(false);
        await WaitUntilAttachedAsync(set, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until the primary calls every replica online and every replica calls its link up.</summary>
    internal static async Task WaitUntilAttachedAsync(NodeSet set, CancellationToken cancellationToken)
    {
        var primary = set.Nodes.Single(node => node.Role == RedisRole.Primary);
        var replicas = set.Nodes.Where(node => node.Role == RedisRole.Replica).ToArray();
        await set.WaitUntilAsync(
            async token =>
            {
                var lines = await InfoAsync(primary, token).ConfigureAwait(false);
                int online = OnlineReplicas(lines);
                if (online < replicas.Length) return $"the primary has {online} of {replicas.Length} replicas online";
                foreach (var replica in replicas)
                    if (!(await InfoAsync(replica, token).ConfigureAwait(false)).Contains("master_link_status:up")) return $"the link of {replica} to its primary is down";
                return null;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Counts the lines <c>slave0:ip=...,state=online,...</c> of a primary.</summary>
    internal static int OnlineReplicas(string[] replication) =>
        replication.Count(line => line.StartsWith("slave", StringComparison.Ordinal) && line.Contains("state=online", StringComparison.Ordinal));

    /// <summary>The lines of <c>INFO replication</c>.</summary>
    internal static async Task<string[]> InfoAsync(RedisNode node, CancellationToken cancellationToken) =>
        (await node.CommandAsync(["INFO", "replication"], cancellationToken).ConfigureAwait(false)).Text!.Split("\r\n");
}
