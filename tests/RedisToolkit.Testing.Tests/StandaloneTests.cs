namespace RedisToolkit.Testing.Tests;

public sealed class StandaloneTests
{
    [Theory, ClassData(typeof(Flavors))]
    public async Task It_answers_and_is_the_flavour_asked_for(RedisFlavor flavor)
    {
        await using var server = await RedisServer.StartAsync(new() { Flavor = flavor });
        string info = (await server.CommandAsync("INFO", "server")).Text!;
        string expected = flavor switch { RedisFlavor.Redis => "redis_version:8.", RedisFlavor.Valkey => "valkey_version:9.", _ => "redis_version:7.0." };
        Assert.Contains(expected, info, StringComparison.Ordinal);
        Assert.Equal(flavor == RedisFlavor.Valkey, info.Contains("valkey_version", StringComparison.Ordinal));
        Assert.Contains(server.Version!.ToString(3), info, StringComparison.Ordinal);
        Assert.Contains($"process_id:{server.Primary.ProcessId}", info, StringComparison.Ordinal);
        Assert.Equal($"redis://127.0.0.1:{server.Port}", server.ConnectionString);
        Assert.Equal("OK", (await server.CommandAsync("SET", "key", "value")).Text);
        Assert.Equal("value", (await server.CommandAsync("GET", "key")).Text);
    }

    [Theory, ClassData(typeof(Flavors))]
    public async Task Its_folder_and_its_process_are_gone_after_dispose(RedisFlavor flavor)
    {
        var server = await RedisServer.StartAsync(new() { Flavor = flavor });
        string folder = server.Primary.Directory!;
        int process = server.Primary.ProcessId!.Value;
        Assert.Equal(folder, (await server.CommandAsync("CONFIG", "GET", "dir")).Items[1].Text);
        Assert.True(ProcessTable.Runs(process));

        await server.DisposeAsync();

        Assert.False(ProcessTable.Runs(process));
        Assert.False(Directory.Exists(Path.GetDirectoryName(folder)));
        await server.DisposeAsync(); // a second time does nothing
    }

    [Fact]
    public async Task A_paused_server_is_disposed_of_too()
    {
        var server = await RedisServer.StartAsync();
        int process = server.Primary.ProcessId!.Value;
        await server.PauseAsync();
        await server.DisposeAsync();
        Assert.False(ProcessTable.Runs(process));
    }

