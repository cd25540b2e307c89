using System.Text;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Tracking;

public sealed class TrackingTests
{
    public static TheoryData<RedisFlavor> Flavors => Servers.Flavors;

    private static RedisCommand Get(RedisArgument key) => RedisStrings.Get(key).Command;

    [Theory]
    [MemberData(nameof(Flavors))]
    public async Task A_key_that_was_read_is_announced_once_when_it_changes(RedisFlavor flavor)
    {
        await using RedisClient redis = await Servers.ConnectAsync(flavor);
        var listener = new RecordingListener();
        await using RedisTracking tracking = await redis.TrackAsync(null, listener);
        Assert.Equal((1, true), (tracking.Epoch, tracking.IsArmed));
        string key = Servers.NewKey();
        await redis.SetAsync(key, "1");
        Assert.Equal("1", await tracking.ExecuteAsync(Get(key), Replies.Text, new RecordingObserver(listener)));
        await redis.SetAsync(key, "2");
        await redis.SetAsync(key, "3");
        await tracking.FenceAsync();
        Assert.Equal("3", await tracking.ExecuteAsync(Get(key), Replies.Text, new RecordingObserver(listener)));
        await redis.SetAsync(key, "4");
        await tracking.FenceAsync();
        Assert.Equal(["armed 1", "read 1 in 1", "key " + key, "read 3 in 1", "key " + key], listener.Events);
    }

    [Theory]
    [MemberData(nameof(Flavors))]
    public async Task A_key_that_was_missing_is_announced_when_it_comes_to_be(RedisFlavor flavor)
    {
        await using RedisClient redis = await Servers.ConnectAsync(flavor);
        var listener = new RecordingListener();
        await using RedisTracking tracking = await redis.TrackAsync(new RedisTrackingOptions(), listener);
        string key = Servers.NewKey();
        Assert.Null(await tracking.ExecuteAsync(Get(key), Replies.Text));
        await redis.SetAsync(key, "1");
        await tracking.FenceAsync();
        Assert.Equal(["armed 1", "key " + key], listener.Events);
    }

    [Theory]
    [MemberData(nameof(Flavors))]
    public async Task Only_reads_that_opt_in_are_tracked_and_each_of_ours_does(RedisFlavor flavor)
    {
        await using RedisClient redis = await Servers.ConnectAsync(flavor);
        var listener = new RecordingListener();
        await using RedisTracking tracking = await redis.TrackAsync(new RedisTrackingOptions { Mode = RedisTrackingMode.OptIn }, listener);
        string stem = Servers.NewKey();
        string[] keys = [.. Enumerable.Range(0, 200).Select(i => $"{stem}:{i}")];
        foreach (string key in keys) await redis.SetAsync(key, key);
        // At once, with fences between them, which would take the tracking of the read that they came between.
        Task<string?>[] reads = [.. keys.Select(key => tracking.ExecuteAsync(Get(key), Replies.Text, new RecordingObserver(listener)).AsTask())];
        Task[] fences = [.. keys.Select(_ => tracking.FenceAsync().AsTask())];
        Assert.Equal(keys, await Task.WhenAll(reads));
        await Task.WhenAll(fences);
        foreach (string key in keys) await redis.SetAsync(key, "new");
        await tracking.FenceAsync();
        string[] expected = [.. keys.Select(key => "key " + key)];
        Assert.Equal(expected, listener.Events.Where(noted => noted.StartsWith("key", StringComparison.Ordinal)));
        Assert.All(keys, key => Assert.Equal(1, listener.Count($"read {key} in 1")));
    }

