using System.Net;
using System.Net.Sockets;
using System.Text;
using RedisToolkit.Client.Tests.Faults;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Errors;

/// <summary>Why there is no connection: each cause has its own failure, and a message that names the mend.</summary>
public sealed class ConnectErrorTests
{
    private const string Secret = "s3cret-pass";

    private static async Task<RedisConnectionException> FailureOfAsync(RedisClientOptions options)
    {
        var failure = await Assert.ThrowsAsync<RedisConnectionException>(() => Bounded.Within(RedisClient.ConnectAsync(options), 20, "an attempt to connect"));
        Assert.Equal(CommandOutcome.NotSent, failure.Outcome);
        for (Exception? e = failure; e is not null; e = e.InnerException) Assert.DoesNotContain(Secret, e.ToString(), StringComparison.Ordinal);
        if (!failure.IsTransient)
        {
            // What cannot succeed is not waited for either.
            await using var redis = new RedisClient(options with { CommandTimeout = TimeSpan.FromSeconds(30) });
            var command = await Assert.ThrowsAsync<RedisConnectionException>(() => Bounded.Within(redis.GetAsync("k").AsTask(), 15, "a command without a connection"));
            Assert.Equal(failure.Failure, command.Failure);
            Assert.Contains("GET was not sent", command.Message, StringComparison.Ordinal);
        }

        return failure;
    }

