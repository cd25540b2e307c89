using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Sentinel;

/// <summary>Finding the primary, and saying why it was not found. One set for all, which nobody changes.</summary>
public sealed class SentinelConnectTests(SentinelConnectTests.Shared shared) : IClassFixture<SentinelConnectTests.Shared>
{
    private SentinelSet Set => shared.Set;

    public sealed class Shared : IAsyncLifetime
    {
        internal SentinelSet Set { get; private set; } = null!;

        public async Task InitializeAsync() => Set = await SentinelSet.StartAsync();

        public async Task DisposeAsync() => await Set.DisposeAsync();
    }

    [Fact]
    public async Task The_primary_is_found_through_any_one_sentinel_and_the_others_are_learned()
    {
        string name = $"c{Guid.NewGuid():N}";
        await using RedisClient redis = await Set.ConnectAsync(options => options with { ClientName = name, Sentinel = options.Sentinel! with { Endpoints = [SentinelSet.At(Set.Sentinels[2])] } });
        string key = Servers.NewKey();
        await redis.SetAsync(key, "x");
        Assert.Equal(Set.Server.Port, redis.Server!.Endpoint.Port);
        Assert.Equal("x", (await Set.Server.CommandAsync("GET", key)).Text);
        foreach (RedisNode sentinel in Set.Sentinels)
            await Bounded.Until(async () => (await sentinel.CommandAsync("CLIENT", "LIST")).Text!.Split('\n').Any(line => line.Contains(name, StringComparison.Ordinal) && line.Contains(" sub=1 ", StringComparison.Ordinal)), $"{sentinel} is listened to");
    }

    [Fact]
    public async Task Sentinels_that_are_down_do_not_matter_as_long_as_one_answers()
    {
        await using RedisClient redis = await Set.ConnectAsync(options => options with
        {
            Sentinel = options.Sentinel! with { Endpoints = [new RedisEndpoint("127.0.0.1", 1), new RedisEndpoint("no-such-host.invalid"), SentinelSet.At(Set.Sentinels[0])] },
        });
        Assert.Equal("PONG", await redis.ExecuteAsync(RedisCommand.Create("PING"), Replies.Text));
    }

    [Fact]
    public async Task A_sentinel_that_never_answers_does_not_hold_up_the_others()
    {
        await using FaultProxy silent = await Set.Sentinels[0].StartProxyAsync();
        silent.BlackHole();
        await using RedisClient redis = await Bounded.Within(
            Set.ConnectAsync(options => options with { Sentinel = options.Sentinel! with { Endpoints = [new RedisEndpoint("127.0.0.1", silent.Port), .. Set.Sentinels.Skip(1).Select(SentinelSet.At)] } }), 10, "the connection");
        Assert.Equal(Set.Server.Port, redis.Server!.Endpoint.Port);
    }

    [Fact]
    public async Task A_wrong_service_name_is_told_as_such()
    {
        RedisConnectionException failure = await Assert.ThrowsAsync<RedisConnectionException>(() => Set.ConnectAsync(options => options with { Sentinel = options.Sentinel! with { ServiceName = "nobody" } }));
        Assert.Equal((ConnectionFailure.UnknownService, false), (failure.Failure, failure.IsTransient));
        Assert.Contains("'nobody'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("RedisSentinelOptions.ServiceName", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_do_not_wait_for_a_service_that_no_sentinel_knows()
    {
        await using var redis = new RedisClient(Set.Options with { Sentinel = Set.Options.Sentinel! with { ServiceName = "nobody" } });
        RedisConnectionException failure = await Assert.ThrowsAsync<RedisConnectionException>(() => Bounded.Within(redis.GetAsync("x").AsTask(), 10, "the refusal"));
        Assert.Equal((ConnectionFailure.UnknownService, CommandOutcome.NotSent), (failure.Failure, failure.Outcome));
    }

    [Fact]
    public async Task If_no_sentinel_can_be_reached_each_is_named_with_its_reason()
    {
        await using FaultProxy silent = await Set.Sentinels[0].StartProxyAsync();
        silent.BlackHole();
        RedisConnectionException failure = await Assert.ThrowsAsync<RedisConnectionException>(() => Set.ConnectAsync(options => options with
        {
            Sentinel = options.Sentinel! with { Endpoints = [new RedisEndpoint("127.0.0.1", 1), new RedisEndpoint("no-such-host.invalid"), new RedisEndpoint("127.0.0.1", silent.Port)] },
        }));
        Assert.Equal((ConnectionFailure.NoSentinel, true), (failure.Failure, failure.IsTransient));
        Assert.Contains("[127.0.0.1:1: Nothing listens", failure.Message, StringComparison.Ordinal);
        Assert.Contains("no-such-host.invalid:6379: The host name", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"[127.0.0.1:{silent.Port}: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_sentinels_name_and_that_is_no_primary_is_not_written_to()
    {
        // Whoever translates addresses may be wrong, like a sentinel that is behind the times.
        RedisEndpoint replica = SentinelSet.At(Set.Server.Replicas[0]);
        RedisConnectionException failure = await Assert.ThrowsAsync<RedisConnectionException>(() => Set.ConnectAsync(options => options with
        {
            AddressTranslation = endpoint => endpoint.Port == Set.Server.Port ? replica : endpoint,
        }));
        Assert.Equal((ConnectionFailure.NotPrimary, true), (failure.Failure, failure.IsTransient));
        Assert.Contains("a replica", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Announced_addresses_are_translated()
    {
        await using FaultProxy outside = await Set.Server.StartProxyAsync();
        await using RedisClient redis = await Set.ConnectAsync(options => options with
        {
            AddressTranslation = endpoint => endpoint.Port == Set.Server.Port ? new RedisEndpoint("127.0.0.1", outside.Port) : endpoint,
        });
        Assert.Equal(outside.Port, redis.Server!.Endpoint.Port);
        Assert.True(await redis.SetAsync(Servers.NewKey(), "x"));
    }

    [Theory]
    [InlineData("redis+sentinel://{0}/mymaster/3")]
    [InlineData("{0},serviceName=mymaster,defaultDatabase=3")]
    public async Task A_connection_string_names_the_sentinels(string form)
    {
        string text = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, string.Join(',', Set.Sentinels.Select(SentinelSet.At)));
        await using RedisClient redis = await RedisClient.ConnectAsync(text);
        Assert.Equal((Set.Server.Port, 3), (redis.Server!.Endpoint.Port, redis.Options.Database));
    }

    [Fact]
    public async Task A_client_leaves_no_connection_behind_at_the_sentinels()
    {
        string name = $"c{Guid.NewGuid():N}";
        RedisClient redis = await Set.ConnectAsync(options => options with { ClientName = name });
        await Bounded.Until(async () => await CountAsync(name) == 3, "it has a connection to each sentinel");
        await Bounded.Within(redis.DisposeAsync().AsTask(), 15, "the disposal");
        await Bounded.Until(async () => await CountAsync(name) == 0, "they are gone");
    }

    private async Task<int> CountAsync(string name)
    {
        int count = 0;
        foreach (RedisNode sentinel in Set.Sentinels) count += (await sentinel.CommandAsync("CLIENT", "LIST")).Text!.Split(name).Length - 1;
        return count;
    }
}