    [Fact]
    public async Task Many_at_once_have_ports_and_data_of_their_own()
    {
        var servers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => RedisServer.StartAsync()));
        try
        {
            Assert.Equal(6, servers.Select(server => server.Port).Distinct().Count());
            foreach (var server in servers) await server.CommandAsync("SET", "mine", $"{server.Port}");
            foreach (var server in servers) Assert.Equal($"{server.Port}", (await server.CommandAsync("GET", "mine")).Text);
        }
        finally
        {
            foreach (var server in servers) await server.DisposeAsync();
        }
    }

    [Theory, ClassData(typeof(Flavors))]
    public async Task A_password_is_asked_for_whatever_characters_it_has(RedisFlavor flavor)
    {
        const string Password = "p@ss \"word\"/\\ ü#%";
        await using var server = await RedisServer.StartAsync(new() { Flavor = flavor, Password = Password });
        Assert.Equal("PONG", (await server.CommandAsync("PING")).Text);
        Assert.Equal("NOAUTH", (await Wire.ErrorAsync(server, null, null, "PING")).Code);
        Assert.Equal("WRONGPASS", (await Wire.ErrorAsync(server, null, "wrong", "PING")).Code);

        var address = new Uri(server.ConnectionString);
        Assert.Equal(Password, Uri.UnescapeDataString(address.UserInfo.TrimStart(':')));
        Assert.DoesNotContain("p@ss", server.Options.ToString(), StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(Flavors))]
    public async Task Users_have_their_rules(RedisFlavor flavor)
    {
        await using var server = await RedisServer.StartAsync(new()
        {
            Flavor = flavor,
            Users = [new("app", "app pw", "~app:* &app:* +@all -@dangerous"), new("anyone", null, "~* +@read +ping")],
        });
        Assert.Equal("OK", (await Wire.ReplyAsync(server, "app", "app pw", "SET", "app:x", "1")).Text);
        Assert.Equal("NOPERM", (await Wire.ErrorAsync(server, "app", "app pw", "SET", "other", "1")).Code);
        Assert.Equal("NOPERM", (await Wire.ErrorAsync(server, "app", "app pw", "CONFIG", "GET", "dir")).Code);
        Assert.Equal("1", (await Wire.ReplyAsync(server, "anyone", "", "GET", "app:x")).Text);
        Assert.Equal($"redis://app:app%20pw@127.0.0.1:{server.Port}", server.ConnectionStringFor("app"));
        Assert.Equal($"redis://anyone@127.0.0.1:{server.Port}", server.ConnectionStringFor("anyone"));
        Assert.Contains("app, anyone", Assert.Throws<ArgumentException>(() => server.ConnectionStringFor("nobody")).Message, StringComparison.Ordinal);
        Assert.Equal("app", server.Options.Users[0].ToString());
    }

    [Theory, ClassData(typeof(Flavors))]
    public async Task A_unix_socket_answers_as_the_port_does(RedisFlavor flavor)
    {
        await using var server = await RedisServer.StartAsync(new() { Flavor = flavor, UnixSocket = true, Password = "pw" });
        var target = new CommandTarget(new System.Net.Sockets.UnixDomainSocketEndPoint(server.UnixSocketPath!), null, "pw", null);
        await using var connection = await CommandConnection.OpenAsync(target, default);
        string client = (await connection.SendAsync(["CLIENT", "INFO"], default)).Text!;
        Assert.Contains("redis.sock", client, StringComparison.Ordinal);
        Assert.Equal($"unix://:pw@{server.UnixSocketPath}", server.UnixConnectionString);
    }

    [Theory, ClassData(typeof(Flavors))]
    public async Task Renamed_commands_have_their_new_names_and_disabled_ones_are_gone(RedisFlavor flavor)
    {
        await using var server = await RedisServer.StartAsync(new()
        {
            Flavor = flavor,
            RenamedCommands = new Dictionary<string, string> { ["FLUSHALL"] = "", ["KEYS"] = "k_9f2", ["CONFIG"] = "c_1", ["INFO"] = "", ["SHUTDOWN"] = "end" },
        });
        Assert.Contains("unknown command", (await Assert.ThrowsAsync<CommandException>(() => server.CommandAsync("FLUSHALL"))).Message, StringComparison.Ordinal);
        Assert.Contains("unknown command", (await Assert.ThrowsAsync<CommandException>(() => server.CommandAsync("KEYS", "*"))).Message, StringComparison.Ordinal);
        Assert.Empty((await server.CommandAsync("k_9f2", "*")).Items);
        await server.SetConfigAsync("maxclients", "321"); // by its new name
        Assert.Equal("321", (await server.CommandAsync("c_1", "GET", "maxclients")).Items[1].Text);
        await server.RestartAsync(keepData: true);
        Assert.Equal("PONG", (await server.CommandAsync("PING")).Text);
    }

    [Fact]
    public async Task Lines_of_the_configuration_file_are_taken_and_win()
    {
        await using var server = await RedisServer.StartAsync(new()
        {
            Configuration = new Dictionary<string, string> { ["maxmemory"] = "3mb", ["client-output-buffer-limit"] = "pubsub 1mb 1mb 10", ["shutdown-timeout"] = "7", ["notify-keyspace-events"] = "" },
        });
        Assert.Equal("3145728", (await server.CommandAsync("CONFIG", "GET", "maxmemory")).Items[1].Text);
        Assert.Contains("pubsub 1048576 1048576 10", (await server.CommandAsync("CONFIG", "GET", "client-output-buffer-limit")).Items[1].Text, StringComparison.Ordinal);
        Assert.Equal("7", (await server.CommandAsync("CONFIG", "GET", "shutdown-timeout")).Items[1].Text);
    }

    [Fact]
    public async Task A_server_that_does_not_come_up_says_what_it_logged()
    {
        var failed = await Assert.ThrowsAsync<RedisServerStartException>(
            () => RedisServer.StartAsync(new() { Configuration = new Dictionary<string, string> { ["maxmemory"] = "lots" } }));
        Assert.Contains("'maxmemory lots'", failed.Message, StringComparison.Ordinal);
        Assert.Contains("argument must be a memory value", failed.Message, StringComparison.Ordinal);
        Assert.Contains("Redis 8.", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_that_is_cancelled_leaves_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RedisServer.StartAsync(cancellationToken: cancelled.Token));
    }

    [Fact]
    public async Task Debug_commands_are_allowed_and_the_log_can_be_read()
    {
        await using var server = await RedisServer.StartAsync();
        Assert.Equal("OK", (await server.CommandAsync("DEBUG", "SLEEP", "0")).Text);
        Assert.Contains("Ready to accept connections", await server.ReadLogAsync(), StringComparison.Ordinal);
    }
}
