namespace RedisToolkit.Client.Tests.Docs;

/// <summary>The code of docs/sentinel.md.</summary>
public sealed class SentinelSnippets
{
    [Fact]
    public void The_options_of_the_page_on_Sentinel_are_those_of_its_connection_strings()
    {
        RedisClientOptions uri = RedisClientOptions.Parse("redis+sentinel://app:secret@sentinel1,sentinel2,sentinel3/mymaster/0?sentinel_password=other");
        RedisClientOptions commas = RedisClientOptions.Parse("sentinel1,sentinel2,sentinel3,serviceName=mymaster,user=app,password=secret,sentinelPassword=other");
        foreach (RedisClientOptions options in new[] { uri, commas })
        {
            Assert.Equal(["sentinel1:26379", "sentinel2:26379", "sentinel3:26379"], options.Sentinel!.Endpoints.Select(endpoint => endpoint.ToString()));
            Assert.Equal(("mymaster", "other", "app", "secret"), (options.Sentinel.ServiceName, options.Sentinel.Password, options.User, options.Password));
        }
    }

    [Fact]
    public async Task The_code_of_the_page_on_Sentinel_fails_only_where_there_are_no_sentinels()
    {
        // Nobody has these names.
        Assert.Equal(ConnectionFailure.NoSentinel, (await Assert.ThrowsAsync<RedisConnectionException>(ConnectAsync)).Failure);
    }

    private static async Task ConnectAsync()
    {
        var options = new RedisClientOptions
        {
            Sentinel = new RedisSentinelOptions
            {
                ServiceName = "mymaster",                           // the name behind 'sentinel monitor'
                Endpoints = ["sentinel1:26379", "sentinel2:26379", "sentinel3:26379"],
                Password = "of the sentinels",                      // they have credentials and TLS of their own
            },
            User = "app",
            Password = "of the servers",
        };
        await using RedisClient redis = await RedisClient.ConnectAsync(options);
        RedisClientOptions outside = options with
        {
            AddressTranslation = announced => announced.Host == "10.0.0.7" ? new RedisEndpoint("redis.example.com", announced.Port) : announced,
        };
        Assert.NotNull(outside);
    }
}
