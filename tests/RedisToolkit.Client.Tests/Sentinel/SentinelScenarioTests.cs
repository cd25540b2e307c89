using System.Globalization;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Sentinel;

/// <summary>Sentinels that die, come back and contradict one another; networks that are cut; what a failover means to those who listen.</summary>
public sealed class SentinelScenarioTests
{
    [Fact]
    public async Task With_two_of_three_sentinels_dead_the_primary_is_found_and_a_failover_waits_until_they_are_back()
    {
        await using SentinelSet set = await SentinelSet.StartAsync();
        await set.Sentinels[0].KillAsync();
        await set.Sentinels[1].KillAsync();
        await using RedisClient redis = await set.ConnectAsync();
        await redis.SetAsync("x", "1");
        RedisNode old = set.Of(redis);
        await old.KillAsync();
        await Bounded.Until(() => redis.Server is null, "the loss is noticed");
        RedisTimeoutException late = await Assert.ThrowsAsync<RedisTimeoutException>(() =>
            Bounded.Within(redis.ExecuteAsync(RedisCommand.Create("SET", "x", "2").WithTimeout(TimeSpan.FromSeconds(3)), Replies.Done).AsTask(), 10, "the deadline"));
        Assert.Equal(CommandOutcome.NotSent, late.Outcome);
        Task<bool> waiting = redis.ExecuteAsync(RedisCommand.Create("SET", "x", "3").WithTimeout(TimeSpan.FromSeconds(60)), Replies.Done).AsTask();
        await set.Sentinels[0].StartAsync(CancellationToken.None);
        await set.Sentinels[1].StartAsync(CancellationToken.None);
        (RedisNode promoted, _) = await set.PromotedAsync(old, 50);
        Assert.True(await Bounded.Within(waiting, 30, "the write that waited"));
        Assert.Equal("3", (await promoted.CommandAsync("GET", "x")).Text);
    }

    [Fact]
    public async Task All_sentinels_may_die_as_long_as_the_primary_lives()
    {
        await using SentinelSet set = await SentinelSet.StartAsync();
        await using RedisClient redis = await set.ConnectAsync();
        foreach (RedisNode sentinel in set.Sentinels) await sentinel.KillAsync();
        await redis.SetAsync("x", "1");
        await set.Server.CommandAsync("CLIENT", "KILL", "TYPE", "normal");
        Assert.Equal("1", await Bounded.Within(redis.GetAsync("x").AsTask(), 10, "the read after the loss"));
        Assert.Equal(ConnectionFailure.NoSentinel, (await Assert.ThrowsAsync<RedisConnectionException>(() => set.ConnectAsync())).Failure);
    }

    [Fact]
    public async Task A_sentinel_at_another_address_than_configured_is_found_by_asking_the_others()
    {
        await using SentinelSet set = await SentinelSet.StartAsync();
        await using FaultProxy configured = await set.Sentinels[0].StartProxyAsync();
        await using RedisClient redis = await set.ConnectAsync(options => options with { Sentinel = options.Sentinel! with { Endpoints = [new RedisEndpoint("127.0.0.1", configured.Port)] } });
        await redis.SetAsync("x", "1");
        // The only address that was configured is nobody's from here on.
        configured.RefuseConnections();
        await configured.DropConnectionsAsync();
        RedisNode old = set.Of(redis);
        await old.KillAsync();
        (RedisNode promoted, _) = await set.PromotedAsync(old);
        Assert.True(await Bounded.Within(redis.SetAsync("x", "2").AsTask(), 20, "a write"));
        Assert.Equal(promoted, set.Of(redis));
    }

