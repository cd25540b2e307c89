using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RedisToolkit.StackExchangeRedis;
using StackExchange.Redis;

namespace RedisToolkit.Tests.Docs;

/// <summary>The code of docs/dependency-injection.md. It names servers of the reader's own, so it is only registered.</summary>
public sealed class DependencyInjectionSnippets
{
    [Fact]
    public void Every_line_registers_a_client()
    {
        foreach (Action<IServiceCollection> line in (Action<IServiceCollection>[])[OneLine, WithRepository, WithSweeper, WithCode, FromConfiguration, FeaturesFromConfiguration, ByCode, Several, Health])
        {
            var services = new ServiceCollection();
            line(services);
            Assert.Contains(services, service => service.ServiceType == typeof(IRedisClient));
        }
    }

    internal static void OverMultiplexer(IServiceCollection services, IConnectionMultiplexer multiplexer)
    {
        services.AddRedisToolkit().UseStackExchangeRedis();                             // the IConnectionMultiplexer that is registered
        services.AddRedisToolkit(key: "orders").UseStackExchangeRedis(_ => multiplexer);
    }

    private static void OneLine(IServiceCollection services)
    {
        services.AddRedisToolkit("localhost:6379");
    }

    private static void WithRepository(IServiceCollection services)
    {
        KeyTemplate<User, int> keys = new KeyNames("shop").Template<User, int>("user:{id}");
        services.AddRedisToolkit("localhost:6379")
            .AddJsonRepository(keys, ShopJson.Default.User, new() { TimeToLive = TimeToLive.Days(30) })    // injected as JsonRepository<User, int>
            .AddIdSequence("shop:user:ids", blockSize: 100)                                                // [FromKeyedServices("shop:user:ids")] IdSequence
            .ConfigureHashFields(new() { Storage = HashFieldStorage.Portable })                            // of HashFields and ResultMaps
            .AddHashFieldSweeper(new() { Interval = TimeSpan.FromMinutes(5) });                            // runs with the host
        Assert.Contains(services, service => service.ServiceType == typeof(JsonRepository<User, int>));
    }

    private static void WithCode(IServiceCollection services)
    {
        services.AddRedisToolkit("localhost:6379", options => options with { CommandTimeout = TimeSpan.FromSeconds(2), ClientName = "shop" });
    }

    private static void FromConfiguration(IServiceCollection services)
    {
        IConfiguration configuration = new ConfigurationBuilder().Build();
        services.AddRedisToolkit(configuration.GetSection("Redis"));
    }

    private static void WithSweeper(IServiceCollection services)
    {
        services.AddRedisToolkit("localhost:6379").AddHashFieldSweeper();
    }

    private static void FeaturesFromConfiguration(IServiceCollection services)
    {
        IConfiguration configuration = new ConfigurationBuilder().Build();
        KeyTemplate<User, int> keys = new KeyNames("shop").Template<User, int>("user:{id}");
        services.AddRedisToolkit(configuration.GetSection("Redis"))
            .AddJsonRepositoryFrom(configuration.GetSection("Users"), keys, ShopJson.Default.User)         // "TimeToLive": "30.00:00:00", "Compression": { "Method": "Brotli" }
            .ConfigureHashFieldsFrom(configuration.GetSection("HashFields"))                               // "Storage": "Portable", "RememberExpired": "10m"
            .AddHashFieldSweeperFrom(configuration.GetSection("Sweeper"));                                 // "Interval": "5m", "StepsPerSecond": "50"
    }

    private static void ByCode(IServiceCollection services)
    {
        services.AddRedisToolkit(provider => RedisClientOptions.Parse("cache:6379") with { Credentials = provider.GetRequiredService<IRedisCredentialsProvider>() });
    }

    private static void Several(IServiceCollection services)
    {
        services.AddRedisToolkit("cache:6379");
        services.AddRedisToolkit("orders-db:6379", key: "orders");
    }

    private static void Health(IServiceCollection services)
    {
        services.AddRedisToolkit("cache:6379");
        services.AddHealthChecks().AddRedisToolkit(timeout: TimeSpan.FromSeconds(1));
    }
}
