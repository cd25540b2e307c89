namespace RedisToolkit.Client.Tests.Configuration;

/// <summary>Connection strings and settings that name sentinels.</summary>
public sealed class SentinelConnectionStringTests
{
    [Fact]
    public void A_URI_names_sentinels_the_primary_and_the_database()
    {
        RedisClientOptions options = RedisClientOptions.Parse("rediss+sentinel://app:s%40cret@h1:1,h2,[::1]:3/my.master-1/2?sentinel_user=w&sentinel_password=p&sentinel_refresh_interval=7s&tls_host=redis");
        RedisSentinelOptions sentinel = options.Sentinel!;
        Assert.Equal(["h1:1", "h2:26379", "[::1]:3"], sentinel.Endpoints.Select(endpoint => endpoint.ToString()));
        Assert.Equal(("my.master-1", "w", "p", TimeSpan.FromSeconds(7)), (sentinel.ServiceName, sentinel.User, sentinel.Password, sentinel.RefreshInterval));
        Assert.Equal(("app", "s@cret", 2), (options.User, options.Password, options.Database));
        Assert.Equal(("redis", "redis"), (options.Tls!.TargetHost, sentinel.Tls!.TargetHost));
    }

    [Theory]
    [InlineData("redis+sentinel://h/mymaster", false, false)]
    [InlineData("rediss+sentinel://h/mymaster", true, true)]
    [InlineData("rediss+sentinel://h/mymaster?sentinel_tls=false", true, false)]
    [InlineData("valkeys+sentinel://h/mymaster", true, true)]
    [InlineData("h,serviceName=mymaster", false, false)]
    [InlineData("h,serviceName=mymaster,ssl=true", true, true)]
    [InlineData("h,serviceName=mymaster,ssl=true,sentinelSsl=false", true, false)]
    public void Sentinels_are_encrypted_as_the_servers_are_unless_said(string text, bool servers, bool sentinels)
    {
        RedisClientOptions options = RedisClientOptions.Parse(text);
        Assert.Equal(("mymaster", "h:26379"), (options.Sentinel!.ServiceName, options.Sentinel.Endpoints[0].ToString()));
        Assert.Equal((servers, sentinels), (options.Tls is not null, options.Sentinel.Tls is not null));
    }

    [Theory]
    [InlineData("redis+sentinel://h", "does not name what the sentinels monitor")]
    [InlineData("redis+sentinel://h/", "does not name what the sentinels monitor")]
    [InlineData("redis://h?service_name=x", "redis+sentinel://")]
    [InlineData("redis+sentinel://h/a?service_name=b", "twice")]
    [InlineData("h,sentinelPassword=x", "serviceName=")]
    public void What_contradicts_itself_is_refused(string text, string names)
    {
        FormatException fault = Assert.Throws<FormatException>(() => RedisClientOptions.Parse(text));
        Assert.Contains(names, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_of_a_configuration_file_name_them_too()
    {
        RedisClientOptions options = NamedSettings.Read(
            "Redis",
            new Dictionary<string, string>
            {
                ["Sentinel:ServiceName"] = "mymaster",
                ["Sentinel:Endpoints:0"] = "h1",
                ["Sentinel:Endpoints:1"] = "h2:5",
                ["Sentinel:Password"] = "p",
                ["Sentinel:RefreshInterval"] = "00:00:03",
                ["Password"] = "q",
            },
            null);
        Assert.Equal(["h1:26379", "h2:5"], options.Sentinel!.Endpoints.Select(endpoint => endpoint.ToString()));
        Assert.Equal(("mymaster", "p", TimeSpan.FromSeconds(3), "q"), (options.Sentinel.ServiceName, options.Sentinel.Password, options.Sentinel.RefreshInterval, options.Password));
    }

    [Fact]
    public void Servers_named_in_a_configuration_file_are_the_only_ones() =>
        Assert.Equal([new RedisEndpoint("h1"), new RedisEndpoint("h2", 5)], NamedSettings.Read("Redis", new Dictionary<string, string> { ["Endpoints:0"] = "h1", ["Endpoints:1"] = "h2:5" }, null).Endpoints);

    [Fact]
    public void A_connection_string_in_a_configuration_file_may_name_sentinels_and_settings_add_to_it()
    {
        RedisClientOptions options = NamedSettings.Read(
            "Redis", new Dictionary<string, string> { ["ConnectionString"] = "rediss+sentinel://h1,h2/mymaster?sentinel_tls=false", ["Sentinel:Password"] = "p" }, null);
        Assert.Equal(("mymaster", "p", 2), (options.Sentinel!.ServiceName, options.Sentinel.Password, options.Sentinel.Endpoints.Count));
        Assert.Equal((true, false), (options.Tls is not null, options.Sentinel.Tls is not null));
    }

    [Fact]
    public void Options_out_of_their_ranges_are_all_named_and_no_password_is_shown()
    {
        var options = new RedisClientOptions
        {
            Sentinel = new RedisSentinelOptions { ServiceName = "a b", Endpoints = ["h", "h"], Password = "secret", AnswerTimeout = TimeSpan.Zero },
        };
        RedisOptionsException fault = Assert.Throws<RedisOptionsException>(() => new RedisClient(options));
        Assert.Equal(3, fault.Faults.Count);
        Assert.DoesNotContain("secret", fault.Message + options, StringComparison.Ordinal);
        Assert.Contains("ServiceName", Assert.Throws<RedisOptionsException>(() => new RedisClient(new RedisClientOptions { Sentinel = new RedisSentinelOptions() })).Message, StringComparison.Ordinal);
    }
}
