using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Cluster;

/// <summary>What goes wrong says what to change.</summary>
[Collection(nameof(SlotMoveTests))]
public sealed class ClusterErrorTests
{
    [Fact]
    public async Task A_client_for_one_server_says_how_to_talk_to_a_cluster()
    {
        await using RedisClient redis = await Servers.ConnectAsync(await ClusterServers.GetAsync());
        RedisServerException? moved = null;
        for (int i = 0; i < 20 && moved is null; i++)
        {
            try
            {
                _ = await redis.GetAsync($"key:{i}");
            }
            catch (RedisServerException refusal)
            {
                moved = refusal;
            }
        }

        Assert.Contains("RedisClientOptions.Cluster", moved!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_for_a_cluster_says_that_a_server_is_none()
    {
        RedisServer server = await Servers.GetAsync();
        RedisConnectionException error = await Assert.ThrowsAsync<RedisConnectionException>(() => ClusterServers.ConnectAsync(server));
        Assert.Equal(ConnectionFailure.Handshake, error.Failure);
        Assert.Contains("leave RedisClientOptions.Cluster unset", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_do_not_wait_for_what_no_waiting_mends()
    {
        RedisServer server = await Servers.GetAsync();
        await using var redis = new RedisClient(RedisClientOptions.Parse(server.ConnectionString) with { Cluster = new(), CommandTimeout = TimeSpan.FromSeconds(60) });
        await Assert.ThrowsAsync<RedisConnectionException>(() => Bounded.Within(redis.GetAsync("x").AsTask(), 20, "a command that cannot be sent"));
    }

    [Fact]
    public async Task A_seed_that_is_down_does_not_matter_as_long_as_another_one_answers()
    {
        RedisServer server = await ClusterServers.GetAsync();
        await using RedisClient redis = await ClusterServers.ConnectAsync(server, options => options with { Endpoints = ["127.0.0.1:1", .. options.Endpoints] });
        await redis.SetAsync(Servers.NewKey(), 1);
    }

    [Fact]
    public async Task A_key_whose_part_failed_is_named_and_the_others_are_done()
    {
        await using RedisServer server = await ClusterServers.StartAsync(RedisFlavor.Redis, options => options with { Replicas = 0, ClusterNodeTimeout = TimeSpan.FromSeconds(30) });
        await using RedisClient redis = await ClusterServers.ConnectAsync(server);
        RedisArgument[] keys = [.. Enumerable.Range(0, 30).Select(i => (RedisArgument)$"k{i}")];
        RedisArgument[] pairs = [.. keys.SelectMany(key => new[] { key, key })];
        await redis.ExecuteAsync(RedisCommand.Create("MSET", pairs), Replies.Done);
        int dead = HashSlot.Count / 3 * 2;
        await server.Primaries[2].PauseAsync();
        RedisSplitCommandException error = await Assert.ThrowsAsync<RedisSplitCommandException>(async () => await redis.ExecuteAsync(RedisCommand.Create("DEL", keys).WithTimeout(TimeSpan.FromSeconds(1)), Replies.Integer));
        await server.Primaries[2].ResumeAsync();
        Assert.Equal(keys.Where(key => HashSlot.Of(key) > dead), error.Failures.Select(static failure => failure.Key));
        Assert.All(error.Failures, static failure => Assert.Equal(CommandOutcome.Unknown, failure.Error.Outcome));
        Assert.Equal(CommandOutcome.Unknown, error.Outcome);
        RedisArgument[] done = [.. keys.Where(key => HashSlot.Of(key) <= dead - 2)];
        Assert.Equal(0, await redis.ExecuteAsync(RedisCommand.Create("EXISTS", done), Replies.Integer));
    }

    [Fact]
    public async Task Tracking_is_for_each_primary_by_itself()
    {
        await using RedisClient redis = await ClusterServers.ConnectAsync();
        RedisTrackingUnavailableException error = await Assert.ThrowsAsync<RedisTrackingUnavailableException>(async () => await redis.TrackAsync(null, new RecordingListener()));
        Assert.Contains("GetPrimariesAsync", error.Message, StringComparison.Ordinal);
        foreach (IRedisClient primary in await redis.GetPrimariesAsync()) await (await primary.TrackAsync(null, new RecordingListener())).DisposeAsync();
    }

    [Theory]
    [InlineData("redis+cluster://a,b:7001", true)]
    [InlineData("valkeys+cluster://a", true)]
    [InlineData("redis://a?cluster=true", true)]
    [InlineData("a:7000,b:7001,cluster=true", true)]
    [InlineData("a:7000,cluster_refresh_interval=5s", true)]
    [InlineData("redis://a", false)]
    public void Connection_strings_say_whether_it_is_a_cluster(string text, bool cluster) => Assert.Equal(cluster, RedisClientOptions.Parse(text).Cluster is not null);

    [Fact]
    public void Options_that_exclude_each_other_are_named()
    {
        var options = new RedisClientOptions { Cluster = new() { RefreshInterval = TimeSpan.Zero }, Database = 1 };
        RedisOptionsException error = Assert.Throws<RedisOptionsException>(() => new RedisClient(options));
        Assert.Contains("Cluster.RefreshInterval", error.Message, StringComparison.Ordinal);
        Assert.Contains("only database 0", error.Message, StringComparison.Ordinal);
    }
}
