using System.Diagnostics;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Cluster;

/// <summary>Primaries fail over, die, stall, come and go; callers see no more than unknown outcomes while that happens.</summary>
[Collection(nameof(FailoverTests))]
public sealed class FailoverTests
{
    [Theory]
    [MemberData(nameof(ClusterServers.Flavors), MemberType = typeof(ClusterServers))]
    public async Task A_primary_that_hands_over_and_one_that_is_killed_are_left_behind(RedisFlavor flavor)
    {
        await using RedisServer server = await ClusterServers.StartAsync(flavor);
        await using RedisClient redis = await ClusterServers.ConnectAsync(server);
        await using var load = new CountingLoad(redis, callers: 30);

        await load.MakeProgressAsync();
        RedisNode replica = server.Replicas[0], primary = await PrimaryOfAsync(server, replica);
        await replica.CommandAsync("CLUSTER", "FAILOVER");
        await Bounded.Until(() => IsPrimaryAsync(replica), "the replica is promoted");
        await load.MakeProgressAsync();
        Assert.Empty(load.Errors);

        // The one that is the primary now dies. What it had in flight is unknown; nothing else fails.
        await Bounded.Until(async () => (await primary.CommandAsync("ROLE")).Items[0].Text == "slave" && (await primary.CommandAsync("INFO", "replication")).Text!.Contains("master_link_status:up", StringComparison.Ordinal), "the old primary follows");
        await replica.KillAsync();
        await Bounded.Until(() => IsPrimaryAsync(primary), "the old primary is promoted again");
        long promoted = Stopwatch.GetTimestamp();
        await load.MakeProgressAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(promoted).TotalSeconds, 0, 10);
        await load.StopAsync();
        Assert.All(load.Errors, static error => Assert.Equal(CommandOutcome.Unknown, Assert.IsAssignableFrom<RedisException>(error).Outcome));
        await load.CheckAsync(mayHaveLostSome: true);
    }

    [Theory]
    [MemberData(nameof(ClusterServers.Flavors), MemberType = typeof(ClusterServers))]
    public async Task A_primary_that_stalls_is_replaced_and_takes_no_writes_when_it_wakes(RedisFlavor flavor)
    {
        await using RedisServer server = await ClusterServers.StartAsync(flavor);
        await using RedisClient redis = await ClusterServers.ConnectAsync(server, options => options with { HeartbeatInterval = TimeSpan.FromMilliseconds(500), HeartbeatTimeout = TimeSpan.FromSeconds(1) });
        await using var load = new CountingLoad(redis, callers: 20);
        await load.MakeProgressAsync();
        RedisNode replica = server.Replicas[1], primary = await PrimaryOfAsync(server, replica);
        await primary.PauseAsync();
        await Bounded.Until(() => IsPrimaryAsync(replica), "the replica is promoted");
        await load.MakeProgressAsync();
        await primary.ResumeAsync();
        await load.MakeProgressAsync();
        await load.StopAsync();
        Assert.All(load.Errors, static error => Assert.Equal(CommandOutcome.Unknown, Assert.IsAssignableFrom<RedisException>(error).Outcome));
        await load.CheckAsync(mayHaveLostSome: true);
    }

    [Theory]
    [MemberData(nameof(ClusterServers.Flavors), MemberType = typeof(ClusterServers))]
    public async Task A_node_joins_takes_slots_and_leaves_again_unnoticed(RedisFlavor flavor)
    {
        // By default a primary without slots becomes a replica by itself.
        await using RedisServer server = await ClusterServers.StartAsync(flavor, options => options with
        {
            Primaries = 4,
            Replicas = 0,
            Configuration = new Dictionary<string, string> { ["cluster-allow-replica-migration"] = "no" },
        });
        RedisNode comesAndGoes = server.Primaries[3];
        await using RedisClient redis = await ClusterServers.ConnectAsync(server, options => options with { Cluster = new() { RefreshInterval = TimeSpan.FromSeconds(1) } });
        await using var load = new CountingLoad(redis, callers: 20);
        await load.MakeProgressAsync();
        Assert.Equal(4, (await redis.GetPrimariesAsync()).Count);
        int[] slots = [.. load.Slots];
        foreach (int slot in slots)
        {
            if (await server.OwnerAsync(slot) == comesAndGoes) await (await SlotMover.OfAsync(server, slot, server.Primaries[0])).MoveAsync();
        }

        await GiveAwayAsync(server, comesAndGoes, server.Primaries[0], slots);
        await Bounded.Until(async () => (await redis.GetPrimariesAsync()).Count == 3, "the node that has no slots is left");
        await load.MakeProgressAsync();
        foreach (int slot in slots.Take(4)) await (await SlotMover.OfAsync(server, slot, comesAndGoes)).MoveAsync();
        await load.MakeProgressAsync();
        Assert.Equal(4, (await redis.GetPrimariesAsync()).Count);
        await load.StopAsync();
        Assert.Empty(load.Errors);
        await load.CheckAsync(mayHaveLostSome: false);
    }

    // Slots without keys need no migration, only the word of both.
    private static async Task GiveAwayAsync(RedisServer server, RedisNode from, RedisNode to, int[] except)
    {
        string id = await to.IdAsync();
        RedisClientOptions options = RedisClientOptions.Parse(server.ConnectionString);
        // Who has the latest epoch is believed by those who are not told.
        await to.CommandAsync("CLUSTER", "BUMPEPOCH");
        foreach (RedisNode node in new[] { to, from })
        {
            await using RedisClient redis = await RedisClient.ConnectAsync(options with { Endpoints = [new RedisEndpoint(node.Host, node.Port)] });
            var batch = new RedisBatch();
            for (int slot = 3 * HashSlot.Count / 4; slot < HashSlot.Count; slot++)
            {
                if (!except.Contains(slot)) batch.Add(RedisCommand.Create("CLUSTER", "SETSLOT", slot, "NODE", id), Replies.Done);
            }

            await redis.ExecuteAsync(batch);
            Assert.DoesNotContain(batch.Results, static result => result.Error is not null);
        }

        foreach (RedisNode node in server.Nodes)
            await Bounded.Until(async () => (await node.CommandAsync("CLUSTER", "SLOTS")).Items.All(range => range.Items[2].Items[1].ToInt64() != from.Port), $"{node} knows that {from} has no slots");
    }

    private static async Task<bool> IsPrimaryAsync(RedisNode node) => (await node.CommandAsync("ROLE")).Items[0].Text == "master";

    private static async Task<RedisNode> PrimaryOfAsync(RedisServer server, RedisNode replica)
    {
        long port = (await replica.CommandAsync("ROLE")).Items[2].ToInt64();
        return server.Nodes.First(node => node.Port == port);
    }
}

/// <summary>Each kills and stalls servers of its own; several at once would stall each other.</summary>
[CollectionDefinition(nameof(FailoverTests))]
public sealed class FailoverGroup;
