using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace RedisToolkit.Client.Tests.Configuration;

public sealed class CommaConnectionStringTests
{
    [Theory]
    [InlineData("localhost", "localhost:6379")]
    [InlineData("a:1, b ,10.0.0.1:2,[::1]:3,", "a:1 b:6379 10.0.0.1:2 [::1]:3")]
    [InlineData("a,ssl=true", "a:6380")]
    [InlineData("ssl=true,a,b:6379", "a:6380 b:6379")]
    [InlineData("a,ssl=false", "a:6379")]
    [InlineData("!/run/redis.sock", "unix:///run/redis.sock")]
    [InlineData("a,a:6379", "a:6379")]
    public void The_hosts_are_read(string text, string endpoints) =>
        Assert.Equal(endpoints, string.Join(' ', RedisClientOptions.Parse(text).Validated().Endpoints));

    [Fact]
    public void A_string_as_a_cloud_portal_gives_it_is_read()
    {
        RedisClientOptions options = RedisClientOptions.Parse("shop.redis.cache.windows.net:6380,password=aB+/cD==,ssl=True,abortConnect=False").Validated();

        Assert.Equal("shop.redis.cache.windows.net:6380", Assert.Single(options.Endpoints).ToString());
        Assert.Equal((null, "aB+/cD=="), (options.User, options.Password));
        Assert.NotNull(options.Tls);
    }

    [Fact]
    public void The_keys_of_StackExchange_Redis_set_what_they_mean()
    {
        RedisClientOptions options = RedisClientOptions.Parse(
            "a,USER=app,password=pw,name=shop,defaultDatabase=4,connectTimeout=1500,syncTimeout=2000,asyncTimeout=3000,protocol=resp3," +
            "ssl=true,sslHost=b,sslProtocols=tls12|tls13,checkCertificateRevocation=true,highIntegrity=true,$CONFIG=,$keys=k_9f2").Validated();

        Assert.Equal(("app", "pw", "shop", 4, RespProtocol.Resp3), (options.User, options.Password, options.ClientName, options.Database, options.Protocol));
        Assert.Equal((1_500, 3_000), (options.ConnectTimeout.TotalMilliseconds, options.CommandTimeout.TotalMilliseconds));
        Assert.Equal(
            new RedisTlsOptions { TargetHost = "b", Protocols = SslProtocols.Tls12 | SslProtocols.Tls13, RevocationMode = X509RevocationMode.Online },
            options.Tls);
        Assert.True(options.VerifyReplies);
        Assert.False(options.CommandMap.TryGetName("CONFIG", out _));
        Assert.True(options.CommandMap.TryGetName("KEYS", out string? keys));
        Assert.Equal("k_9f2", keys);
    }

    [Theory]
    [InlineData("syncTimeout=2000", 2000)]
    [InlineData("asyncTimeout=3000,syncTimeout=2000", 3000)]
    [InlineData("syncTimeout=2000,commandTimeout=1s", 1000)]
    [InlineData("abortConnect=true", 5000)]
    public void The_deadline_of_a_command_is_the_most_particular_time_given(string settings, int milliseconds) =>
        Assert.Equal(milliseconds, RedisClientOptions.Parse("a," + settings).CommandTimeout.TotalMilliseconds);

    [Theory]
    [InlineData("abortConnect=false")]
    [InlineData("allowAdmin=true")]
    [InlineData("connectRetry=3")]
    [InlineData("keepAlive=60")]
    [InlineData("keepAlive=-1")]
    [InlineData("resolveDns=true")]
    [InlineData("version=3.2.1")]
    [InlineData("tiebreaker=")]
    [InlineData("configChannel=x")]
    [InlineData("configCheckSeconds=60")]
    [InlineData("responseTimeout=5000")]
    [InlineData("writeBuffer=4096")]
    [InlineData("preserveAsyncOrder=false")]
    [InlineData("highPriorityThreads=true")]
    [InlineData("setlib=true")]
    [InlineData("proxy=None")]
    [InlineData("tunnel=")]
    [InlineData("serviceName=")]
    [InlineData("channelPrefix=")]
    [InlineData("user=,password=,name=,sslHost=")]
    public void What_has_no_meaning_here_changes_nothing(string settings)
    {
        RedisClientOptions plain = RedisClientOptions.Parse("a");

        Assert.Equal(plain, RedisClientOptions.Parse("a," + settings) with { Endpoints = plain.Endpoints });
    }

    [Theory]
    [InlineData("password=s3cret", "names no host")]
    [InlineData("a b,password=s3cret", "Item 1 between the commas")]
    [InlineData("a,password=s3,cr:et", "Item 3 between the commas")]
    [InlineData("a,password=x,s3cret=1", "unknown key as setting 2. If it belongs to the password")]
    [InlineData("a,password=s3cret,conectTimeout=1", "unknown key as setting 2. Did you mean connect_timeout?")]
    [InlineData("a,conectTimeout=1", "'conectTimeout', which is unknown. Did you mean connect_timeout?")]
    [InlineData("a,frobnicate=1", "'frobnicate', which is unknown.")]
    [InlineData("a,password=s3cret,password=s3cret", "says password twice")]
    [InlineData("a,connectTimeout=soon", "a time in milliseconds")]
    [InlineData("a,ssl=perhaps", "true or false")]
    [InlineData("a,sslHost=b", "does not turn it on")]
    [InlineData("a,sentinelPassword=x", "serviceName=")]
    [InlineData("a,channelPrefix=x", "give channels their prefix")]
    [InlineData("a,proxy=twemproxy", "None")]
    [InlineData("a,tunnel=http:b:1", "directly")]
    [InlineData("a,setlib=false", "always told")]
    [InlineData("a,keepAlive=often", "a whole number")]
    [InlineData("a,protocol=resp4", "auto, resp2 or resp3")]
    [InlineData("a,version=new", "a version")]
    [InlineData("a,$=x", "without the name of a command")]
    [InlineData("a,$KEYS=s3 cret", "renames a command wrongly")]
    [InlineData("a,$KEYS=x,$keys=y", "renames one command twice")]
    public void What_cannot_be_read_is_told_without_the_secret(string text, string reason)
    {
        FormatException error = Assert.Throws<FormatException>(() => RedisClientOptions.Parse(text));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3", error.Message, StringComparison.Ordinal);
        Assert.False(RedisClientOptions.TryParse(text, out _));
    }
}
