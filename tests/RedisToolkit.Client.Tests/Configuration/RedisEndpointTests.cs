namespace RedisToolkit.Client.Tests.Configuration;

public sealed class RedisEndpointTests
{
    [Theory]
    [InlineData("localhost", "localhost:6379")]
    [InlineData("cache-1.example.com:6380", "cache-1.example.com:6380")]
    [InlineData("10.0.0.1:1", "10.0.0.1:1")]
    [InlineData("redis_primary:65535", "redis_primary:65535")]
    [InlineData("[::1]", "[::1]:6379")]
    [InlineData("[fe80::1]:7000", "[fe80::1]:7000")]
    [InlineData("::1", "[::1]:6379")]
    [InlineData("unix:///run/redis.sock", "unix:///run/redis.sock")]
    public void Every_spelling_of_an_endpoint_is_read_and_its_text_is_read_back(string text, string canonical)
    {
        RedisEndpoint endpoint = text;

        Assert.Equal(canonical, endpoint.ToString());
        Assert.Equal(endpoint, RedisEndpoint.Parse(canonical));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(":6379")]
    [InlineData("host:")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:-1")]
    [InlineData("host:+1")]
    [InlineData("host:1 ")]
    [InlineData("ho st:1")]
    [InlineData("user:s3cret@host:1")]
    [InlineData("s3cret@host")]
    [InlineData("[10.0.0.1]:1")]
    [InlineData("[::1]x")]
    [InlineData("[::1")]
    [InlineData("unix://")]
    [InlineData("a,b")]
    public void What_is_no_endpoint_is_refused_without_being_quoted(string text)
    {
        Assert.False(RedisEndpoint.TryParse(text, out _));
        FormatException error = Assert.Throws<FormatException>(() => RedisEndpoint.Parse(text));
        Assert.DoesNotContain("s3cret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_constructor_checks_host_and_port()
    {
        Assert.Throws<ArgumentException>(() => new RedisEndpoint("a/b"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RedisEndpoint("a", 0));
        Assert.Throws<ArgumentException>(() => RedisEndpoint.Unix(""));
        Assert.Equal("::1", new RedisEndpoint("[::1]").Host);
    }

    [Fact]
    public void A_unix_socket_has_a_path_and_no_port()
    {
        var endpoint = RedisEndpoint.Unix("/run/redis.sock");

        Assert.Equal(("/run/redis.sock", "", 0), (endpoint.UnixSocketPath, endpoint.Host, endpoint.Port));
    }
}