    [Fact]
    public async Task A_sentinel_that_missed_the_failover_leads_nobody_back_to_the_old_primary()
    {
        await using SentinelSet set = await SentinelSet.StartAsync();
        await using RedisClient before = await set.ConnectAsync();
        RedisNode old = set.Of(before);
        await set.Sentinels[2].PauseAsync();
        await old.KillAsync();
        (RedisNode promoted, _) = await set.PromotedAsync(old);
        await Bounded.Until(async () => await NamedAsync(set.Sentinels[0]) == promoted.Port && await NamedAsync(set.Sentinels[1]) == promoted.Port, "the others know");
        await Bounded.Until(() => before.Server?.Endpoint.Port == promoted.Port, "the client has followed");
        await set.Sentinels[2].ResumeAsync();
        await old.StartAsync(CancellationToken.None);
        // Whoever is new asks all three, one of which may still name the old one, which calls itself a primary.
        for (int i = 0; i < 10; i++)
        {
            await using RedisClient late = await set.ConnectAsync();
            await late.SetAsync("late", i);
            Assert.Equal(promoted.Port, late.Server!.Endpoint.Port);
        }

        await before.SetAsync("x", "2");
        Assert.Equal(promoted, set.Of(before));
        async Task<long> NamedAsync(RedisNode sentinel) => (await sentinel.CommandAsync("SENTINEL", "GET-MASTER-ADDR-BY-NAME", SentinelSet.Name)).Items[1].ToInt64();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_network_that_is_cut_for_this_client_alone_is_waited_for(bool blackHole)
    {
        await using SentinelSet set = await SentinelSet.StartAsync();
        await using FaultProxy between = await set.Server.StartProxyAsync();
        await using RedisClient redis = await set.ConnectAsync(options => options with
        {
            AddressTranslation = endpoint => endpoint.Port == set.Server.Port ? new RedisEndpoint("127.0.0.1", between.Port) : endpoint,
            HeartbeatInterval = TimeSpan.FromMilliseconds(200),
            HeartbeatTimeout = TimeSpan.FromMilliseconds(500),
            ConnectTimeout = TimeSpan.FromSeconds(1),
        });
        await redis.SetAsync("x", "1");
        if (blackHole)
        {
            between.BlackHole();
        }
        else
        {
            between.RefuseConnections();
            await between.DropConnectionsAsync();
        }

        await Bounded.Until(() => redis.Server is null, "the loss is noticed");
        Task<string?> read = redis.GetAsync("x").AsTask();
        await Task.Delay(1000);
        Assert.False(read.IsCompleted);
        between.PassThrough();
        Assert.Equal("1", await Bounded.Within(read, 20, "the read"));
        Assert.Equal("master", (await set.Server.CommandAsync("ROLE")).Items[0].Text);
    }

    [Fact]
    public async Task Whoever_listens_hears_of_the_gap_and_goes_on_at_the_new_primary()
    {
        await using SentinelSet set = await SentinelSet.StartAsync(RedisFlavor.Valkey);
        await using RedisClient redis = await set.ConnectAsync();
        var listener = new RecordingListener();
        await using RedisTracking tracking = await redis.TrackAsync(null, listener);
        await using RedisSubscription news = await redis.SubscribeAsync(["news"]);
        await using var reading = new SubscriptionReading(news);
        await redis.PublishAsync("news", "before");
        Assert.Equal("before", await reading.NextTextAsync());
        await redis.SetAsync("x", "1");
        Assert.Equal("1", await tracking.ExecuteAsync(RedisCommand.Create("GET", "x"), Replies.Text));
        RedisNode old = set.Of(redis);
        await old.KillAsync();
        (RedisNode promoted, _) = await set.PromotedAsync(old);
        RedisMessage gap = await reading.NextAsync();
        Assert.Equal((RedisMessageKind.Gap, RedisGapReason.ConnectionLost), (gap.Kind, gap.Reason!.Value));
        await promoted.CommandAsync("PUBLISH", "news", "after");
        Assert.Equal("after", await reading.NextTextAsync());
        await Bounded.Until(() => tracking.IsArmed, "tracked again");
        Assert.Equal(1, listener.Count("gap"));
        _ = await tracking.ExecuteAsync(RedisCommand.Create("GET", "x"), Replies.Text);
        await promoted.CommandAsync("SET", "x", "2");
        await Bounded.Until(() => listener.Count("key x") == 1, "the change is told");
        Assert.Equal("4", (await redis.ExecuteAsync(RedisCommand.Create("BRPOP", await PushedAsync(redis), 5), Replies.ArrayOf(Replies.Text)))[1]);
    }

    [Fact]
    public async Task Sentinels_and_servers_have_credentials_and_TLS_of_their_own()
    {
        await using SentinelSet set = await SentinelSet.StartAsync(with: options => options with
        {
            Password = "data secret",
            SentinelPassword = "sentinel secret",
            Users = [new RedisUser("app", "app secret", "~* &* +@all -@dangerous")],
            Tls = RedisTls.ClientCertificate,
        });
        var tls = new RedisTlsOptions { CertificateAuthorities = [set.Server.Certificates!.Authority], ClientCertificate = set.Server.Certificates.Client };
        RedisClientOptions options = set.Options with { User = "app", Password = "app secret", Tls = tls };
        options = options with { Sentinel = options.Sentinel! with { Password = "sentinel secret", Tls = tls } };
        // A user who may not ask for the role.
        await using RedisClient redis = await RedisClient.ConnectAsync(options);
        RedisNode old = set.Of(redis);
        await redis.SetAsync("x", "1");
        await old.KillAsync();
        (RedisNode promoted, _) = await set.PromotedAsync(old);
        Assert.True(await Bounded.Within(redis.SetAsync("x", "2").AsTask(), 20, "a write"));
        Assert.Equal(promoted, set.Of(redis));

        foreach ((RedisSentinelOptions sentinel, string word) in new[]
        {
            (options.Sentinel with { Password = null }, "NOAUTH"),
            (options.Sentinel with { Password = "wrong" }, "WRONGPASS"),
            (options.Sentinel with { Tls = null }, "TLS"),
        })
        {
            RedisConnectionException failure = await Assert.ThrowsAsync<RedisConnectionException>(() => RedisClient.ConnectAsync(options with { Sentinel = sentinel }));
            Assert.Equal(ConnectionFailure.NoSentinel, failure.Failure);
            Assert.Contains(word, failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal(ConnectionFailure.Authentication, (await Assert.ThrowsAsync<RedisConnectionException>(() => RedisClient.ConnectAsync(options with { Password = "wrong" }))).Failure);
        foreach (RedisNode sentinel in set.Sentinels) await sentinel.CommandAsync("ACL", "SETUSER", "watcher", "on", ">w", "&*", "+@all");
        await using RedisClient watcher = await RedisClient.ConnectAsync(options with { Sentinel = options.Sentinel with { User = "watcher", Password = "w" } });
        Assert.Equal("2", await watcher.GetAsync("x"));
    }

    private static async Task<string> PushedAsync(RedisClient redis)
    {
        await redis.ExecuteAsync(RedisCommand.Create("RPUSH", "list", 4.ToString(CultureInfo.InvariantCulture)), Replies.Integer);
        return "list";
    }
}