    [Theory]
    [InlineData(RedisFlavor.Redis, RespProtocol.Auto)]
    [InlineData(RedisFlavor.Valkey, RespProtocol.Resp2)]
    [InlineData(RedisFlavor.Redis7, RespProtocol.Auto)]
    public async Task A_wrong_password_user_or_none_at_all_is_refused(RedisFlavor flavor, RespProtocol protocol)
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Flavor = flavor, Password = "right", Users = [new RedisUser("app", "app-right", "~app:* +@all -config")] });
        RedisClientOptions at = Wire.At(server.Port) with { Protocol = protocol };
        RedisConnectionException none = await FailureOfAsync(at);
        Assert.Equal(ConnectionFailure.Authentication, none.Failure);
        Assert.Contains("RedisClientOptions.Password", none.Message, StringComparison.Ordinal);
        Assert.False(none.IsTransient);

        RedisConnectionException wrong = await FailureOfAsync(at with { Password = Secret });
        Assert.Equal(ConnectionFailure.Authentication, wrong.Failure);
        Assert.Contains("RedisClientOptions.User and Password", wrong.Message, StringComparison.Ordinal);

        RedisConnectionException user = await FailureOfAsync(at with { User = "nobody", Password = Secret });
        Assert.Equal(ConnectionFailure.Authentication, user.Failure);
        Assert.Contains("'nobody'", user.Message, StringComparison.Ordinal);

        // With markers between replies the diagnosis is the same.
        RedisConnectionException verified = await FailureOfAsync(at with { Password = Secret, VerifyReplies = true });
        Assert.Equal(ConnectionFailure.Authentication, verified.Failure);

        await using RedisClient app = await RedisClient.ConnectAsync(at with { User = "app", Password = "app-right" });
        var denied = await Assert.ThrowsAsync<RedisServerException>(() => app.GetAsync("other").AsTask());
        Assert.Equal((RedisErrorCode.NoPermission, CommandOutcome.Refused, false), (denied.Code, denied.Outcome, denied.IsTransient));
        Assert.Contains("ACL GETUSER", denied.Message, StringComparison.Ordinal);
        Assert.Null(await app.GetAsync("app:1"));
    }

    [Fact]
    public async Task A_password_where_none_is_wanted_is_explained()
    {
        RedisServer server = await Servers.GetAsync();
        // The user 'default' without a password takes any: so it is only a user who does not exist who is refused.
        RedisConnectionException wrong = await FailureOfAsync(server.OptionsFor() with { User = "app", Password = Secret });
        Assert.Equal(ConnectionFailure.Authentication, wrong.Failure);
    }

    [Fact]
    public async Task A_port_nobody_listens_on_is_refused()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        RedisConnectionException refused = await FailureOfAsync(Wire.At(port) with { Password = Secret });
        Assert.Equal(ConnectionFailure.Refused, refused.Failure);
        Assert.True(refused.IsTransient);
        Assert.Contains($"127.0.0.1:{port}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("RedisClientOptions.Endpoints", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_without_an_address_is_named()
    {
        RedisConnectionException unknown = await FailureOfAsync(new RedisClientOptions { Endpoints = [new RedisEndpoint("no-such-host.invalid")], ConnectTimeout = TimeSpan.FromSeconds(15) });
        Assert.Equal(ConnectionFailure.HostNotFound, unknown.Failure);
        Assert.Contains("'no-such-host.invalid'", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("RedisClientOptions.Endpoints", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_unix_socket_that_is_not_there_is_named()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.sock");
        RedisConnectionException missing = await FailureOfAsync(RedisClientOptions.Parse($"unix://{path}"));
        Assert.Equal(ConnectionFailure.Refused, missing.Failure);
        Assert.Contains(path, missing.Message, StringComparison.Ordinal);
        Assert.Contains("'unixsocket'", missing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\nServer: test\r\nConnection: close\r\n\r\n")]
    [InlineData("220 mail.example ESMTP\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("\0\0\0\u0007\u0001\r\n")]
    public async Task What_is_no_Redis_server_is_called_so(string greeting)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = new CancellationTokenSource();
        Task serving = ServeAsync();
        RedisConnectionException other = await FailureOfAsync(Wire.At(((IPEndPoint)listener.LocalEndpoint).Port) with { Password = Secret });
        Assert.Equal(ConnectionFailure.NotRedis, other.Failure);
        Assert.Contains("RedisClientOptions.Endpoints", other.Message, StringComparison.Ordinal);
        await stop.CancelAsync();
        await serving;

        async Task ServeAsync()
        {
            var open = new List<TcpClient>();
            try
            {
                while (true)
                {
                    TcpClient client = await listener.AcceptTcpClientAsync(stop.Token);
                    open.Add(client);
                    // At once, as such servers do, or after the first bytes; the client may have gone by then.
                    if (open.Count % 2 == 0) _ = await client.GetStream().ReadAsync(new byte[1024], stop.Token);
                    try
                    {
                        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(greeting), stop.Token);
                    }
                    catch (IOException)
                    {
                        // It has seen enough of the last answer.
                    }
                }
            }
            catch (OperationCanceledException)
            {
                open.ForEach(client => client.Dispose());
            }
        }
    }

    [Fact]
    public async Task A_server_that_accepts_and_says_nothing_runs_into_the_connect_timeout()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await server.PauseAsync();
        RedisConnectionException late = await FailureOfAsync(server.OptionsFor() with { ConnectTimeout = TimeSpan.FromMilliseconds(300) });
        Assert.Equal(ConnectionFailure.ConnectTimeout, late.Failure);
        Assert.True(late.IsTransient);
        Assert.Contains("RedisClientOptions.ConnectTimeout", late.Message, StringComparison.Ordinal);
        Assert.Contains("300 ms", late.Message, StringComparison.Ordinal);
        await server.ResumeAsync();
    }

    [Theory]
    [InlineData(RedisFlavor.Redis)]
    [InlineData(RedisFlavor.Valkey)]
    public async Task A_database_out_of_range_is_refused(RedisFlavor flavor)
    {
        RedisServer server = await Servers.GetAsync(flavor);
        RedisConnectionException refused = await FailureOfAsync(server.OptionsFor() with { Database = 5_000 });
        Assert.Equal(ConnectionFailure.Handshake, refused.Failure);
        Assert.Contains("database 5000", refused.Message, StringComparison.Ordinal);
        Assert.Contains("RedisClientOptions.Database", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_with_as_many_clients_as_it_may_have_says_so()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient first = await Servers.ConnectAsync(server);
        await server.SetConfigAsync("maxclients", "1");
        // Whether the server's words or the end of the connection come first is chance; one of many attempts shows the words.
        RedisConnectionException? full = null;
        await Bounded.Until(
            async () =>
            {
                full = await Assert.ThrowsAsync<RedisConnectionException>(() => RedisClient.ConnectAsync(server.OptionsFor()));
                Assert.Contains("maxclients", full.Message, StringComparison.Ordinal);
                return full.Failure == ConnectionFailure.Handshake;
            },
            "the server's refusal");
        Assert.Contains("RedisClientOptions.ConnectionsPerEndpoint", full!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_command_map_disables_is_not_sent_and_the_client_works_without_it()
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { RenamedCommands = new Dictionary<string, string> { ["HELLO"] = "", ["PING"] = "", ["FLUSHALL"] = "", ["KEYS"] = "k_9f2" } });
        var map = RedisCommandMap.Create(new Dictionary<string, string?> { ["HELLO"] = null, ["PING"] = null, ["FLUSHALL"] = null, ["KEYS"] = "k_9f2", ["CLIENT"] = null });
        await using RedisClient redis = await RedisClient.ConnectAsync(Wire.At(server.Port) with { CommandMap = map, HeartbeatInterval = TimeSpan.FromMilliseconds(100) });
        var disabled = await Assert.ThrowsAsync<RedisCommandDisabledException>(() => redis.ExecuteAsync(RedisCommand.Create("FLUSHALL"), Replies.Done).AsTask());
        Assert.Contains("RedisClientOptions.CommandMap", disabled.Message, StringComparison.Ordinal);
        Assert.Equal(("FLUSHALL", CommandOutcome.NotSent), (disabled.Command, disabled.Outcome));
        await redis.SetAsync("a", "1");
        Assert.Equal("a", Assert.Single(await redis.ExecuteAsync(RedisCommand.Create("KEYS", "*"), Wire.Texts)));
        // Idle for some heartbeats, which cannot be PING here.
        await Bounded.Until(async () => (await server.CommandAsync("INFO", "commandstats")).Text!.Contains("cmdstat_echo", StringComparison.Ordinal), "a heartbeat");
        Assert.Equal("1", await redis.GetAsync("a"));
        Assert.Equal(1, await server.ConnectionCountAsync());

        // Not in the map: the server's own answer points to it.
        await using RedisClient plain = await RedisClient.ConnectAsync(Wire.At(server.Port) with { CommandMap = RedisCommandMap.Create(new Dictionary<string, string?> { ["PING"] = null }) });
        var unknown = await Assert.ThrowsAsync<RedisServerException>(() => plain.ExecuteAsync(RedisCommand.Create("FLUSHALL"), Replies.Done).AsTask());
        Assert.Contains("RedisClientOptions.CommandMap", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handshake_that_needs_a_disabled_command_says_which()
    {
        RedisServer server = await Servers.GetAsync();
        var map = RedisCommandMap.Create(new Dictionary<string, string?> { ["SELECT"] = null });
        RedisConnectionException failure = await FailureOfAsync(server.OptionsFor() with { Database = 1, CommandMap = map });
        Assert.Equal(ConnectionFailure.Handshake, failure.Failure);
        Assert.Contains("SELECT", failure.Message, StringComparison.Ordinal);
        Assert.Contains("RedisClientOptions.CommandMap", failure.Message, StringComparison.Ordinal);
    }
}
