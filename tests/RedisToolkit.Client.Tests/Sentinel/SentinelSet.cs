using System.Diagnostics;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Sentinel;

/// <summary>A primary, two replicas and three sentinels of a test's own, and who is what in it at the moment.</summary>
internal sealed class SentinelSet(RedisServer server) : IAsyncDisposable
{
    public const string Name = "mymaster";

    public RedisServer Server => server;

    public IReadOnlyList<RedisNode> Sentinels => server.Sentinels;

    public IEnumerable<RedisNode> Data => server.Nodes.Where(node => node.Role != RedisRole.Sentinel);

    public RedisClientOptions Options => new()
    {
        Sentinel = new RedisSentinelOptions { ServiceName = Name, Endpoints = [.. Sentinels.Select(At)] },
        CommandTimeout = TimeSpan.FromSeconds(15),
        HeartbeatTimeout = TimeSpan.FromSeconds(3),
    };

    public static async Task<SentinelSet> StartAsync(RedisFlavor flavor = RedisFlavor.Redis, Func<RedisServerOptions, RedisServerOptions>? with = null)
    {
        var options = new RedisServerOptions { Flavor = flavor, Topology = RedisTopology.Sentinel };
        return new SentinelSet(await RedisServer.StartAsync(with is null ? options : with(options)));
    }

    public static RedisEndpoint At(RedisNode node) => new(node.Host, node.Port);

    public Task<RedisClient> ConnectAsync(Func<RedisClientOptions, RedisClientOptions>? with = null) => RedisClient.ConnectAsync(with is null ? Options : with(Options));

    /// <summary>Which server a client writes to.</summary>
    public RedisNode Of(RedisClient redis) => Data.Single(node => node.Port == redis.Server!.Endpoint.Port);

    /// <summary>Whom most of the sentinels that answer call the primary.</summary>
    public async Task<RedisNode> PrimaryAsync()
    {
        var votes = new List<int>();
        foreach (RedisNode sentinel in Sentinels.Where(sentinel => sentinel.IsRunning))
            votes.Add((int)(await sentinel.CommandAsync("SENTINEL", "GET-MASTER-ADDR-BY-NAME", Name)).Items[1].ToInt64());
        int port = votes.GroupBy(vote => vote).OrderByDescending(group => group.Count()).First().Key;
        return Data.Single(node => node.Port == port);
    }

    /// <summary>Waits until another server than this one takes writes.</summary>
    /// <returns>The server, and when it was first seen to.</returns>
    public async Task<(RedisNode Node, long At)> PromotedAsync(RedisNode old, int seconds = 30)
    {
        long started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started).TotalSeconds < seconds)
        {
            foreach (RedisNode node in Data.Where(node => node != old && node.IsRunning))
            {
                try
                {
                    if ((await node.CommandAsync("ROLE")).Items[0].Text == "master") return (node, Stopwatch.GetTimestamp());
                }
                catch (IOException)
                {
                    // It closes all connections in the moment in which its role changes.
                }
            }

            await Task.Delay(5);
        }

        Assert.Fail($"Nobody took the place of {old} within {seconds} s. {await Sentinels.First(sentinel => sentinel.IsRunning).ReadLogAsync()}");
        throw new UnreachableException();
    }

    /// <summary>Waits until all sentinels agree on a primary that has two replicas in step: then another failover can begin.</summary>
    public async Task SettledAsync()
    {
        await Bounded.Until(
            async () =>
            {
                RedisNode primary = await PrimaryAsync();
                if (!primary.IsRunning) return false;
                foreach (RedisNode sentinel in Sentinels.Where(sentinel => sentinel.IsRunning))
                {
                    Dictionary<string, string> fields = (await sentinel.CommandAsync("SENTINEL", "MASTER", Name)).Items.Chunk(2).ToDictionary(pair => pair[0].Text!, pair => pair[1].Text!);
                    if (fields["port"] != $"{primary.Port}" || fields["flags"] != "master") return false;
                }

                string info = (await primary.CommandAsync("INFO", "replication")).Text!;
                int wanted = Data.Count(node => node.IsRunning) - 1;
                return info.Contains("role:master", StringComparison.Ordinal) && info.Split("state=online").Length - 1 == wanted;
            },
            "the sentinels agree, and every replica is in step",
            60);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