    [Fact]
    public async Task A_read_whose_opting_in_was_refused_is_marked_untracked()
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Users = [new RedisUser("app", "secret", "+@all ~*")] });
        await using RedisClient redis = await RedisClient.ConnectAsync(server.ConnectionStringFor("app"));
        var listener = new RecordingListener();
        await using RedisTracking tracking = await redis.TrackAsync(new RedisTrackingOptions { Mode = RedisTrackingMode.OptIn }, listener);
        await redis.SetAsync("a", "1");
        Assert.Equal("1", await tracking.ExecuteAsync(Get("a"), Replies.Text, new RecordingObserver(listener)));
        await server.CommandAsync("ACL", "SETUSER", "app", "-client|caching");
        Assert.Equal("1", await tracking.ExecuteAsync(Get("a"), Replies.Text, new RecordingObserver(listener)));
        Assert.Equal(["armed 1", "read 1 in 1", "read 1 in 1, untracked"], listener.Events);
    }

    [Theory]
    [MemberData(nameof(Flavors))]
    public async Task Broadcast_announces_every_key_with_a_prefix_in_large_numbers_too(RedisFlavor flavor)
    {
        await using RedisClient redis = await Servers.ConnectAsync(flavor);
        var listener = new RecordingListener();
        string stem = Servers.NewKey();
        await using RedisTracking tracking = await redis.TrackAsync(
            new RedisTrackingOptions { Mode = RedisTrackingMode.Broadcast, Prefixes = [stem + ":a:", stem + ":b:"] }, listener);
        string[] keys = [.. Enumerable.Range(0, 5000).Select(i => $"{stem}:{(char)('a' + (i % 3))}:{i}")];
        await Task.WhenAll(keys.Select(key => redis.SetAsync(key, "1").AsTask()));
        await tracking.FenceAsync();
        string[] expected = [.. keys.Where(key => !key.Contains(":c:", StringComparison.Ordinal)).Select(key => "key " + key).Order(StringComparer.Ordinal)];
        Assert.Equal(expected, listener.Events.Where(noted => noted.StartsWith("key", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Flavors))]
    public async Task Broadcast_without_prefixes_announces_every_key(RedisFlavor flavor)
    {
        await using RedisClient redis = await Servers.ConnectAsync(flavor);
        var listener = new RecordingListener();
        await using RedisTracking tracking = await redis.TrackAsync(new RedisTrackingOptions { Mode = RedisTrackingMode.Broadcast }, listener);
        string key = Servers.NewKey();
        await redis.SetAsync(key, "1");
        await tracking.FenceAsync();
        Assert.Equal(1, listener.Count("key " + key));
    }

    [Theory]
    [MemberData(nameof(Flavors))]
    public async Task Own_writes_are_announced_unless_left_out(RedisFlavor flavor)
    {
        await using RedisClient redis = await Servers.ConnectAsync(flavor);
        string key = Servers.NewKey();
        var loud = new RecordingListener();
        var quiet = new RecordingListener();
        await using RedisTracking all = await redis.TrackAsync(null, loud);
        await using RedisTracking others = await redis.TrackAsync(new RedisTrackingOptions { NoLoop = true }, quiet);
        _ = await all.ExecuteAsync(Get(key), Replies.Text);
        _ = await others.ExecuteAsync(Get(key), Replies.Text);
        _ = await all.ExecuteAsync(RedisStrings.Set(key, "1").Command, Replies.Done);
        await all.FenceAsync();
        await others.FenceAsync();
        Assert.Equal((1, 1), (loud.Count("key " + key), quiet.Count("key " + key)));
        _ = await others.ExecuteAsync(Get(key), Replies.Text);
        _ = await others.ExecuteAsync(RedisStrings.Set(key, "2").Command, Replies.Done);
        await others.FenceAsync();
        Assert.Equal(1, quiet.Count("key " + key));
    }

    [Theory]
    [MemberData(nameof(Flavors))]
    public async Task A_flush_is_told_before_the_fence_that_follows_it(RedisFlavor flavor)
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Flavor = flavor });
        await using RedisClient redis = await Servers.ConnectAsync(server);
        var listener = new RecordingListener();
        await using RedisTracking tracking = await redis.TrackAsync(null, listener);
        await redis.SetAsync("a", "1");
        _ = await tracking.ExecuteAsync(Get("a"), Replies.Text);
        await redis.ExecuteAsync(RedisCommand.Create("FLUSHALL"), Replies.Done);
        await tracking.FenceAsync();
        Assert.Equal(["armed 1", "flush"], listener.Events);
        // On the tracked connection itself the push comes before the reply on Redis 8, and after it on the others.
        _ = await tracking.ExecuteAsync(RedisCommand.Create("FLUSHALL"), Replies.Text, new RecordingObserver(listener));
        await tracking.FenceAsync();
        string[] own = flavor == RedisFlavor.Redis ? ["flush", "read OK in 1"] : ["read OK in 1", "flush"];
        Assert.Equal(["armed 1", "flush", .. own], listener.Events);
    }

    [Theory]
    [MemberData(nameof(Flavors))]
    public async Task Keys_are_bytes_and_are_announced_unchanged(RedisFlavor flavor)
    {
        await using RedisClient redis = await Servers.ConnectAsync(flavor);
        var listener = new RecordingListener();
        byte[] prefix = [0, 13, 10, 255];
        byte[] key = [.. prefix, .. Encoding.UTF8.GetBytes(Servers.NewKey()), 13, 10, 0];
        await using RedisTracking tracking = await redis.TrackAsync(null, listener);
        var broadcast = new RecordingListener();
        await using RedisTracking byPrefix = await redis.TrackAsync(new RedisTrackingOptions { Mode = RedisTrackingMode.Broadcast, Prefixes = [prefix] }, broadcast);
        _ = await tracking.ExecuteAsync(Get(key), Replies.Text);
        await redis.SetAsync(key, "1");
        await tracking.FenceAsync();
        await byPrefix.FenceAsync();
        Assert.Equal(key, Assert.Single(listener.Keys));
        Assert.Contains(broadcast.Keys, announced => announced.AsSpan().SequenceEqual(key));
    }

    [Theory]
    [MemberData(nameof(Flavors))]
    public async Task A_large_value_is_shown_in_order_too(RedisFlavor flavor)
    {
        await using RedisClient redis = await Servers.ConnectAsync(flavor);
        var listener = new RecordingListener();
        await using RedisTracking tracking = await redis.TrackAsync(new RedisTrackingOptions { Mode = RedisTrackingMode.OptIn }, listener);
        string key = Servers.NewKey();
        byte[] value = new byte[3_000_000];
        Random.Shared.NextBytes(value);
        await redis.SetAsync(key, value);
        var observer = new LengthObserver(listener);
        byte[]? read = await tracking.ExecuteAsync(Get(key), Replies.Bytes, observer);
        await redis.SetAsync(key, "small");
        await tracking.FenceAsync();
        Assert.Equal(value, read);
        Assert.Equal(["armed 1", "read 3000000", "key " + key], listener.Events);
    }

    [Fact]
    public async Task Where_RESP3_or_tracking_is_missing_it_is_said_at_once()
    {
        await using RedisClient resp2 = await Servers.ConnectAsync(RedisFlavor.Redis, options => options with { Protocol = RespProtocol.Resp2 });
        var unavailable = await Assert.ThrowsAsync<RedisTrackingUnavailableException>(async () => await resp2.TrackAsync(null, new RecordingListener()));
        Assert.Contains("RESP2", unavailable.Message, StringComparison.Ordinal);

        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions
        {
            Users = [new RedisUser("untracked", "secret", "+@all -client|tracking ~*"), new RedisUser("unproven", "secret", "+@all -client|trackinginfo ~*")],
        });
        foreach (string user in (string[])["untracked", "unproven"])
        {
            await using RedisClient redis = await RedisClient.ConnectAsync(server.ConnectionStringFor(user));
            var refused = await Assert.ThrowsAsync<RedisTrackingUnavailableException>(async () => await redis.TrackAsync(null, new RecordingListener()));
            Assert.Equal(RedisErrorCode.NoPermission, Assert.IsType<RedisServerException>(refused.InnerException).Code);
        }

        await using RedisClient disabled = await Servers.ConnectAsync(RedisFlavor.Redis, options => options with { CommandMap = RedisCommandMap.Create([new("CLIENT", null)]) });
        await Assert.ThrowsAsync<RedisTrackingUnavailableException>(async () => await disabled.TrackAsync(null, new RecordingListener()));
    }

    [Fact]
    public async Task Bad_options_and_commands_are_refused_before_anything_is_sent()
    {
        await using RedisClient redis = await Servers.ConnectAsync();
        var listener = new RecordingListener();
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await redis.TrackAsync(null, null!));
        var faults = await Assert.ThrowsAsync<RedisOptionsException>(async () => await redis.TrackAsync(new RedisTrackingOptions { Prefixes = ["a", "ab", "b", "b"] }, listener));
        Assert.Equal(3, faults.Faults.Count);
        await using RedisTracking tracking = await redis.TrackAsync(null, listener);
        await Assert.ThrowsAsync<ArgumentException>(async () => await tracking.ExecuteAsync(RedisCommand.Create("CLIENT", "TRACKING", "OFF"), Replies.Done));
        await Assert.ThrowsAsync<ArgumentException>(async () => await tracking.ExecuteAsync(RedisCommand.Create("SELECT", 1), Replies.Done));
        await Assert.ThrowsAsync<ArgumentException>(async () => await tracking.ExecuteAsync(RedisCommand.Create("BLPOP", "a", 1), Replies.Done));
        await Assert.ThrowsAsync<RedisServerException>(async () => await tracking.ExecuteAsync(RedisCommand.Create("NO.SUCH"), Replies.Done));
    }

    [Fact]
    public async Task An_observer_is_not_shown_what_its_caller_gave_up()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server);
        var listener = new RecordingListener();
        await using RedisTracking tracking = await redis.TrackAsync(null, listener);
        await server.Primary.PauseAsync();
        using var leave = new CancellationTokenSource();
        Task<string?> read = tracking.ExecuteAsync(Get("a"), Replies.Text, new RecordingObserver(listener), leave.Token).AsTask();
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        await server.Primary.ResumeAsync();
        await tracking.FenceAsync();
        Assert.Equal(["armed 1"], listener.Events);
    }

    [Fact]
    public async Task An_observer_that_throws_fails_its_own_command_only()
    {
        await using RedisClient redis = await Servers.ConnectAsync();
        var listener = new RecordingListener();
        await using RedisTracking tracking = await redis.TrackAsync(null, listener);
        await Assert.ThrowsAsync<RedisReplyException>(async () => await tracking.ExecuteAsync(Get("a"), Replies.Text, new ThrowingObserver()));
        await tracking.FenceAsync();
        Assert.Equal(["armed 1"], listener.Events);
    }

    private sealed class LengthObserver(RecordingListener listener) : ITrackedReplyObserver<byte[]?>
    {
        public void OnReply(byte[]? value, TrackedReply tracked) => listener.Note($"read {value!.Length}");
    }

    private sealed class ThrowingObserver : ITrackedReplyObserver<string?>
    {
        public void OnReply(string? value, TrackedReply tracked) => throw new InvalidOperationException("no");
    }
}
