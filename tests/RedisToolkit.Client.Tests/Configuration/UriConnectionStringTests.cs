using System.Security.Authentication;

namespace RedisToolkit.Client.Tests.Configuration;

public sealed class UriConnectionStringTests
{
    [Theory]
    [InlineData("redis://localhost", "localhost:6379")]
    [InlineData("REDIS://Cache.example:6380/", "Cache.example:6380")]
    [InlineData("valkey://a", "a:6379")]
    [InlineData("rediss://a", "a:6379")]
    [InlineData("redis://[::1]:7000", "[::1]:7000")]
    [InlineData("redis://a:1,b,[fe80::1]", "a:1 b:6379 [fe80::1]:6379")]
    [InlineData("redis://a:1,a:1", "a:1")]
    [InlineData("unix:///run/redis.sock", "unix:///run/redis.sock")]
    [InlineData("redis+socket:///run/my%20redis.sock", "unix:///run/my redis.sock")]
    [InlineData("unix://app:pw@/run/redis.sock", "unix:///run/redis.sock")]
    public void The_hosts_are_read(string text, string endpoints) =>
        Assert.Equal(endpoints, string.Join(' ', RedisClientOptions.Parse(text).Validated().Endpoints));

    [Theory]
    [InlineData("redis://a", null, null)]
    [InlineData("redis://:@a", null, null)]
    [InlineData("redis://:pw@a", null, "pw")]
    [InlineData("redis://app:pw@a", "app", "pw")]
    [InlineData("redis://app:@a", "app", "")]
    [InlineData("redis://app:p:w@a", "app", "p:w")]
    [InlineData("redis://app:p@w@a", "app", "p@w")]
    [InlineData("redis://a%3Ab:%2F%3F%23%40%25%26%2C@a", "a:b", "/?#@%&,")]
    [InlineData("redis://app:%E2%82%AC%C3%A4@a", "app", "€ä")]
    [InlineData("redis://app:+%2b@a", "app", "++")]
    [InlineData("redis://a?username=app&password=p%26w", "app", "p&w")]
    public void User_and_password_are_read_with_their_percent_codes(string text, string? user, string? password)
    {
        RedisClientOptions options = RedisClientOptions.Parse(text).Validated();

        Assert.Equal((user, password), (options.User, options.Password));
    }

    [Theory]
    [InlineData("redis://a", false)]
    [InlineData("rediss://a", true)]
    [InlineData("valkeys://a", true)]
    [InlineData("unix:///s", false)]
    public void The_scheme_says_whether_to_encrypt(string text, bool tls) => Assert.Equal(tls, RedisClientOptions.Parse(text).Tls is not null);

    [Fact]
    public void Every_number_time_and_switch_is_read_by_its_name()
    {
        RedisClientOptions options = RedisClientOptions.Parse(
            "rediss://a/3?client_name=shop&library_name=orleans&protocol=resp2&connections_per_endpoint=2&max_in_flight_commands=64" +
            "&max_in_flight_bytes=65536&max_dedicated_connections=5&dedicated_idle_timeout=10s&connect_timeout=1.5s&command_timeout=250ms" +
            "&heartbeat_interval=2s&heartbeat_timeout=4s&tcp_user_timeout=1m&reconnect_min_delay=5ms&reconnect_max_delay=1s&max_repeats=0" +
            "&drain_timeout=0s&verify_replies=true&max_reply_bytes=2048&max_reply_depth=9&max_reply_elements=99&max_argument_bytes=4096" +
            "&subscription_buffer=7&tls_host=b&tls_protocols=tls13&check_certificate_revocation=no").Validated();

        Assert.Equal(
            (3, "shop", "orleans", RespProtocol.Resp2, 2, 64, 65_536, 5),
            (options.Database, options.ClientName, options.LibraryName, options.Protocol, options.ConnectionsPerEndpoint,
                options.MaxInFlightCommands, options.MaxInFlightBytes, options.MaxDedicatedConnections));
        Assert.Equal(
            [10_000, 1_500, 250, 2_000, 4_000, 60_000, 5, 1_000, 0],
            new[]
            {
                options.DedicatedIdleTimeout, options.ConnectTimeout, options.CommandTimeout, options.HeartbeatInterval, options.HeartbeatTimeout,
                options.TcpUserTimeout!.Value, options.Reconnect.MinDelay, options.Reconnect.MaxDelay, options.DrainTimeout,
            }.Select(t => t.TotalMilliseconds));
        Assert.Equal(
            (0, true, 2048, 9, 99, 4096, 7),
            (options.MaxRepeats, options.VerifyReplies, options.MaxReplyBytes, options.MaxReplyDepth, options.MaxReplyElements,
                options.MaxArgumentBytes, options.SubscriptionBuffer));
        Assert.Equal(("b", SslProtocols.Tls13), (options.Tls?.TargetHost, options.Tls?.Protocols));
    }

    [Theory]
    [InlineData("redis://", "Host 1")]
    [InlineData("redis://a,,b", "Host 2")]
    [InlineData("redis://a:99999", "Host 1")]
    [InlineData("http://a", "scheme that is unknown")]
    [InlineData("redis://:s3/cret@a", "after the first '/' or '?'")]
    [InlineData("redis://:s3?cret@a", "after the first '/' or '?'")]
    [InlineData("redis://:s3#cret@a", "written %23")]
    [InlineData("redis://:s3%cret@a", "In the password, a '%'")]
    [InlineData("redis://:s3cret%@a", "In the password, a '%'")]
    [InlineData("redis://:s3cret%FF@a", "In the password, a '%'")]
    [InlineData("redis://s3cret@a", "has no colon")]
    [InlineData("redis://a/zero", "value of database")]
    [InlineData("redis://a/0?db=0", "says database twice")]
    [InlineData("redis://:s3cret@a?password=s3cret", "says password twice")]
    [InlineData("redis://a?conect_timeout=5s", "'conect_timeout', which is unknown. Did you mean connect_timeout?")]
    [InlineData("redis://a?frobnicate=1", "'frobnicate', which is unknown.")]
    [InlineData("redis://a?password=x&s3cret=1", "unknown key as setting 2. If it belongs to the password, that has a '&' (written %26).")]
    [InlineData("redis://a?abortConnect=false", "'abortConnect', which is unknown.")]
    [InlineData("redis://a?connect_timeout=5", "a time with its unit")]
    [InlineData("redis://a?connect_timeout=5parsecs", "a time with its unit")]
    [InlineData("redis://a?connect_timeout=99999999999h", "a time with its unit")]
    [InlineData("redis://a?connect_timeout=2000000000h", "a time with its unit")]
    [InlineData("redis://a?max_repeats=many", "a whole number")]
    [InlineData("redis://a?max_repeats=99999999999", "a whole number")]
    [InlineData("redis://a?verify_replies", "true or false")]
    [InlineData("redis://a?tls_host=b", "write rediss://")]
    [InlineData("rediss://a?tls_protocols=ssl3", "tls12, tls13")]
    [InlineData("unix://host/path", "three slashes")]
    [InlineData("unix://", "no path of a socket")]
    [InlineData("  ", "is empty")]
    public void What_cannot_be_read_is_told_without_the_secret(string text, string reason)
    {
        FormatException error = Assert.Throws<FormatException>(() => RedisClientOptions.Parse(text));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3", error.ToString().Split("\n")[0], StringComparison.Ordinal);
        Assert.False(RedisClientOptions.TryParse(text, out _));
    }
}
