using RedisToolkit.Client.Tests.Faults;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Connections;

public sealed class CredentialTests
{
    [Fact]
    public async Task Credentials_are_asked_for_at_each_connect_so_that_a_changed_password_is_taken_up()
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Users = [new RedisUser("app", "one", "~* +@all")] });
        var provider = new Provider("app", "one", null);
        await using RedisClient redis = await RedisClient.ConnectAsync(Wire.At(server.Port) with { Credentials = provider });
        Assert.Equal(1, provider.Asked);
        await server.CommandAsync("ACL", "SETUSER", "app", "resetpass", ">two");
        provider.Password = "two";
        await server.CommandAsync("CLIENT", "KILL", "USER", "app");
        Assert.Equal("x", await redis.EchoAsync("x"));
        Assert.Equal(2, provider.Asked);
    }

    [Fact]
    public async Task Credentials_that_run_out_are_renewed_on_the_live_connection()
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Users = [new RedisUser("app", "one", "~* +@all")] });
        await using FaultProxy proxy = await server.StartProxyAsync();
        var provider = new Provider("app", "one", TimeSpan.FromSeconds(1));
        await using RedisClient redis = await RedisClient.ConnectAsync(proxy.OptionsFor() with { Credentials = provider });
        await server.CommandAsync("ACL", "SETUSER", "app", "resetpass", ">two");
        provider.Password = "two";
        long refused = await FailedSignInsAsync(server);
        await Bounded.Until(async () => (await server.CommandAsync("INFO", "commandstats")).Text!.Contains("cmdstat_auth", StringComparison.Ordinal), "it signs in again");
        await Bounded.Until(() => provider.Asked >= 3, "it is asked again and again");
        Assert.Equal("x", await redis.EchoAsync("x"));
        Assert.Equal(refused, await FailedSignInsAsync(server));
        Assert.Equal(1, proxy.ConnectionsAccepted);
    }

    [Fact]
    public async Task A_provider_that_fails_leaves_the_live_connection_alone_and_its_words_stay_out_of_ours()
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Users = [new RedisUser("app", "one", "~* +@all")] });
        var provider = new Provider("app", "one", TimeSpan.FromSeconds(1));
        await using RedisClient redis = await RedisClient.ConnectAsync(Wire.At(server.Port) with { Credentials = provider });
        provider.Fault = new InvalidOperationException("token=hunter2");
        await Bounded.Until(() => provider.Asked >= 2, "it is asked again");
        Assert.Equal("x", await redis.EchoAsync("x"));

        var failure = await Assert.ThrowsAsync<RedisConnectionException>(() => RedisClient.ConnectAsync(Wire.At(server.Port) with { Credentials = provider }));
        Assert.Equal(ConnectionFailure.Authentication, failure.Failure);
        Assert.Contains("RedisClientOptions.Credentials", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure.Message, StringComparison.Ordinal);
    }

    // Not signed in again, but not used beyond its time either.
    [Fact]
    public async Task An_unused_dedicated_connection_is_not_used_after_its_credentials_have_run_out()
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Users = [new RedisUser("app", "one", "~* +@all")] });
        var provider = new Provider("app", "one", TimeSpan.FromSeconds(1));
        await using RedisClient redis = await RedisClient.ConnectAsync(Wire.At(server.Port) with { Credentials = provider });
        await redis.ExecuteAsync(RedisCommand.Create("BLPOP", "none", 0.01), Wire.Texts);
        await Bounded.Until(async () => await server.ConnectionCountAsync() == 1, "its connection is closed");
    }

    private static async Task<long> FailedSignInsAsync(RedisServer server)
    {
        string line = (await server.CommandAsync("INFO", "stats")).Text!.Split('\n').First(l => l.StartsWith("acl_access_denied_auth:", StringComparison.Ordinal));
        return long.Parse(line.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private sealed class Provider(string user, string password, TimeSpan? refreshAfter) : IRedisCredentialsProvider
    {
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public string Password { get; set; } = password;

        public Exception? Fault { get; set; }

        public ValueTask<RedisCredentials> GetCredentialsAsync(RedisEndpoint endpoint, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            return Fault is null ? ValueTask.FromResult(new RedisCredentials(user, Password, refreshAfter)) : ValueTask.FromException<RedisCredentials>(Fault);
        }
    }
}
