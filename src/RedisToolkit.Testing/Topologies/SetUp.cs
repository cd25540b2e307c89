namespace RedisToolkit.Testing;

/// <summary>Makes and starts the nodes of a set, and waits until the set is ready.</summary>
internal static class SetUp
{
    internal static async Task RunAsync(NodeSet set, CancellationToken cancellationToken)
    {
        switch (set.Options.Topology)
        {
            case RedisTopology.Standalone:
                var only = set.Add(RedisRole.Primary, "primary", text => text.WithData(set.Options, null).WithOwnLines(set.Options));
                await only.StartAsync(cancellationToken).ConfigureAwait(false);
                break;
            case RedisTopology.Replicated:
                await ReplicatedSetUp.RunAsync(set, cancellationToken).ConfigureAwait(false);
                break;
            case RedisTopology.Sentinel:
                await SentinelSetUp.RunAsync(set, cancellationToken).ConfigureAwait(false);
                break;
            default:
                await ClusterSetUp.RunAsync(set, cancellationToken).ConfigureAwait(false);
                break;
        }
    }
}
