using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RedisToolkit.StackExchangeRedis;
using StackExchange.Redis;

namespace RedisToolkit.Tests.DependencyInjection;

public sealed class AddRedisToolkitTests
{
    [Fact]
    public async Task One_line_makes_a_client_injectable_and_the_container_disposes_it()
    {
        RedisServer server = await TestServers.GetAsync();
        IRedisClient redis;
        await using (ServiceProvider provider = new ServiceCollection().Also(services => services.AddRedisToolkit(server.ConnectionString)).BuildServiceProvider())
        {
            redis = provider.GetRequiredService<IRedisClient>();
            Assert.Same(redis, provider.GetRequiredService<IRedisClient>());
            Assert.Equal("x", await redis.EchoAsync("x"));
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await redis.EchoAsync("x"));
    }

    [Fact]
    public async Task Several_servers_have_keys()
    {
        RedisServer redis = await TestServers.GetAsync(), valkey = await TestServers.GetAsync(RedisFlavor.Valkey);
        await using ServiceProvider provider = new ServiceCollection().Also(services =>
        {
            services.AddRedisToolkit(redis.ConnectionString);
            services.AddRedisToolkit(valkey.ConnectionString, key: "orders");
            services.AddRedisToolkit(_ => new RedisClientOptions { Endpoints = [new RedisEndpoint(redis.Host, redis.Port)], Database = 3 }, key: "audit");
        }).BuildServiceProvider();
        string key = TestServers.NewKey();
        await provider.GetRequiredService<IRedisClient>().SetAsync(key, "main");
        await provider.GetRequiredKeyedService<IRedisClient>("orders").SetAsync(key, "orders");
        Assert.Null(await provider.GetRequiredKeyedService<IRedisClient>("audit").GetAsync(key));
        Assert.Equal("main", await provider.GetRequiredService<IRedisClient>().GetAsync(key));
        Assert.Equal("orders", await provider.GetRequiredKeyedService<IRedisClient>("orders").GetAsync(key));
    }

    [Fact]
    public async Task A_repository_of_hashes_is_injectable_with_and_without_a_key()
    {
        RedisServer server = await TestServers.GetAsync();
        KeyTemplate<HashRepositories.Product, int> keys = HashRepositories.Products.NewNames().Template<HashRepositories.Product, int>();
        await using ServiceProvider provider = new ServiceCollection().Also(services =>
        {
            services.AddRedisToolkit(server.ConnectionString).AddHashRepository(keys, HashRepositories.TestHashes.Product, HashRepositories.Products.AnHour);
            services.AddRedisToolkit(server.ConnectionString, options => options with { Database = 2 }, key: "orders").AddHashRepository(keys, HashRepositories.TestHashes.Product, HashRepositories.Products.AnHour);
        }).BuildServiceProvider();
        HashRepository<HashRepositories.Product, int> main = provider.GetRequiredService<HashRepository<HashRepositories.Product, int>>();
        HashRepository<HashRepositories.Product, int> orders = provider.GetRequiredKeyedService<HashRepository<HashRepositories.Product, int>>("orders");
        await main.SetAsync(1, HashRepositories.Products.Chair);
        Assert.Equal(HashRepositories.Products.Chair, await main.GetAsync(1));
        Assert.Null(await orders.GetAsync(1));
        Assert.Same(main, provider.GetRequiredService<HashRepository<HashRepositories.Product, int>>());
        var builder = new ServiceCollection().AddRedisToolkit();
        Assert.Throws<ArgumentNullException>("keys", () => builder.AddHashRepository<HashRepositories.Product, int>(null!, HashRepositories.TestHashes.Product, HashRepositories.Products.AnHour));
        Assert.Throws<ArgumentNullException>("mapping", () => builder.AddHashRepository(keys, null!, HashRepositories.Products.AnHour));
        Assert.Throws<ArgumentNullException>("options", () => builder.AddHashRepository(keys, HashRepositories.TestHashes.Product, null!));
    }

