using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Diagnostics;

[Collection(nameof(ProcessWide))]
public sealed class MetricsTests
{
    private const string Duration = "db.client.operation.duration";

    [Theory]
    [InlineData(RedisFlavor.Redis, "redis")]
    [InlineData(RedisFlavor.Valkey, "valkey")]
    public async Task A_command_is_measured_with_its_name_and_its_server(RedisFlavor flavor, string system)
    {
        using var probe = new MeterProbe();
        RedisServer server = await Servers.GetAsync(flavor);
        await using RedisClient redis = await Servers.ConnectAsync(server);
        _ = await redis.SetAsync(Servers.NewKey(), "value");
        Measured set = Assert.Single(probe.Of(Duration, server.Port));
        Assert.Equal("s", set.Unit);
        Assert.InRange(set.Value, double.Epsilon, 30);
        Assert.Equal(
            new Dictionary<string, object?> { ["db.system.name"] = system, ["db.operation.name"] = "SET", ["db.namespace"] = "0", ["server.address"] = "127.0.0.1", ["server.port"] = server.Port },
            set.Tags);
    }

    [Fact]
    public async Task A_refused_command_is_measured_with_the_servers_code_word()
    {
        using var probe = new MeterProbe();
        RedisServer server = await Servers.GetAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server);
        string key = Servers.NewKey();
        _ = await redis.SetAsync(key, "text");
        await Assert.ThrowsAsync<RedisServerException>(() => redis.ExecuteAsync(RedisCommand.Create("LPUSH", key, "item"), Replies.Integer).AsTask());
        Measured push = Assert.Single(probe.Of(Duration, server.Port), m => "LPUSH".Equals(m["db.operation.name"]));
        Assert.Equal("WRONGTYPE", push["db.response.status_code"]);
        Assert.Equal("WRONGTYPE", push["error.type"]);
    }

    [Fact]
    public async Task A_command_that_cannot_be_sent_is_measured_and_still_throws_at_once()
    {
        using var probe = new MeterProbe();
        RedisServer server = await Servers.GetAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server);
        Assert.Throws<ArgumentException>(Send);
        Assert.Equal("System.ArgumentException", Assert.Single(probe.Of(Duration, server.Port))["error.type"]);

        void Send() => _ = redis.ExecuteAsync(RedisCommand.Create("SELECT", 1), Replies.Done).AsTask();
    }

    [Fact]
    public async Task A_batch_is_measured_as_one_operation()
    {
        using var probe = new MeterProbe();
        RedisServer server = await Servers.GetAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server);
        var same = new RedisBatch();
        for (int i = 0; i < 3; i++) _ = same.Add(RedisStrings.Get(Servers.NewKey()));
        await redis.ExecuteAsync(same);
        var mixed = new RedisBatch();
        _ = mixed.Add(RedisStrings.Get(Servers.NewKey()));
        _ = mixed.Add(RedisStrings.Set(Servers.NewKey(), "value"));
        await redis.ExecuteAsync(mixed);
        Assert.Equal(["PIPELINE GET", "PIPELINE"], probe.Of(Duration, server.Port).Select(m => m["db.operation.name"]));
    }

    [Fact]
    public async Task Connections_are_counted_by_their_state_and_bytes_in_both_directions()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        using var probe = new MeterProbe();
        await using (RedisClient redis = await Servers.ConnectAsync(server, options => options with { ConnectionsPerEndpoint = 2, CommandTimeout = TimeSpan.FromMinutes(1) }))
        {
            await Until.TrueAsync(() => Count(probe, server, "shared", "idle") == 2);
            using var leave = new CancellationTokenSource();
            ValueTask<RedisReply> blocked = redis.ExecuteAsync(RedisCommand.Create("BLPOP", Servers.NewKey(), 0), Replies.Any, leave.Token);
            await Until.TrueAsync(() => Count(probe, server, "dedicated", "used") == 1);
            long before = Bytes(probe, server, "transmit");
            _ = await redis.SetAsync("key", new byte[10_000]);
            Assert.InRange(Bytes(probe, server, "transmit") - before, 10_000, 11_000);
            before = Bytes(probe, server, "receive");
            _ = await redis.GetBytesAsync("key");
            Assert.InRange(Bytes(probe, server, "receive") - before, 10_000, 11_000);
            await leave.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => blocked.AsTask());
        }

        await Until.TrueAsync(() => probe.Observe("db.client.connection.count", server.Port).Count == 0);
        Assert.InRange(Bytes(probe, server, "transmit"), 10_000, 20_000);
    }

    [Fact]
    public async Task What_waits_and_what_is_under_way_can_be_read_while_the_server_stands_still()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        using var probe = new MeterProbe();
        await using RedisClient redis = await Servers.ConnectAsync(server, options => options with
        {
            MaxInFlightCommands = 4,
            HeartbeatTimeout = TimeSpan.FromMinutes(1),
            CommandTimeout = TimeSpan.FromMinutes(1),
        });
        await server.PauseAsync();
        Task<string?>[] calls = [.. Enumerable.Range(0, 10).Select(_ => redis.GetAsync("key").AsTask())];
        await Until.TrueAsync(() => Sum(probe.Observe("redistoolkit.client.in_flight", server.Port)) == 4);
        Assert.Equal(6, Sum(probe.Observe("db.client.connection.pending_requests", server.Port)));
        await server.ResumeAsync();
        await Task.WhenAll(calls);
        Assert.Equal(0, Sum(probe.Observe("db.client.connection.pending_requests", server.Port)));
        await Until.TrueAsync(() => Sum(probe.Observe("redistoolkit.client.in_flight", server.Port)) == 0);
    }

    [Fact]
    public async Task A_lost_server_shows_as_failed_attempts_and_reconnects()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        using var probe = new MeterProbe();
        await using RedisClient redis = await Servers.ConnectAsync(server, options => options with { CommandTimeout = TimeSpan.FromMinutes(1) });
        Assert.Single(probe.Of("db.client.connection.create_time", server.Port));
        await server.KillAsync();
        await Until.TrueAsync(() => probe.Of("redistoolkit.client.connect_failures", server.Port).Count > 0);
        Assert.Equal("Refused", probe.Of("redistoolkit.client.connect_failures", server.Port)[0]["error.type"]);
        await server.RestartAsync(keepData: false);
        Assert.Null(await redis.GetAsync("key"));
        Assert.Single(probe.Of("redistoolkit.client.reconnects", server.Port));
    }

    [Fact]
    public async Task A_read_that_is_sent_again_after_a_loss_is_counted_as_repeated()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        using var probe = new MeterProbe();
        await using RedisClient redis = await RedisClient.ConnectAsync(new RedisClientOptions
        {
            Endpoints = [new RedisEndpoint(proxy.Host, proxy.Port)],
            CommandTimeout = TimeSpan.FromMinutes(1),
            HeartbeatTimeout = TimeSpan.FromMinutes(1),
        });
        proxy.ToClient.Stall();
        ValueTask<string?> read = redis.GetAsync("key");
        _ = await proxy.DropConnectionsAsync();
        proxy.PassThrough();
        Assert.Null(await read);
        Assert.Equal(1, Sum(probe.Of("redistoolkit.client.repeats", proxy.Port)));
    }

    [Fact]
    public async Task Silence_shows_as_timeouts_and_lost_heartbeats()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        using var probe = new MeterProbe();
        await using RedisClient redis = await Servers.ConnectAsync(server, options => options with
        {
            CommandTimeout = TimeSpan.FromMilliseconds(100),
            HeartbeatInterval = TimeSpan.FromMilliseconds(100),
            HeartbeatTimeout = TimeSpan.FromMilliseconds(400),
            DrainTimeout = TimeSpan.Zero,
        });
        await server.PauseAsync();
        await Assert.ThrowsAsync<RedisTimeoutException>(() => redis.SetAsync("key", "value").AsTask());
        await Until.TrueAsync(() => probe.Of("redistoolkit.client.heartbeats_lost", server.Port).Count > 0);
        Measured timeout = probe.Of("redistoolkit.client.timeouts", server.Port)[0];
        Assert.Equal((1, "unknown"), ((int)timeout.Value, (string?)timeout["redistoolkit.outcome"]));
        await server.ResumeAsync();
    }

    private static long Sum(IEnumerable<Measured> measured) => (long)measured.Sum(m => m.Value);

    private static long Count(MeterProbe probe, RedisServer server, string pool, string state) => Sum(probe.Observe("db.client.connection.count", server.Port)
        .Where(m => pool.Equals(m["db.client.connection.pool.name"]) && state.Equals(m["db.client.connection.state"])));

    private static long Bytes(MeterProbe probe, RedisServer server, string direction) =>
        Sum(probe.Observe("redistoolkit.client.io", server.Port).Where(m => direction.Equals(m["network.io.direction"])));
}
