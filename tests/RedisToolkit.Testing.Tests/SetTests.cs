namespace RedisToolkit.Testing.Tests;

/// <summary>Sets of several processes: one at a time, so that two cores are enough.</summary>
[Collection("sets")]
public sealed class SetTests
{
    [Theory, ClassData(typeof(Flavors))]
    public async Task Replicas_are_attached_and_have_what_was_written(RedisFlavor flavor)
    {
        await using var server = await RedisServer.StartAsync(new() { Flavor = flavor, Topology = RedisTopology.Replicated });
        Assert.Equal(2, server.Replicas.Count);
        await server.CommandAsync("SET", "key", "value");
        foreach (var replica in server.Replicas)
        {
            await HasAsync(replica, "value");
            Assert.Equal("READONLY", (await Assert.ThrowsAsync<CommandException>(() => replica.CommandAsync("SET", "key", "x"))).Code);
        }
    }

    [Theory]
    [InlineData(RedisFlavor.Redis)]
    [InlineData(RedisFlavor.Valkey)]
    public async Task Replicas_attach_with_a_password_and_over_TLS(RedisFlavor flavor)
    {
        await using var server = await RedisServer.StartAsync(
            new() { Flavor = flavor, Topology = RedisTopology.Replicated, Replicas = 1, Password = "pw d", Tls = RedisTls.ClientCertificate });
        var replica = Assert.Single(server.Replicas);
        Assert.Equal("slave", (await replica.CommandAsync("ROLE")).Items[0].Text);
        Assert.Equal("connected", (await replica.CommandAsync("ROLE")).Items[3].Text);
        await server.CommandAsync("SET", "key", "value");
        await HasAsync(replica, "value");

        await replica.KillAsync();
        await replica.StartAsync();
        await HasAsync(replica, "value");
    }

    [Theory, ClassData(typeof(Flavors))]
    public async Task Every_sentinel_knows_all_and_a_failover_happens(RedisFlavor flavor)
    {
        await using var server = await RedisServer.StartAsync(
            new() { Flavor = flavor, Topology = RedisTopology.Sentinel, ServiceName = "orders", Password = "data", SentinelPassword = flavor == RedisFlavor.Redis7 ? null : "sent" });
        Assert.Equal(3, server.Sentinels.Count);
        foreach (var sentinel in server.Sentinels)
        {
            Assert.Equal($"{server.Port}", (await sentinel.CommandAsync("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "orders")).Items[1].Text);
            Assert.StartsWith("OK 3 usable", (await sentinel.CommandAsync("SENTINEL", "CKQUORUM", "orders")).Text, StringComparison.Ordinal);
            Assert.Equal(2, (await sentinel.CommandAsync("SENTINEL", "REPLICAS", "orders")).Items.Count);
        }

        if (flavor == RedisFlavor.Redis7) return; // one death is enough to test per product
        await server.KillAsync();
        var ports = server.Replicas.Select(replica => $"{replica.Port}").ToHashSet();
        foreach (var sentinel in server.Sentinels)
        {
            await Eventually.IsTrueAsync(
                async () => ports.Contains((await sentinel.CommandAsync("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "orders")).Items[1].Text!),
                $"{sentinel} names a replica as the new primary", 30);
        }
    }

    [Fact]
    public async Task Sentinels_work_over_TLS_and_restart_with_what_they_know()
    {
        await using var server = await RedisServer.StartAsync(
            new() { Topology = RedisTopology.Sentinel, Replicas = 1, Sentinels = 1, Tls = RedisTls.ClientCertificate });
        var sentinel = Assert.Single(server.Sentinels);
        await sentinel.RestartAsync(keepData: true);
        Assert.Equal($"{server.Port}", (await sentinel.CommandAsync("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "mymaster")).Items[1].Text);
        Assert.Single((await sentinel.CommandAsync("SENTINEL", "REPLICAS", "mymaster")).Items);
    }

    [Theory]
    [InlineData(RedisFlavor.Redis, RedisTls.None, "pw")]
    [InlineData(RedisFlavor.Valkey, RedisTls.ClientCertificate, null)]
    [InlineData(RedisFlavor.Redis7, RedisTls.None, null)]
    public async Task A_cluster_is_whole_in_the_eyes_of_every_node(RedisFlavor flavor, RedisTls tls, string? password)
    {
        await using var server = await RedisServer.StartAsync(new() { Flavor = flavor, Topology = RedisTopology.Cluster, Tls = tls, Password = password });
        Assert.Equal((3, 3), (server.Primaries.Count, server.Replicas.Count));
        foreach (var node in server.Nodes)
        {
            Assert.Contains("cluster_state:ok", (await node.CommandAsync("CLUSTER", "INFO")).Text, StringComparison.Ordinal);
            var slots = (await node.CommandAsync("CLUSTER", "SLOTS")).Items;
            Assert.Equal(16_384, slots.Sum(range => range.Items[1].ToInt64() - range.Items[0].ToInt64() + 1));
            Assert.All(slots, range => Assert.Equal(4, range.Items.Count)); // first, last, primary, replica
            Assert.Equal(server.Nodes.Select(n => n.Port).Order(), slots.SelectMany(range => range.Items.Skip(2)).Select(n => (int)n.Items[1].ToInt64()).Order());
        }

        // Slot 12182 is of the last third.
        Assert.Equal("OK", (await server.Primaries[2].CommandAsync("SET", "foo", "bar")).Text);
        var moved = await Assert.ThrowsAsync<CommandException>(() => server.Primaries[0].CommandAsync("GET", "foo"));
        Assert.Equal($"MOVED 12182 127.0.0.1:{server.Primaries[2].Port}", moved.Message);
    }

    [Fact]
    public async Task A_cluster_may_have_more_primaries_and_no_replicas()
    {
        await using var server = await RedisServer.StartAsync(new() { Topology = RedisTopology.Cluster, Primaries = 4, Replicas = 0 });
        Assert.Equal(4, server.Nodes.Count);
        Assert.Contains("cluster_size:4", (await server.CommandAsync("CLUSTER", "INFO")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_of_a_cluster_that_was_killed_takes_its_place_again()
    {
        await using var server = await RedisServer.StartAsync(new() { Topology = RedisTopology.Cluster });
        var replica = server.Replicas[0];
        await replica.KillAsync();
        await replica.StartAsync();
        await Eventually.IsTrueAsync(
            async () => (await replica.CommandAsync("CLUSTER", "INFO")).Text!.Contains("cluster_state:ok", StringComparison.Ordinal), "the cluster is ok for the node again");
        Assert.Equal("slave", (await replica.CommandAsync("ROLE")).Items[0].Text);
    }

    private static Task HasAsync(RedisNode replica, string value) =>
        Eventually.IsTrueAsync(async () => (await replica.CommandAsync("GET", "key")).Text == value, $"{replica} has '{value}'");
}
