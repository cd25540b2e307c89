using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace RedisToolkit.Client.Tests.Configuration;

public sealed class RedisClientOptionsTests
{
    private const string Secret = "s3cret-Pa55";

    [Fact]
    public void Options_as_made_are_valid_and_mean_a_server_on_this_machine()
    {
        RedisClientOptions options = new RedisClientOptions().Validated();

        Assert.Equal(["localhost:6379"], options.Endpoints.Select(e => e.ToString()));
        Assert.Null(options.Tls);
        Assert.Equal(TimeSpan.FromSeconds(4), options.TcpUserTimeout);
        Assert.Equal("RedisToolkit", options.ReportedLibraryName);
    }

    public static TheoryData<string, RedisClientOptions> Faults => new()
    {
        { "Endpoints is empty", new() { Endpoints = [] } },
        { "Endpoints[1] is a:1 again", new() { Endpoints = ["a:1", "a:1"] } },
        { "Endpoints[0] is null", new() { Endpoints = [null!] } },
        { "servers speak no TLS on a Unix domain socket", new() { Endpoints = ["unix:///s"], Tls = new() } },
        { "User is empty", new() { User = "", Password = Secret } },
        { "User has a space", new() { User = "a b", Password = Secret } },
        { "User is set without Password", new() { User = "a" } },
        { "Credentials is set together with User or Password", new() { Password = Secret, Credentials = Provider } },
        { "Database is -1; allowed are 0 to 1,000,000", new() { Database = -1 } },
        { "ClientName has U+0020 at position 2", new() { ClientName = "my app" } },
        { "ClientName has U+000A at position 1", new() { ClientName = "a\nb" } },
        { "ClientName has 0 characters", new() { ClientName = "" } },
        { "LibraryName has 65 characters; allowed are 1 to 64", new() { LibraryName = new string('x', 65) } },
        { "Protocol is 7; allowed are Auto, Resp2, Resp3", new() { Protocol = (RespProtocol)7 } },
        { "ConnectionsPerEndpoint is 0; allowed are 1 to 64", new() { ConnectionsPerEndpoint = 0 } },
        { "ConnectionsPerEndpoint is 65; allowed are 1 to 64", new() { ConnectionsPerEndpoint = 65 } },
        { "MaxInFlightCommands is 1; allowed are 2 to 1,048,576", new() { MaxInFlightCommands = 1 } },
        { "MaxInFlightCommands is 1,048,577", new() { MaxInFlightCommands = 1_048_577 } },
        { "MaxInFlightBytes is 65,535; allowed are 65,536 to 1,073,741,824", new() { MaxInFlightBytes = 65_535 } },
        { "MaxDedicatedConnections is 10,001; allowed are 1 to 10,000", new() { MaxDedicatedConnections = 10_001 } },
        { "DedicatedIdleTimeout is 0 s; allowed are 1 s to 1 h", new() { DedicatedIdleTimeout = TimeSpan.Zero } },
        { "ConnectTimeout is 99 ms; allowed are 100 ms to 5 min", new() { ConnectTimeout = Ms(99) } },
        { "CommandTimeout is -1 ms; allowed are 1 ms to 1 h", new() { CommandTimeout = Timeout.InfiniteTimeSpan } },
        { "HeartbeatInterval is 61 s; allowed are 100 ms to 1 min", new() { HeartbeatInterval = Ms(61_000) } },
        { "HeartbeatTimeout is 99 ms", new() { HeartbeatTimeout = Ms(99) } },
        { "TcpUserTimeout is 199 ms; allowed are 200 ms to 15 min", new() { TcpUserTimeout = Ms(199) } },
        { "DrainTimeout is -1 ms; allowed are 0 s to 5 min", new() { DrainTimeout = Ms(-1) } },
        { "Reconnect is null", new() { Reconnect = null! } },
        { "Reconnect.MinDelay is 0 s", new() { Reconnect = new() { MinDelay = TimeSpan.Zero } } },
        { "Reconnect.MaxDelay is 10 ms; allowed are 20 ms to 5 min", new() { Reconnect = new() { MaxDelay = Ms(10) } } },
        { "MaxRepeats is 11; allowed are 0 to 10", new() { MaxRepeats = 11 } },
        { "CommandMap is null", new() { CommandMap = null! } },
        { "TimeProvider is null", new() { TimeProvider = null! } },
        { "MaxReplyBytes is 1,023; allowed are 1,024 to 2,147,483,591", new() { MaxReplyBytes = 1023 } },
        { "MaxReplyDepth is 129; allowed are 1 to 128", new() { MaxReplyDepth = 129 } },
        { "MaxReplyElements is 0", new() { MaxReplyElements = 0 } },
        { "MaxArgumentBytes is 2,147,483,647; allowed are 1,024 to 2,147,483,591", new() { MaxArgumentBytes = int.MaxValue } },
        { "SubscriptionBuffer is 0; allowed are 1 to 1,000,000", new() { SubscriptionBuffer = 0 } },
        { "Tls.TargetHost is no host name", new() { Tls = new() { TargetHost = "a b" } } },
        { "Tls.CertificateAuthorities is empty", new() { Tls = new() { CertificateAuthorities = [] } } },
        { "Tls.Protocols is Tls; allowed are Tls12, Tls13", new() { Tls = new() { Protocols = (SslProtocols)192 } } },     // TLS 1.0, whose name is obsolete
        { "Tls.RevocationMode is 9", new() { Tls = new() { RevocationMode = (X509RevocationMode)9 } } },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_named_with_its_value_and_what_is_allowed(string fault, RedisClientOptions options)
    {
        RedisOptionsException error = Assert.Throws<RedisOptionsException>(() => options.Validated());

        Assert.Contains(fault, Assert.Single(error.Faults), StringComparison.Ordinal);
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_named_at_once()
    {
        var options = new RedisClientOptions { Database = -1, MaxRepeats = 99, ConnectTimeout = TimeSpan.Zero, ClientName = "a b", Reconnect = null! };

        RedisOptionsException error = Assert.Throws<RedisOptionsException>(() => options.Validated());

        Assert.Equal(5, error.Faults.Count);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(16_384, 16_384)]
    [InlineData(1_048_575, 1_048_576)]
    public void The_commands_in_flight_are_rounded_up_to_a_power_of_two(int asked, int used) =>
        Assert.Equal(used, new RedisClientOptions { MaxInFlightCommands = asked }.Validated().MaxInFlightCommands);

    [Theory]
    [InlineData(100, 100)]
    [InlineData(60_000, 300_000)]
    public void Validated_options_are_valid_at_both_ends_of_the_ranges(int interval, int timeout)
    {
        RedisClientOptions once = new RedisClientOptions { HeartbeatInterval = Ms(interval), HeartbeatTimeout = Ms(timeout) }.Validated();

        Assert.Equal(once.TcpUserTimeout, once.Validated().TcpUserTimeout);
    }

    [Fact]
    public void Validated_options_no_longer_follow_the_list_they_were_made_from()
    {
        var endpoints = new List<RedisEndpoint> { "a:1" };
        RedisClientOptions validated = new RedisClientOptions { Endpoints = endpoints }.Validated();

        endpoints.Add("b:2");

        Assert.Equal([new RedisEndpoint("a", 1)], validated.Endpoints);
    }

    [Fact]
    public void Secrets_are_masked_in_every_text()
    {
        var options = new RedisClientOptions { User = "app", Password = Secret };
        var credentials = new RedisCredentials("app", Secret, TimeSpan.FromMinutes(5));

        Assert.Contains("User = app, Password = ***", options.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, options.ToString(), StringComparison.Ordinal);
        Assert.Equal("RedisCredentials { User = app, Password = ***, RefreshAfter = 5 min }", credentials.ToString());
    }

    [Fact]
    public async Task A_provider_made_from_a_delegate_asks_it_for_each_endpoint()
    {
        IRedisCredentialsProvider provider = RedisCredentialsProvider.Create(
            (endpoint, _) => ValueTask.FromResult(new RedisCredentials(null, "for " + endpoint.Host)));

        Assert.Equal("for a", (await provider.GetCredentialsAsync("a", default)).Password);
        Assert.Equal("for b", (await provider.GetCredentialsAsync("b", default)).Password);
    }

    [Fact]
    public void What_a_provider_answers_is_checked()
    {
        RedisOptionsException error = Assert.Throws<RedisOptionsException>(() => new RedisCredentials("", null!, TimeSpan.Zero).Validated());

        Assert.Equal(3, error.Faults.Count);
        Assert.Equal("x", new RedisCredentials(null, "x").Validated().Password);
    }

    [Fact]
    public void The_librarys_name_carries_the_addition_in_parentheses() =>
        Assert.Equal("RedisToolkit(orleans_v9)", new RedisClientOptions { LibraryName = "orleans_v9" }.Validated().ReportedLibraryName);

    private static IRedisCredentialsProvider Provider =>
        RedisCredentialsProvider.Create((_, _) => ValueTask.FromResult(new RedisCredentials(null, Secret)));

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
