using StackExchange.Redis;

namespace RedisToolkit.StackExchangeRedis.Tests.Docs;

/// <summary>The code of docs/stackexchange-redis.md, run against a real server.</summary>
public sealed class StackExchangeRedisSnippets
{
    [Fact]
    public async Task Over_a_multiplexer_that_the_application_has()
    {
        using ConnectionMultiplexer multiplexer = await Servers.MultiplexAsync(await TestServers.GetAsync());

        await using StackExchangeRedisClient redis = StackExchangeRedisClient.Create(multiplexer);
        await redis.SetAsync("greeting", "hello");
        string? greeting = await redis.GetAsync("greeting");

        Assert.Equal("hello", greeting);
    }

    [Fact]
    public async Task With_a_factory()
    {
        string configuration = await ConfigurationAsync();

        await using StackExchangeRedisClient redis = StackExchangeRedisClient.Create(
            async cancellationToken => await ConnectionMultiplexer.ConnectAsync(configuration).WaitAsync(cancellationToken),
            new StackExchangeRedisOptions { CommandTimeout = TimeSpan.FromSeconds(2) });

        Assert.True(await redis.ExecuteAsync(global::RedisToolkit.Client.RedisCommand.Create("PING"), Replies.Done));
    }

    [Fact]
    public async Task Over_a_pool()
    {
        string configuration = await ConfigurationAsync();

        await using MultiplexerPool pool = await MultiplexerPool.ConnectAsync(configuration, new MultiplexerPoolOptions { Count = 4 });
        await using StackExchangeRedisClient redis = StackExchangeRedisClient.Create(pool);

        IDatabase database = pool.GetMultiplexer().GetDatabase();   // for code that speaks StackExchange.Redis itself

        Assert.True(await database.StringSetAsync(TestServers.NewKey(), "a"));
        Assert.True(await redis.ExecuteAsync(global::RedisToolkit.Client.RedisCommand.Create("PING"), Replies.Done));
    }

    [Fact]
    public async Task With_our_own_client_for_what_the_multiplexer_cannot_do()
    {
        string configuration = await ConfigurationAsync();
        using ConnectionMultiplexer multiplexer = await ConnectionMultiplexer.ConnectAsync(configuration);
        await multiplexer.GetDatabase().ListRightPushAsync("jobs", "one");

        await using StackExchangeRedisClient shared = StackExchangeRedisClient.Create(multiplexer);
        await using RedisClient own = await RedisClient.ConnectAsync(configuration);
        string?[] job = await own.ExecuteAsync(RedisCommand.Create("BLPOP", "jobs", 5), Replies.ArrayOf(Replies.Text));
        await shared.SetAsync("last-job", job[1]!);

        Assert.Equal("one", await shared.GetAsync("last-job"));
    }

    private static async Task<string> ConfigurationAsync()
    {
        RedisToolkit.Testing.RedisServer server = await TestServers.GetAsync();
        return $"{server.Host}:{server.Port}";
    }
}
