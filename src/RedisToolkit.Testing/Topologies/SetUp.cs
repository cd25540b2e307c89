using System.Net.Sockets;

namespace RedisToolkit.Testing;

/// <summary>Makes and starts the nodes of a set, and waits until the set is ready.</summary>
internal static class SetUp
{
    /// <exception cref="RedisServerStartException">A node did not start, died, refused a command, or the set was not ready in time.</exception>
    /// <exception cref="PortTakenException">Another set of ports may do.</exception>
    internal static async Task RunAsync(NodeSet set, CancellationToken cancellationToken)
    {
        try
        {
            await StartAsync(set, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is CommandException or SocketException or IOException or TimeoutException)
        {
            string message = $"The {set.Options.Topology} set could not be made ready: {failed.Message}\n{set.LogTails()}";
            throw new RedisServerStartException(message, failed);
        }
    }

    private static async Task StartAsync(NodeSet set, CancellationToken cancellationToken)
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
