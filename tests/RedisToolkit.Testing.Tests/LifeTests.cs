using System.Net.Sockets;

namespace RedisToolkit.Testing.Tests;

public sealed class LifeTests
{
    [Theory, ClassData(typeof(Flavors))]
    public async Task A_killed_server_comes_back_empty_on_its_port(RedisFlavor flavor)
    {
        await using var server = await RedisServer.StartAsync(new() { Flavor = flavor });
        await server.CommandAsync("SET", "key", "value");
        int port = server.Port;
        await server.KillAsync();

        Assert.False(server.Primary.IsRunning);
        Assert.Null(server.Primary.ProcessId);
        var refused = await Assert.ThrowsAsync<SocketException>(() => server.CommandAsync("PING"));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);

        await server.Primary.StartAsync();
        Assert.Equal(port, server.Port);
        Assert.True((await server.CommandAsync("GET", "key")).IsNull);
    }

    [Theory, ClassData(typeof(Flavors))]
    public async Task A_killed_server_with_an_append_only_file_comes_back_with_its_data(RedisFlavor flavor)
    {
        await using var server = await RedisServer.StartAsync(new() { Flavor = flavor, Persistence = RedisPersistence.AppendOnly });
        await server.CommandAsync("SET", "key", "value");
        await server.KillAsync();
        await server.Primary.StartAsync();
        Assert.Equal("value", (await server.CommandAsync("GET", "key")).Text);

        await server.RestartAsync(keepData: false);
        Assert.True((await server.CommandAsync("GET", "key")).IsNull);
    }

    [Theory, ClassData(typeof(Flavors))]
    public async Task A_server_is_up_only_when_it_has_loaded_its_data(RedisFlavor flavor)
    {
        // 100 keys, each loaded in 2 ms or more: the server answers INFO long before it has all of them.
        await using var server = await RedisServer.StartAsync(
            new() { Flavor = flavor, Configuration = new Dictionary<string, string> { ["key-load-delay"] = "2000", ["loading-process-events-interval-bytes"] = "1024" } });
        await server.CommandAsync("DEBUG", "POPULATE", "100", "key", "1000");
        await server.RestartAsync(keepData: true);
        Assert.Equal(100, (await server.CommandAsync("DBSIZE")).ToInt64());
    }

    [Theory, ClassData(typeof(Flavors))]
    public async Task A_restart_keeps_data_or_not_as_asked(RedisFlavor flavor)
    {
        await using var server = await RedisServer.StartAsync(new() { Flavor = flavor });
        await server.CommandAsync("SET", "key", "value");
        int? before = server.Primary.ProcessId;
        await server.RestartAsync(keepData: true);
        Assert.NotEqual(before, server.Primary.ProcessId);
        Assert.Equal("value", (await server.CommandAsync("GET", "key")).Text);
        await server.RestartAsync(keepData: false);
        Assert.True((await server.CommandAsync("GET", "key")).IsNull);
    }

    [Theory, ClassData(typeof(Flavors))]
    public async Task A_paused_server_takes_connections_but_answers_only_when_it_goes_on(RedisFlavor flavor)
    {
        await using var server = await RedisServer.StartAsync(new() { Flavor = flavor });
        await server.PauseAsync();
        Assert.True(server.Primary.IsRunning);
        var waiting = server.CommandAsync("PING");
        using var connected = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await connected.ConnectAsync(server.EndPoint); // the system takes it
        Assert.False(waiting.IsCompleted);

        await server.ResumeAsync();
        Assert.Equal("PONG", (await waiting.WaitAsync(TimeSpan.FromSeconds(10))).Text);
    }

    [Fact]
    public async Task A_paused_server_can_be_killed_and_stopped_and_restarted()
    {
        await using var server = await RedisServer.StartAsync();
        await server.PauseAsync();
        await server.KillAsync();
        await server.Primary.StartAsync();
        await server.CommandAsync("SET", "key", "value");
        await server.PauseAsync();
        await server.RestartAsync(keepData: true);
        Assert.Equal("value", (await server.CommandAsync("GET", "key")).Text);
    }

    [Fact]
    public async Task A_command_given_up_on_a_paused_server_ends_with_its_token()
    {
        await using var server = await RedisServer.StartAsync();
        await server.PauseAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server.CommandAsync(["PING"], limit.Token));
    }

    [Fact]
    public async Task What_needs_a_running_process_says_that_it_is_down()
    {
        await using var server = await RedisServer.StartAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => server.Primary.StartAsync());
        await server.StopAsync();
        foreach (var act in new Func<Task>[] { server.KillAsync, server.PauseAsync, server.ResumeAsync, () => server.StopAsync() })
            Assert.Contains("is down", (await Assert.ThrowsAsync<InvalidOperationException>(act)).Message, StringComparison.Ordinal);
        await server.RestartAsync(keepData: false); // brings it up all the same
        Assert.Equal("PONG", (await server.CommandAsync("PING")).Text);
    }

    [Fact]
    public async Task Without_a_shutdown_command_it_still_stops()
    {
        await using var server = await RedisServer.StartAsync(new() { RenamedCommands = new Dictionary<string, string> { ["shutdown"] = "" } });
        await Assert.ThrowsAsync<InvalidOperationException>(() => server.StopAsync(keepData: true));
        Assert.True(server.Primary.IsRunning);
        await server.StopAsync();
        Assert.False(server.Primary.IsRunning);
    }

    [Fact]
    public async Task A_setting_changed_at_run_time_is_back_after_a_restart()
    {
        await using var server = await RedisServer.StartAsync();
        await server.SetConfigAsync("maxclients", "123");
        Assert.Equal("123", (await server.CommandAsync("CONFIG", "GET", "maxclients")).Items[1].Text);
        await Assert.ThrowsAsync<CommandException>(() => server.SetConfigAsync("no-such", "1"));
        await server.RestartAsync(keepData: true);
        Assert.Equal("10000", (await server.CommandAsync("CONFIG", "GET", "maxclients")).Items[1].Text);
    }

    [Fact]
    public async Task A_port_that_another_took_meanwhile_is_an_error_that_says_so()
    {
        await using var server = await RedisServer.StartAsync();
        await server.KillAsync();
        using var thief = new TcpListener(System.Net.IPAddress.Loopback, server.Port);
        thief.Start();
        var failed = await Assert.ThrowsAnyAsync<Exception>(() => server.Primary.StartAsync());
        Assert.Contains("Address already in use", failed.Message, StringComparison.Ordinal);
    }
}
