using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Cluster;

/// <summary>Shard channels are heard at the nodes that serve their slots, wherever these go; other channels at any node.</summary>
[Collection(nameof(SlotMoveTests))]
public sealed class ClusterSubscriptionTests
{
    [Theory]
    [MemberData(nameof(ClusterServers.Flavors), MemberType = typeof(ClusterServers))]
    public async Task Shard_channels_of_all_nodes_are_one_subscription(RedisFlavor flavor)
    {
        await using RedisClient redis = await ClusterServers.ConnectAsync(flavor);
        string key = Servers.NewKey();
        RedisArgument[] channels = [.. Enumerable.Range(0, 30).Select(i => (RedisArgument)$"{key}:{i}")];
        await using RedisSubscription shards = await redis.SubscribeShardedAsync(channels);
        await using var reading = new SubscriptionReading(shards);
        foreach (RedisArgument channel in channels) Assert.Equal(1, await redis.ExecuteAsync(RedisCommand.Create("SPUBLISH", channel, channel), Replies.Integer));
        var heard = new HashSet<string>();
        while (heard.Count < channels.Length) heard.Add(await reading.NextTextAsync());
        await shards.RemoveAsync(channels[..29]);
        await Bounded.Until(async () => await redis.ExecuteAsync(RedisCommand.Create("SPUBLISH", channels[0], "nobody"), Replies.Integer) == 0, "the node is told to stop");
        Assert.Equal(1, await redis.ExecuteAsync(RedisCommand.Create("SPUBLISH", channels[29], "last"), Replies.Integer));
        Assert.Equal("last", await reading.NextTextAsync());
    }

    [Theory]
    [MemberData(nameof(ClusterServers.Flavors), MemberType = typeof(ClusterServers))]
    public async Task A_shard_channel_moves_with_its_slot_and_marks_the_gap(RedisFlavor flavor)
    {
        RedisServer server = await ClusterServers.GetAsync(flavor);
        await using RedisClient redis = await ClusterServers.ConnectAsync(server);
        string moves = Servers.NewKey();
        string stays = (await KeysElsewhereAsync(server, moves))[0];
        await using RedisSubscription both = await redis.SubscribeShardedAsync([moves, stays]);
        await using var reading = new SubscriptionReading(both);
        SlotMover mover = await SlotMover.OfAsync(server, moves);
        for (int round = 0; round < 2; round++)
        {
            await mover.MoveAsync();
            Assert.Equal(RedisMessageKind.Gap, (await reading.NextAsync()).Kind);
            Assert.Equal(1, await redis.ExecuteAsync(RedisCommand.Create("SPUBLISH", moves, "here"), Replies.Integer));
            Assert.Equal("here", await reading.NextTextAsync());
            Assert.Equal(1, await redis.ExecuteAsync(RedisCommand.Create("SPUBLISH", stays, "there"), Replies.Integer));
            Assert.Equal("there", await reading.NextTextAsync());
            mover = mover.Back();
        }
    }

    [Theory]
    [MemberData(nameof(ClusterServers.Flavors), MemberType = typeof(ClusterServers))]
    public async Task A_slot_map_that_is_out_of_date_does_not_keep_from_subscribing(RedisFlavor flavor)
    {
        RedisServer server = await ClusterServers.GetAsync(flavor);
        string channel = Servers.NewKey();
        await using RedisClient redis = await ClusterServers.ConnectAsync(server, options => options with { Cluster = new() { RefreshInterval = TimeSpan.FromHours(1) } });
        SlotMover mover = await SlotMover.OfAsync(server, channel);
        await mover.MoveAsync();
        try
        {
            await using RedisSubscription shard = await redis.SubscribeShardedAsync([channel]);
            await using var reading = new SubscriptionReading(shard);
            Assert.Equal(1, await redis.ExecuteAsync(RedisCommand.Create("SPUBLISH", channel, "x"), Replies.Integer));
            Assert.Equal("x", await reading.NextTextAsync());
        }
        finally
        {
            await mover.Back().MoveAsync();
        }
    }

    [Theory]
    [MemberData(nameof(ClusterServers.Flavors), MemberType = typeof(ClusterServers))]
    public async Task Other_channels_and_patterns_are_heard_whoever_publishes_and_whichever_node_dies(RedisFlavor flavor)
    {
        await using RedisServer server = await ClusterServers.StartAsync(flavor);
        await using RedisClient redis = await ClusterServers.ConnectAsync(server);
        await using RedisSubscription news = await redis.SubscribeAsync(["news"]);
        await using RedisSubscription shard = await redis.SubscribeShardedAsync(["shard"]);
        await using var reading = new SubscriptionReading(news);
        await using var readingShard = new SubscriptionReading(shard);
        foreach (IRedisClient primary in await redis.GetPrimariesAsync()) await primary.PublishAsync("news", "x");
        for (int i = 0; i < 3; i++) Assert.Equal("x", await reading.NextTextAsync());
        RedisNode listening = await ListeningAsync(server);
        RedisNode owner = await server.OwnerAsync(HashSlot.Of((RedisArgument)"shard"));
        // Both on one node, so that a majority of primaries is left to promote its replica.
        if (owner != listening)
        {
            SlotMover mover = await SlotMover.OfAsync(server, HashSlot.Of((RedisArgument)"shard"), listening);
            await mover.MoveAsync();
            Assert.Equal(RedisMessageKind.Gap, (await readingShard.NextAsync()).Kind);
            // A replica that does not know what its primary got last is not voted for.
            foreach (RedisNode node in server.Nodes) await Bounded.Until(async () => await node.OwnerSeenAsync(server, mover.Slot) == listening, $"{node} knows of the move");
        }

        await listening.KillAsync();
        Task publishing = PublishAsync();
        Assert.Equal(RedisMessageKind.Gap, (await reading.NextAsync()).Kind);
        Assert.Equal("again", await reading.NextTextAsync());
        Assert.Equal(RedisMessageKind.Gap, (await readingShard.NextAsync()).Kind);
        Assert.Equal("again", await readingShard.NextTextAsync());
        await publishing;

        // Whoever publishes before the replica is promoted reaches nobody, so it is done until somebody is reached.
        async Task PublishAsync()
        {
            await Bounded.Until(async () => news.IsLive && await ReachesAsync("PUBLISH", "news"), "the channel is heard again", 30);
            await Bounded.Until(async () => shard.IsLive && await ReachesAsync("SPUBLISH", "shard"), "the shard channel is heard again", 30);
        }

        async Task<bool> ReachesAsync(string command, string channel)
        {
            try
            {
                _ = await redis.ExecuteAsync(RedisCommand.Create(command, channel, "again"), Replies.Integer);
                return true;
            }
            catch (RedisException error) when (error.IsTransient)
            {
                return false;
            }
        }
    }

    private static async Task<RedisNode> ListeningAsync(RedisServer server)
    {
        foreach (RedisNode node in server.Nodes)
        {
            if ((await node.CommandAsync("PUBSUB", "NUMSUB", "news")).Items[1].ToInt64() > 0) return node;
        }

        throw new InvalidOperationException("Nobody listens.");
    }

    private static async Task<string[]> KeysElsewhereAsync(RedisServer server, string key)
    {
        RedisNode owner = await server.OwnerAsync(HashSlot.Of((RedisArgument)key));
        var elsewhere = new List<string>();
        for (int i = 0; elsewhere.Count == 0; i++)
        {
            if (await server.OwnerAsync(HashSlot.Of((RedisArgument)$"{key}:{i}")) != owner) elsewhere.Add($"{key}:{i}");
        }

        return [.. elsewhere];
    }
}
