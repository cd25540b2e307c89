using System.Globalization;
using System.Security.Cryptography;

namespace RedisToolkit.Testing;

/// <summary>A primary, its replicas, and sentinels that know all of them and one another.</summary>
internal static class SentinelSetUp
{
    internal static async Task RunAsync(NodeSet set, CancellationToken cancellationToken)
    {
        await ReplicatedSetUp.RunAsync(set, cancellationToken).ConfigureAwait(false);
        var data = set.Nodes.ToArray();
        // Their ids and ports are chosen here and written into each one's configuration, as they would write them themselves:
        // finding one another through the primary's channel takes 2 s.
        var known = Enumerable.Range(0, set.Options.Sentinels).Select(_ => (Id: Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20)), Port: set.TakePort())).ToArray();
        var sentinels = known.Select((self, i) => set.Add(RedisRole.Sentinel, $"sentinel-{i + 1}", text => Configure(text, set, data, known, self.Id), self.Port)).ToArray();
        await NodeSet.StartAllAsync(sentinels, cancellationToken).ConfigureAwait(false);
        foreach (var sentinel in sentinels)
            await set.WaitUntilAsync(token => MissingAsync(set, sentinel, data.Length - 1, token), cancellationToken).ConfigureAwait(false);
    }

    private static void Configure(NodeConfiguration text, NodeSet set, RedisNode[] data, (string Id, int Port)[] known, string self)
    {
        string name = set.Options.ServiceName;
        var primary = data[0];
        int quorum = (known.Length / 2) + 1;
        int downAfter = (int)set.Options.DownAfter.TotalMilliseconds;
        text.Line("sentinel", $"myid {self}").Line("sentinel", $"monitor {name} {primary.Host} {primary.Port} {quorum}");
        text.Line("sentinel", $"down-after-milliseconds {name} {downAfter}");
        // A failover that failed is tried again after twice this long.
        text.Line("sentinel", $"failover-timeout {name} {Math.Max(3000, 2 * downAfter)}").Line("sentinel", $"parallel-syncs {name} 1");
        if (set.Options.Password is { } password) text.Line("sentinel", $"auth-pass {name} {NodeConfiguration.Quote(password)}");
        if (set.Options.SentinelPassword is { } own) text.Line("requirepass", NodeConfiguration.Quote(own)).Line("sentinel", $"sentinel-pass {NodeConfiguration.Quote(own)}");
        foreach (var replica in data[1..]) text.Line("sentinel", $"known-replica {name} {replica.Host} {replica.Port}");
        foreach (var (id, port) in known)
            if (id != self) text.Line("sentinel", $"known-sentinel {name} 127.0.0.1 {port} {id}");
    }

    /// <summary>What a sentinel still lacks: a primary it finds healthy, replicas in step with it, links to the other sentinels.</summary>
    private static async Task<string?> MissingAsync(NodeSet set, RedisNode sentinel, int replicas, CancellationToken cancellationToken)
    {
        string name = set.Options.ServiceName;
        var primary = Fields(await sentinel.CommandAsync(["SENTINEL", "MASTER", name], cancellationToken).ConfigureAwait(false));
        if (primary["flags"] != "master") return $"{sentinel} calls the primary {primary["flags"]}";
        if (Number(primary["num-slaves"]) != replicas) return $"{sentinel} knows {primary["num-slaves"]} of {replicas} replicas";
        int others = set.Options.Sentinels - 1;
        if (Number(primary["num-other-sentinels"]) != others) return $"{sentinel} knows {primary["num-other-sentinels"]} of {others} other sentinels";

        foreach (var item in (await sentinel.CommandAsync(["SENTINEL", "REPLICAS", name], cancellationToken).ConfigureAwait(false)).Items)
        {
            var replica = Fields(item);
            if (replica["flags"] != "slave" || replica["master-link-status"] != "ok")
                return $"{sentinel} calls the replica {replica["name"]} {replica["flags"]}, its link {replica["master-link-status"]}";
        }

        foreach (var item in (await sentinel.CommandAsync(["SENTINEL", "SENTINELS", name], cancellationToken).ConfigureAwait(false)).Items)
        {
            var other = Fields(item);
            if (other["flags"] != "sentinel") return $"{sentinel} calls the sentinel {other["name"]} {other["flags"]}";
        }

        return null;
    }

    private static Dictionary<string, string> Fields(CommandReply reply) =>
        reply.Items.Chunk(2).ToDictionary(pair => pair[0].Text!, pair => pair[1].Text!, StringComparer.Ordinal);

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);
}
