using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Tracking;

public sealed class TrackingLossTests
{
    public static TheoryData<RedisFlavor> Flavors => Servers.Flavors;

    private static RedisCommand Get(RedisArgument key) => RedisStrings.Get(key).Command;

    [Theory]
    [MemberData(nameof(Flavors))]
    public async Task A_loss_is_told_before_anything_is_read_anew_and_tracking_is_armed_again(RedisFlavor flavor)
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Flavor = flavor });
        await using RedisClient redis = await Servers.ConnectAsync(server);
        var listener = new RecordingListener();
        await using RedisTracking tracking = await redis.TrackAsync(null, listener);
        var observer = new RecordingObserver(listener);
        await redis.SetAsync("a", "1");
        for (int epoch = 1; epoch <= 3; epoch++)
        {
            Assert.Equal("1", await tracking.ExecuteAsync(Get("a"), Replies.Text, observer));
            Assert.Equal(epoch, tracking.Epoch);
            await server.CommandAsync("CLIENT", "KILL", "TYPE", "normal");
        }

        // Waits for a connection that is armed, and is read there.
        Assert.Equal("1", await tracking.ExecuteAsync(Get("a"), Replies.Text, observer));
        await redis.SetAsync("a", "2");
        await tracking.FenceAsync();
        Assert.Equal(
            ["armed 1", "read 1 in 1", "gap", "armed 2", "read 1 in 2", "gap", "armed 3", "read 1 in 3", "gap", "armed 4", "read 1 in 4", "key a"],
            listener.Events);
    }

    [Theory]
    [InlineData(RedisTrackingMode.Default)]
    [InlineData(RedisTrackingMode.OptIn)]
    [InlineData(RedisTrackingMode.Broadcast)]
    public async Task Every_mode_is_armed_again_after_the_server_was_killed(RedisTrackingMode mode)
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server);
        var listener = new RecordingListener();
        await using RedisTracking tracking = await redis.TrackAsync(new RedisTrackingOptions { Mode = mode }, listener);
        await server.Primary.KillAsync();
        await Bounded.Until(() => listener.Count("gap") == 1, "the loss was told");
        Assert.False(tracking.IsArmed);
        await Assert.ThrowsAsync<RedisTimeoutException>(async () => await tracking.ExecuteAsync(Get("a").WithTimeout(TimeSpan.FromMilliseconds(300)), Replies.Text));
        await server.Primary.StartAsync();
        await Bounded.Until(() => tracking.IsArmed, "armed again");
        Assert.Null(await tracking.ExecuteAsync(Get("a"), Replies.Text));
        await redis.SetAsync("a", "1");
        await tracking.FenceAsync();
        Assert.Equal(["armed 1", "gap", "armed 2", "key a"], listener.Events);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_silent_loss_is_told_within_the_heartbeat_and_its_timeout(bool blackHole)
    {
        RedisServer server = await Servers.GetAsync();
        await using FaultProxy proxy = await server.Primary.StartProxyAsync();
        var interval = TimeSpan.FromMilliseconds(300);
        var patience = TimeSpan.FromMilliseconds(600);
        await using RedisClient redis = await RedisClient.ConnectAsync(new RedisClientOptions
        {
            Endpoints = [new RedisEndpoint(proxy.Host, proxy.Port)],
            HeartbeatInterval = interval,
            HeartbeatTimeout = patience,
            ConnectTimeout = TimeSpan.FromSeconds(1),
        });
        var listener = new RecordingListener();
        await using RedisTracking tracking = await redis.TrackAsync(null, listener);
        string key = Servers.NewKey();
        _ = await tracking.ExecuteAsync(Get(key), Replies.Text);
        long silentSince = TimeProvider.System.GetTimestamp();
        if (blackHole) proxy.BlackHole();
        else proxy.Stall();
        await Bounded.Until(() => listener.Count("gap") == 1, "the silence was told");
        // Twice the promise, against a busy machine; without heartbeats it would take minutes.
        Assert.True(TimeProvider.System.GetElapsedTime(silentSince) < (2 * (interval + patience)) + TimeSpan.FromSeconds(2), "too late");
        proxy.PassThrough();
        await Bounded.Until(() => tracking.IsArmed, "armed again");
        Assert.Equal(["armed 1", "gap", "armed 2"], listener.Events);
    }

    [Fact]
    public async Task A_listener_that_throws_costs_the_connection_and_nothing_else()
    {
        await using RedisClient redis = await Servers.ConnectAsync();
        var listener = new ThrowingListener();
        await using RedisTracking tracking = await redis.TrackAsync(null, listener);
        string key = Servers.NewKey();
        _ = await tracking.ExecuteAsync(Get(key), Replies.Text);
        await redis.SetAsync(key, "1");
        await Bounded.Until(() => tracking.Epoch == 2 && tracking.IsArmed, "armed on another connection");
        Assert.Equal(1, listener.Gaps);
        Assert.Equal("1", await tracking.ExecuteAsync(Get(key), Replies.Text));
    }

    [Fact]
    public async Task A_server_that_tracks_no_longer_is_said_to_callers_at_once()
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Users = [new RedisUser("app", "secret", "+@all ~*")] });
        await using RedisClient redis = await RedisClient.ConnectAsync(server.ConnectionStringFor("app"));
        var listener = new RecordingListener();
        await using RedisTracking tracking = await redis.TrackAsync(null, listener);
        await server.CommandAsync("ACL", "SETUSER", "app", "-client|tracking");
        await server.CommandAsync("CLIENT", "KILL", "USER", "app");
        await Assert.ThrowsAsync<RedisTrackingUnavailableException>(async () => await tracking.ExecuteAsync(Get("a"), Replies.Text));
        await server.CommandAsync("ACL", "SETUSER", "app", "+client|tracking");
        await Bounded.Until(() => tracking.IsArmed, "armed as soon as it may be");
        Assert.Null(await tracking.ExecuteAsync(Get("a"), Replies.Text));
    }

    [Fact]
    public async Task Disposing_ends_the_connection_and_tells_the_listener()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        RedisClient redis = await Servers.ConnectAsync(server);
        var first = new RecordingListener();
        var second = new RecordingListener();
        RedisTracking disposed = await redis.TrackAsync(null, first);
        _ = await redis.TrackAsync(null, second);
        await disposed.DisposeAsync();
        Assert.Equal(["armed 1", "gap"], first.Events);
        await Assert.ThrowsAsync<RedisConnectionException>(async () => await disposed.ExecuteAsync(Get("a"), Replies.Text));
        await redis.DisposeAsync();
        Assert.Equal(["armed 1", "gap"], second.Events);
        await Bounded.Until(async () => (await server.CommandAsync("CLIENT", "LIST")).Text!.Count(c => c == '\n') == 1, "no connection is left but the one that asks");
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await redis.TrackAsync(null, first));
    }

    private sealed class ThrowingListener : IInvalidationListener
    {
        private int _gaps;

        public int Gaps => Volatile.Read(ref _gaps);

        public void OnInvalidated(ReadOnlySpan<byte> key) => throw new InvalidOperationException("no");

        public void OnFlush() => throw new InvalidOperationException("no");

        public void OnGap()
        {
            Interlocked.Increment(ref _gaps);
            throw new InvalidOperationException("no");
        }

        public void OnArmed(long epoch)
        {
        }
    }
}
