using System.Diagnostics;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Faults;

/// <summary>Servers and networks that go without a word.</summary>
public sealed class SilenceTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_whose_other_end_vanished_is_noticed_and_replaced(bool idle)
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync(proxy.OptionsFor() with { CommandTimeout = TimeSpan.FromSeconds(30) });
        Assert.Equal("x", await redis.EchoAsync("x"));
        // The way back is lost for the connection that is open now, and for no other.
        proxy.ToClient.Stall();
        long started = Stopwatch.GetTimestamp();
        Task<string?>? asked = idle ? null : redis.GetAsync("k").AsTask();
        await Bounded.Until(() => proxy.ConnectionsOpen == 0 || proxy.ConnectionsAccepted > 1, "the silent connection is given up", 10);
        TimeSpan noticed = Stopwatch.GetElapsedTime(started);
        proxy.PassThrough();
        if (asked is not null) Assert.Null(await Bounded.Within(asked, 10, "the read that was under way"));
        Assert.Equal("y", await redis.EchoAsync("y"));
        // One second until the heartbeat, three without an answer; the rest is for a busy machine.
        Assert.InRange(noticed.TotalSeconds, 2.5, 8);
    }

    [Fact]
    public async Task A_write_on_a_connection_that_went_silent_is_of_unknown_outcome_and_names_the_option()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync(Quick(proxy.OptionsFor()));
        proxy.BlackHole();
        var silent = await Assert.ThrowsAsync<RedisConnectionException>(() => Bounded.Within(redis.IncrAsync("n").AsTask(), 20, "the write"));
        Assert.Equal((ConnectionFailure.Silent, CommandOutcome.Unknown), (silent.Failure, silent.Outcome));
        Assert.Contains("RedisClientOptions.HeartbeatTimeout", silent.Message, StringComparison.Ordinal);
        Assert.True(silent.IsTransient);
        proxy.PassThrough();
        Assert.Equal(1, await redis.IncrAsync("n"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_was_killed_is_used_again_soon_after_it_is_back(bool idle)
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server);
        Assert.Equal("x", await redis.EchoAsync("x"));
        await server.KillAsync();
        // Some attempts have failed by then.
        Task<string?> waiting = idle ? Task.FromResult<string?>(null) : redis.GetAsync("k").AsTask();
        await Task.Delay(1_500);
        await server.Primary.StartAsync();
        long started = Stopwatch.GetTimestamp();
        Assert.Null(await Bounded.Within(waiting, 10, "the command that waited"));
        Assert.Equal("y", await Bounded.Within(redis.EchoAsync("y").AsTask(), 10, "a command"));
        // Half a second between attempts at the most; the rest is for a busy machine.
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 3);
    }

    [Fact]
    public async Task A_server_that_is_paused_for_longer_than_the_heartbeats_patience_is_used_again_when_it_goes_on()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server, Quick);
        Assert.Equal(1, await redis.IncrAsync("n"));
        await server.PauseAsync();
        var silent = await Assert.ThrowsAsync<RedisConnectionException>(() => Bounded.Within(redis.IncrAsync("n").AsTask(), 20, "the write"));
        Assert.Equal(ConnectionFailure.Silent, silent.Failure);
        Task<string?> read = redis.GetAsync("n").AsTask();
        await server.ResumeAsync();
        // The write had reached the server, and was executed once.
        Assert.Equal("2", await Bounded.Within(read, 20, "the read that waited"));
        await server.ConnectionsFallToAsync(1);
    }

    [Fact]
    public async Task A_pause_shorter_than_the_heartbeats_patience_costs_no_connection()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync(proxy.OptionsFor() with { HeartbeatInterval = TimeSpan.FromMilliseconds(100), HeartbeatTimeout = TimeSpan.FromSeconds(20) });
        proxy.Stall();
        Task<long> write = redis.IncrAsync("n").AsTask();
        await Task.Delay(500);
        proxy.PassThrough();
        Assert.Equal(1, await Bounded.Within(write, 10, "the write"));
        Assert.Equal(1, proxy.ConnectionsAccepted);
    }

    // Stands for a process that was stopped, or a machine that slept: time has jumped, and what arrived has not been read.
    [Fact]
    public async Task A_jump_of_our_own_clock_costs_no_healthy_connection()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        var time = new JumpingTime();
        await using RedisClient redis = await RedisClient.ConnectAsync(proxy.OptionsFor() with { TimeProvider = time, CommandTimeout = TimeSpan.FromHours(1) });
        for (int round = 0; round < 5; round++)
        {
            proxy.ToClient.Stall();
            Task<string?> owed = redis.EchoAsync("owed").AsTask();
            time.Jump(TimeSpan.FromSeconds(30));
            await time.Stepped();
            proxy.PassThrough();
            Assert.Equal("owed", await Bounded.Within(owed, 10, "the reply that was owed"));
            time.Jump(TimeSpan.FromSeconds(30));
            await time.Stepped();
            Assert.Equal("x", await redis.EchoAsync("x"));
        }

        Assert.Equal(1, proxy.ConnectionsAccepted);
    }

    // No heartbeat goes out before the command: the silence is the command's, however long this machine takes between two lines.
    private static RedisClientOptions Quick(RedisClientOptions options) =>
        options with { HeartbeatInterval = TimeSpan.FromSeconds(30), HeartbeatTimeout = TimeSpan.FromMilliseconds(600), CommandTimeout = TimeSpan.FromSeconds(30) };

    /// <summary>The system's time, that can be moved on.</summary>
    private sealed class JumpingTime : TimeProvider
    {
        private long _ahead;

        public override long GetTimestamp() => System.GetTimestamp() + Interlocked.Read(ref _ahead);

        public void Jump(TimeSpan by) => Interlocked.Add(ref _ahead, (long)(by.TotalSeconds * TimestampFrequency));

        // A few steps of the client's clock.
        public async Task Stepped() => await Task.Delay(TimeSpan.FromMilliseconds(100));
    }
}