    [Fact]
    public async Task Every_feature_is_injectable_with_and_without_a_key()
    {
        RedisServer server = await TestServers.GetAsync();
        string mine = TestServers.NewKey();
        await using ServiceProvider provider = new ServiceCollection().Also(services =>
        {
            services.AddRedisToolkit(server.ConnectionString);
            services.AddRedisToolkit(server.ConnectionString, options => options with { Database = 2 }, key: "orders");
        }).BuildServiceProvider();
        await provider.GetRequiredService<HashFields>().SetAsync(mine, "f", "v", TimeToLive.Minutes(5));
        Assert.Equal("v", await provider.GetRequiredService<HashFields>().GetAsync(mine, "f"));
        Assert.Null(await provider.GetRequiredKeyedService<HashFields>("orders").GetAsync(mine, "f"));
        foreach (Type feature in new[] { typeof(HashFields), typeof(ResultMaps), typeof(Counters), typeof(RedisKeyspace), typeof(BulkLoader) })
        {
            Assert.Same(provider.GetRequiredService(feature), provider.GetRequiredService(feature));
            Assert.NotSame(provider.GetRequiredService(feature), provider.GetRequiredKeyedService(feature, "orders"));
        }
    }

    [Fact]
    public void A_second_one_under_the_same_key_is_refused()
    {
        var services = new ServiceCollection();
        services.AddRedisToolkit("localhost");
        services.AddRedisToolkit("localhost", key: "orders");
        Assert.Contains("key: \"orders\"", Assert.Throws<InvalidOperationException>(() => services.AddRedisToolkit("elsewhere")).Message, StringComparison.Ordinal);
        Assert.Contains("'orders'", Assert.Throws<InvalidOperationException>(() => services.AddRedisToolkit("elsewhere", key: "orders")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_are_checked_when_the_host_starts_with_all_faults_in_one_message()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddRedisToolkit("localhost", options => options with { Database = -1, ConnectTimeout = TimeSpan.Zero, User = "a b" });
        using IHost host = builder.Build();
        OptionsValidationException refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.All(new[] { "Database is -1", "ConnectTimeout is 0 s", "User has a space" }, fault => Assert.Contains(fault, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_configuration_section_is_read_with_all_its_settings()
    {
        RedisServer server = await TestServers.GetAsync();
        await using ServiceProvider provider = With(new()
        {
            ["Redis:Endpoints:0"] = $"{server.Host}:{server.Port}",
            ["Redis:CommandTimeout"] = "00:00:07",
            ["Redis:connect_timeout"] = "3s",
            ["Redis:Database"] = "4",
            ["Redis:Reconnect:MaxDelay"] = "750ms",
            ["Redis:CommandMap:FLUSHALL"] = "",
        }).BuildServiceProvider();
        var redis = (RedisClient)provider.GetRequiredService<IRedisClient>();
        Assert.Equal((TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(3), 4), (redis.Options.CommandTimeout, redis.Options.ConnectTimeout, redis.Options.Database));
        Assert.Equal(TimeSpan.FromMilliseconds(750), redis.Options.Reconnect.MaxDelay);
        Assert.Equal("x", await redis.EchoAsync("x"));
        await Assert.ThrowsAsync<RedisCommandDisabledException>(async () => await redis.ExecuteAsync(RedisCommand.Create("FLUSHALL"), Replies.Done));
    }

    [Fact]
    public async Task A_sections_settings_go_on_top_of_its_connection_string_and_code_on_top_of_both()
    {
        await using ServiceProvider provider = With(
            new() { ["Redis:ConnectionString"] = "rediss://app:secret@one:6380/2?command_timeout=9s", ["Redis:Database"] = "5", ["Redis:Tls:TargetHost"] = "cache" },
            options => options with { ClientName = "shop" }).BuildServiceProvider();
        RedisClientOptions options = ((RedisClient)provider.GetRequiredService<IRedisClient>()).Options;
        Assert.Equal(("one", 6380, "app", "secret"), (options.Endpoints[0].Host, options.Endpoints[0].Port, options.User, options.Password));
        Assert.Equal((5, TimeSpan.FromSeconds(9), "shop", "cache"), (options.Database, options.CommandTimeout, options.ClientName, options.Tls!.TargetHost));
    }

    [Fact]
    public async Task Every_fault_of_a_section_is_told_at_once_and_no_value_is_quoted()
    {
        await using ServiceProvider provider = With(new()
        {
            ["Redis:Endpoints"] = "localhost",
            ["Redis:CommandTimout"] = "5s",
            ["Redis:Database"] = "many",
            ["Redis:MaxRepeats"] = "99999",
            ["Redis:Password"] = "hunter2",
            ["Redis:Tls"] = "perhaps",
        }).BuildServiceProvider();
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IRedisClient>());
        Assert.All(
            new[] { "section 'Redis'", "CommandTimout: is unknown; did you mean command_timeout?", "Database: ", "MaxRepeats is 99,999", "Tls: " },
            fault => Assert.Contains(fault, refused.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("many", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_was_given_as_the_connection_string_is_found_out_from_the_error()
    {
        await using ServiceProvider provider = new ServiceCollection().Also(services => services.AddRedisToolkit("orders", options => options with { CommandTimeout = TimeSpan.FromSeconds(3) })).BuildServiceProvider();
        RedisToolkit.Client.RedisException error = await Assert.ThrowsAnyAsync<RedisToolkit.Client.RedisException>(async () => await provider.GetRequiredService<IRedisClient>().PingAsync());
        Assert.Contains("AddRedisToolkit(key: \"orders\")", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_of_features_are_read_from_sections()
    {
        RedisServer server = await TestServers.GetAsync();
        KeyTemplate<Person, int> keys = new KeyNames("di").Template<Person, int>();
        IConfigurationRoot configuration = Configuration(new()
        {
            ["Fields:Storage"] = "portable",
            ["Fields:RememberExpired"] = "01:00:00",
            ["Sweeper:Interval"] = "5m",
            ["Sweeper:StepsPerSecond"] = "7",
            ["Sweeper:LeaseKey"] = "shop:sweeper",
            ["People:TimeToLive"] = "12h",
            ["People:MaxValueBytes"] = "4096",
            ["People:Compression:Method"] = "Brotli",
            ["People:Compression:MinBytes"] = "100",
            ["Ever:TimeToLive"] = "forever",
            ["Products:TimeToLive"] = "2.00:00:00",
            ["Products:MaxValueBytes"] = "2048",
            ["Products:MaxFields"] = "50",
        });
        KeyTemplate<HashRepositories.Product, int> products = new KeyNames("di").Template<HashRepositories.Product, int>();
        await using ServiceProvider provider = new ServiceCollection().Also(services =>
        {
            services.AddRedisToolkit(server.ConnectionString)
                .ConfigureHashFieldsFrom(configuration.GetSection("Fields"))
                .AddHashFieldSweeperFrom(configuration.GetSection("Sweeper"))
                .AddJsonRepositoryFrom(configuration.GetSection("People"), keys, TestJson.Default.Person)
                .AddHashRepositoryFrom(configuration.GetSection("Products"), products, HashRepositories.TestHashes.Product)
                .AddIdSequence("di:ids", 10);
            services.AddRedisToolkit(server.ConnectionString, key: "orders").AddJsonRepositoryFrom(configuration.GetSection("Ever"), keys, TestJson.Default.Person);
        }).BuildServiceProvider();
        var fields = new HashFieldsOptions { Storage = HashFieldStorage.Portable, RememberExpired = TimeSpan.FromHours(1) };
        Assert.Equal(fields, provider.GetRequiredService<HashFields>().Options);
        Assert.Equal(new HashFieldsOptions(), provider.GetRequiredKeyedService<HashFields>("orders").Options);
        Assert.Equal(
            new HashFieldSweeperOptions { Interval = TimeSpan.FromMinutes(5), StepsPerSecond = 7, LeaseKey = "shop:sweeper" },
            ToolkitSettings.Find<HashFieldSweeperOptions>(provider, null, typeof(HashFieldSweeper)));
        JsonRepositoryOptions people = provider.GetRequiredService<JsonRepository<Person, int>>().Options;
        Assert.Equal((TimeToLive.Hours(12), 4096, CompressionMethod.Brotli, 100), (people.TimeToLive, people.MaxValueBytes, people.Compression.Method, people.Compression.MinBytes));
        Assert.Equal(TimeToLive.Forever, provider.GetRequiredKeyedService<JsonRepository<Person, int>>("orders").Options.TimeToLive);
        Assert.Equal(
            new HashRepositoryOptions { TimeToLive = TimeToLive.Days(2), MaxValueBytes = 2048, MaxFields = 50 },
            provider.GetRequiredService<HashRepository<HashRepositories.Product, int>>().Options);
        IdSequence ids = provider.GetRequiredKeyedService<IdSequence>("di:ids");
        Assert.Equal((ids, "di:ids"), (provider.GetRequiredKeyedService<IdSequence>("di:ids"), ids.Key));
        Assert.InRange(await ids.NextAsync(), 1, long.MaxValue);
    }

    [Fact]
    public async Task Every_fault_of_every_feature_is_told_when_the_host_starts_and_no_value_is_quoted()
    {
        IConfigurationRoot configuration = Configuration(new()
        {
            ["Sweeper:Intervall"] = "hunter2",
            ["Sweeper:StepsPerSecond"] = "hunter2",
            ["Sweeper:Interval"] = "2ms",
            ["People:Compression:Method"] = "hunter2",
            ["People:Compression:Level"] = "1",
            ["People:Compression:MinBytes"] = "0",
            ["Animals:TimeToLive"] = "-5s",
            ["Plants:TimeToLive"] = "30",
            ["Stones:TimeToLive"] = "2000000000h",
            ["Products:MaxFields"] = "1",
        });
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        KeyTemplate<Person, int> keys = new KeyNames("di").Template<Person, int>();
        builder.Services.AddRedisToolkit("localhost", options => options with { Database = -1 })
            .ConfigureHashFields(new HashFieldsOptions { RememberExpired = TimeSpan.Zero, Storage = (HashFieldStorage)9 })
            .AddHashFieldSweeperFrom(configuration.GetSection("Sweeper"))
            .AddJsonRepositoryFrom(configuration.GetSection("People"), keys, TestJson.Default.Person)
            .AddJsonRepositoryFrom(configuration.GetSection("Animals"), new KeyNames("di").Template<Person, long>(), TestJson.Default.Person)
            .AddJsonRepositoryFrom(configuration.GetSection("Plants"), new KeyNames("di").Template<Person, Guid>(), TestJson.Default.Person)
            .AddJsonRepositoryFrom(configuration.GetSection("Stones"), new KeyNames("di").Template<Person, string>(), TestJson.Default.Person)
            .AddHashRepositoryFrom(configuration.GetSection("Products"), new KeyNames("di").Template<HashRepositories.Product, int>(), HashRepositories.TestHashes.Product)
            .AddHashRepository(new KeyNames("di").Template<HashRepositories.Product, long>(), HashRepositories.TestHashes.Product, new() { TimeToLive = TimeToLive.Unchanged });
        using IHost host = builder.Build();
        OptionsValidationException refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.All(
            new[]
            {
                "Database is -1", "RememberExpired is 0 s", "Storage is 9", "Intervall: is unknown; known are Interval, StepsPerSecond, LeaseKey", "StepsPerSecond: ", "Interval is 2 ms; allowed are 1 s to 1 d",
                "Compression:Method: ", "None, Deflate, Brotli", "Compression:Level: ", "Compression.MinBytes is 0", "section 'People'", "TimeToLive is not chosen", "section 'Animals'", "1 ms to 36,500 days",
                "section 'Plants' cannot be used: TimeToLive: The value of TimeToLive (2 characters) cannot be used; allowed is a time with its unit, as in 500ms, 5s, 1m or 1h.", "section 'Stones'",
                "section 'Products'", "MaxFields is 1; allowed are", "TimeToLive is Unchanged",
            },
            fault => Assert.Contains(fault, refused.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_applications_own_multiplexer_takes_the_place_of_a_connection_string()
    {
        RedisServer server = await TestServers.GetAsync();
        using ConnectionMultiplexer multiplexer = await ConnectionMultiplexer.ConnectAsync($"{server.Host}:{server.Port}");
        await using (ServiceProvider provider = new ServiceCollection().Also(services =>
        {
            services.AddSingleton<IConnectionMultiplexer>(_ => multiplexer);
            services.AddRedisToolkit().UseStackExchangeRedis();
            services.AddRedisToolkit(key: "orders").UseStackExchangeRedis(_ => multiplexer);
        }).BuildServiceProvider())
        {
            Assert.Equal("x", await Assert.IsType<StackExchangeRedisClient>(provider.GetRequiredService<IRedisClient>()).EchoAsync("x"));
            Assert.Equal("x", await Assert.IsType<StackExchangeRedisClient>(provider.GetRequiredKeyedService<IRedisClient>("orders")).EchoAsync("x"));
        }
    }

    [Fact]
    public async Task Nothing_said_about_the_server_is_told_with_what_to_say()
    {
        await using ServiceProvider provider = new ServiceCollection().Also(services => services.AddRedisToolkit()).BuildServiceProvider();
        Assert.Contains("UseStackExchangeRedis", Assert.Throws<InvalidOperationException>(() => provider.GetRequiredService<IRedisClient>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_health_check_follows_the_server()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using ServiceProvider provider = new ServiceCollection().Also(services =>
        {
            services.AddLogging();
            services.AddRedisToolkit(server.ConnectionString, options => options with { CommandTimeout = TimeSpan.FromMilliseconds(500) }, key: "orders");
            services.AddHealthChecks().AddRedisToolkit("orders", key: "orders", failureStatus: HealthStatus.Degraded, tags: ["ready"]);
        }).BuildServiceProvider();
        HealthCheckService checks = provider.GetRequiredService<HealthCheckService>();
        await Bounded.Until(async () => (await checks.CheckHealthAsync()).Status == HealthStatus.Healthy, "it is connected");
        Assert.InRange((double)(await checks.CheckHealthAsync()).Entries["orders"].Data["latency_ms"], 0, 10_000);
        await server.KillAsync();
        HealthReportEntry down = (await checks.CheckHealthAsync()).Entries["orders"];
        Assert.Equal(HealthStatus.Degraded, down.Status);
        Assert.IsType<RedisToolkit.Client.RedisException>(down.Exception, exactMatch: false);
        Assert.Equal(["ready"], down.Tags);
        await server.RestartAsync(keepData: false);
        await Bounded.Until(async () => (await checks.CheckHealthAsync()).Status == HealthStatus.Healthy, "it is connected again");
    }

    private static IConfigurationRoot Configuration(Dictionary<string, string?> settings) => new ConfigurationBuilder().AddInMemoryCollection(settings).Build();

    private static ServiceCollection With(Dictionary<string, string?> settings, Func<RedisClientOptions, RedisClientOptions>? with = null) =>
        new ServiceCollection().Also(services => services.AddRedisToolkit(new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection("Redis"), with));
}

internal static class Chaining
{
    public static ServiceCollection Also(this ServiceCollection services, Action<ServiceCollection> add)
    {
        add(services);
        return services;
    }
}
