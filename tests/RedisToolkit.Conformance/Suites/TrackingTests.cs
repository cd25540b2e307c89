using System.Text;
using RedisToolkit.Client;
using RedisToolkit.Testing;

namespace RedisToolkit.Conformance;

/// <summary>What was read through a tracking is announced when it changes; where announcements may be missing, there is a gap.</summary>
public abstract class TrackingTests(ClientUnderTest client) : ConformanceTests(client)
{
    [Theory, EveryServer, Limited(Limit.Tracking)]
    public async Task A_change_of_what_was_read_is_announced_before_the_fence_that_follows_it(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        var listener = new RecordingListener();
        if (IsLimited(Limit.Tracking))
        {
            await RefusesAsync(Limit.Tracking, async () => await redis.TrackAsync(null, listener));
            Assert.Empty(listener.Events);
            return;
        }

        await Assert.ThrowsAsync<ArgumentNullException>(async () => await redis.TrackAsync(null, null!));
        await using RedisTracking tracking = await redis.TrackAsync(null, listener);
        Assert.Equal((true, 1), (tracking.IsArmed, tracking.Epoch));
        await redis.SetAsync(key, "old");
        Assert.Equal("old", await tracking.ExecuteAsync(RedisCommand.Create("GET", key), Replies.Text, new RecordingObserver(listener)));
        await redis.SetAsync(key, "new");
        await redis.SetAsync(key + ":not read", "x");
        await tracking.FenceAsync();
        Assert.Equal(["armed 1", "read old in 1", "key " + key], listener.Events);
    }

    [Theory, EveryServer, Limited(Limit.Tracking)]
    public async Task Keys_with_a_prefix_are_announced_as_bytes_though_nobody_read_them(RedisFlavor flavor)
    {
        if (IsLimited(Limit.Tracking)) return;
        await using IRedisClient redis = await ConnectAsync(flavor);
        var listener = new RecordingListener();
        byte[] prefix = [0, 13, 10, 255, .. Encoding.UTF8.GetBytes(TestServers.NewKey())];
        byte[] key = [.. prefix, 13, 10, 0];
        await using RedisTracking tracking = await redis.TrackAsync(new RedisTrackingOptions { Mode = RedisTrackingMode.Broadcast, Prefixes = [prefix] }, listener);
        await redis.SetAsync(key, "1");
        await redis.SetAsync(TestServers.NewKey(), "another");
        await tracking.FenceAsync();
        Assert.Equal(key, Assert.Single(listener.Keys));
    }

    [Theory, EveryServer, Limited(Limit.Tracking)]
    public async Task A_flush_and_a_lost_connection_are_told(RedisFlavor flavor)
    {
        if (IsLimited(Limit.Tracking)) return;
        await using RedisServer server = await StartServerAsync(flavor);
        await using IRedisClient redis = await ConnectAsync(server);
        var listener = new RecordingListener();
        await using RedisTracking tracking = await redis.TrackAsync(null, listener);
        await redis.FlushDatabaseAsync();
        await tracking.FenceAsync();
        Assert.Equal(["armed 1", "flush"], listener.Events);
        await server.CommandAsync("CLIENT", "KILL", "TYPE", "normal");
        await Bounded.Until(() => listener.Count("armed 2") == 1, "it is armed again");
        Assert.Equal(["armed 1", "flush", "gap", "armed 2"], listener.Events);
        Assert.Equal(2, tracking.Epoch);
    }
}
