using Microsoft.Extensions.Logging;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Diagnostics;

public sealed class LogTests
{
    [Fact]
    public async Task The_life_of_a_connection_is_logged_with_its_figures()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        using var log = new LogProbe();
        await using RedisClient redis = await Servers.ConnectAsync(server, options => options with { LoggerFactory = log, MaxRepeats = 0, CommandTimeout = TimeSpan.FromMinutes(1) });
        IReadOnlyDictionary<string, object?> connected = await log.WaitForAsync(1100);
        Assert.Equal($"127.0.0.1:{server.Port}", connected["Endpoint"]!.ToString());
        Assert.Equal("redis", connected["Server"]);
        Assert.Equal(3, connected["Protocol"]);
        Assert.InRange((long)connected["ConnectionId"]!, 1, long.MaxValue);

        await server.PauseAsync();
        Task<string?> call = redis.GetAsync("key").AsTask();    // alone, so it is sent before the call comes back
        await server.KillAsync();
        await Assert.ThrowsAsync<RedisConnectionException>(() => call);
        IReadOnlyDictionary<string, object?> lost = await log.WaitForAsync(1101);
        Assert.InRange((int)lost["Failed"]!, 1, 2);     // a heartbeat may have been under way too
        Assert.InRange((long)lost["UptimeMs"]!, 0, 60_000);
        Assert.InRange((long)lost["DelayMs"]!, 0, 500);

        IReadOnlyDictionary<string, object?> failed = await log.WaitForAsync(1102);
        Assert.InRange((int)failed["Attempt"]!, 1, 100);
        Assert.InRange((long)failed["DelayMs"]!, 0, 500);
        Assert.Contains("127.0.0.1", (string)failed["Cause"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Renewed_credentials_and_a_provider_that_fails_are_logged()
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Password = "open" });
        using var log = new LogProbe();
        int asked = 0;
        await using RedisClient redis = await RedisClient.ConnectAsync(new RedisClientOptions
        {
            Endpoints = [new RedisEndpoint(server.Host, server.Port)],
            LoggerFactory = log,
            Credentials = RedisCredentialsProvider.Create((_, _) => Interlocked.Increment(ref asked) <= 2
                ? ValueTask.FromResult(new RedisCredentials(null, "open", TimeSpan.FromSeconds(1)))
                : throw new InvalidOperationException("The vault is closed.")),
        });
        Assert.Equal(1.0, (await log.WaitForAsync(1104))["DelaySeconds"]);
        Assert.Equal(5.0, (await log.WaitForAsync(1103))["DelaySeconds"]);
        Assert.DoesNotContain(log.Lines, line => line.Text.Contains("vault", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_disposed_while_replies_are_owed_says_how_many()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        using var log = new LogProbe();
        RedisClient redis = await Servers.ConnectAsync(server, options => options with { LoggerFactory = log, DrainTimeout = TimeSpan.FromMilliseconds(50), CommandTimeout = TimeSpan.FromMinutes(1) });
        await server.PauseAsync();
        Task<string?> call = redis.GetAsync("key").AsTask();
        await redis.DisposeAsync();
        await Assert.ThrowsAsync<RedisConnectionException>(() => call);
        IReadOnlyDictionary<string, object?> ended = await log.WaitForAsync(1105);
        Assert.InRange((int)ended["Unanswered"]!, 1, 2);
        await server.ResumeAsync();
    }

    [Fact]
    public async Task Every_line_is_numbered_within_the_clients_range()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        using var log = new LogProbe();
        await using (RedisClient redis = await Servers.ConnectAsync(server, options => options with { LoggerFactory = log }))
        {
            await server.RestartAsync(keepData: false);
            _ = await redis.GetAsync("key");
        }

        Assert.NotEmpty(log.Lines);
        Assert.All(log.Lines, line => Assert.InRange(line.Id, 1100, 1199));
        Assert.DoesNotContain(log.Lines, line => line.Level > LogLevel.Error);
    }
}
