using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Capabilities;

public sealed class CapabilityTests
{
    // Redis 8.0, Valkey 9.1, Redis 7.0
    public static TheoryData<string, bool, bool, bool> Matrix { get; } = new()
    {
        { nameof(RedisCapabilities.HashFieldExpiry), true, true, false },
        { nameof(RedisCapabilities.HashFieldGetAndExpire), true, true, false },
        { nameof(RedisCapabilities.HashFieldGetAndDelete), true, true, false },
        { nameof(RedisCapabilities.SetIfEqual), false, true, false },
        { nameof(RedisCapabilities.DeleteIfEqual), false, true, false },
        { nameof(RedisCapabilities.DeleteWithCondition), false, false, false },
        { nameof(RedisCapabilities.ClientTracking), true, true, true },
        { nameof(RedisCapabilities.ClientNoTouch), true, true, false },
        { nameof(RedisCapabilities.ShardedPubSub), true, true, true },
        { nameof(RedisCapabilities.Functions), true, true, true },
        { nameof(RedisCapabilities.StreamAcknowledgeAndDelete), false, false, false },
        { nameof(RedisCapabilities.WaitForAppendOnlyFile), true, true, false },
    };

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Each_server_is_found_to_do_what_it_does(string name, bool redis8, bool valkey9, bool redis7)
    {
        var capability = (RedisCapability)typeof(RedisCapabilities).GetProperty(name)!.GetValue(null)!;
        foreach ((RedisFlavor flavor, bool expected) in ((RedisFlavor, bool)[])[(RedisFlavor.Redis, redis8), (RedisFlavor.Valkey, valkey9), (RedisFlavor.Redis7, redis7)])
        {
            foreach (RespProtocol protocol in (RespProtocol[])[RespProtocol.Resp2, RespProtocol.Resp3])
            {
                await using RedisClient redis = await Servers.ConnectAsync(flavor, options => options with { Protocol = protocol });
                Assert.True(expected == await redis.SupportsAsync(capability), $"{capability} on {flavor} in {protocol}");
            }
        }
    }

    [Fact]
    public void The_matrix_has_every_capability() => Assert.Equal(RedisCapabilities.All.Count, Matrix.Count);

    [Fact]
    public async Task Probing_leaves_nothing_behind()
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Flavor = RedisFlavor.Valkey });
        await using RedisClient redis = await Servers.ConnectAsync(server);
        foreach (RedisCapability capability in RedisCapabilities.All) _ = await redis.SupportsAsync(capability);
        Assert.Equal(0, (await server.CommandAsync("DBSIZE")).ToInt64());
        Assert.True(await redis.SetAsync("a", "1"));
        Assert.Equal("1", await redis.GetAsync("a"));
    }

    [Fact]
    public async Task Many_who_ask_share_one_probe_and_later_ones_its_answer()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server);
        bool[] answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => redis.SupportsAsync(RedisCapabilities.HashFieldExpiry).AsTask()));
        Assert.All(answers, Assert.True);
        Assert.True(await redis.SupportsAsync(RedisCapabilities.HashFieldExpiry));
        Assert.Equal(1, await CallsAsync(server, "hpexpire"));
    }

    [Fact]
    public async Task A_new_connection_is_probed_anew()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server);
        Assert.True(await redis.SupportsAsync(RedisCapabilities.HashFieldExpiry));
        await server.CommandAsync("CLIENT", "KILL", "TYPE", "normal");
        await Bounded.Until(
            async () => await redis.SupportsAsync(RedisCapabilities.HashFieldExpiry) && await CallsAsync(server, "hpexpire") == 2,
            "the command was tried on the new connection");
    }

    [Fact]
    public async Task A_user_without_permission_cannot_until_he_may()
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions
        {
            Users = [new RedisUser("no", "secret", "+@all -hpexpire ~*"), new RedisUser("elsewhere", "secret", "+@all ~app:*")],
        });
        await using RedisClient no = await RedisClient.ConnectAsync(server.ConnectionStringFor("no"));
        Assert.False(await no.SupportsAsync(RedisCapabilities.HashFieldExpiry));
        await using RedisClient elsewhere = await RedisClient.ConnectAsync(server.ConnectionStringFor("elsewhere"));
        Assert.True(await elsewhere.SupportsAsync(RedisCapabilities.HashFieldExpiry));
    }

    [Fact]
    public async Task A_disabled_command_is_no_capability()
    {
        await using RedisClient redis = await Servers.ConnectAsync(RedisFlavor.Redis, options => options with { CommandMap = RedisCommandMap.Create([new("HPEXPIRE", null)]) });
        Assert.False(await redis.SupportsAsync(RedisCapabilities.HashFieldExpiry));
        Assert.True(await redis.SupportsAsync(RedisCapabilities.HashFieldGetAndExpire));
    }

    [Fact]
    public async Task An_answer_that_did_not_come_is_not_remembered()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server, options => options with { CommandTimeout = TimeSpan.FromMilliseconds(200) });
        await server.Primary.PauseAsync();
        await Assert.ThrowsAsync<RedisTimeoutException>(async () => await redis.SupportsAsync(RedisCapabilities.HashFieldExpiry));
        await server.Primary.ResumeAsync();
        await Bounded.Until(
            async () =>
            {
                try
                {
                    return await redis.SupportsAsync(RedisCapabilities.HashFieldExpiry);
                }
                catch (RedisTimeoutException)
                {
                    return false;
                }
            },
            "it is answered again");
    }

    [Fact]
    public async Task Capabilities_of_ones_own_are_probed_and_bad_ones_refused()
    {
        await using RedisClient redis = await Servers.ConnectAsync();
        Assert.True(await redis.SupportsAsync(new RedisCapability("vectors", RedisCommand.Create("VCARD", "__probe"))));
        Assert.False(await redis.SupportsAsync(new RedisCapability("nonsense", RedisCommand.Create("NO.SUCH"))));
        Assert.Throws<ArgumentException>(() => new RedisCapability("multi", RedisCommand.Create("MULTI")));
        Assert.Throws<ArgumentException>(() => new RedisCapability("blocks", RedisCommand.Create("BLPOP", "a", 0)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await redis.SupportsAsync(RedisCapabilities.Functions, new CancellationToken(true)));
    }

    [Fact]
    public async Task The_server_is_known_by_what_it_said()
    {
        await using RedisClient redis = await Servers.ConnectAsync(RedisFlavor.Valkey);
        RedisServerInfo said = redis.Server!;
        Assert.Equal(("valkey", "standalone", "master", 3), (said.Server, said.Mode, said.Role, said.Protocol));
        Assert.StartsWith("9.", said.Version, StringComparison.Ordinal);
    }

    private static async Task<long> CallsAsync(RedisServer server, string command)
    {
        string stats = (await server.CommandAsync("INFO", "commandstats")).Text!;
        string? line = stats.Split("\r\n").FirstOrDefault(found => found.StartsWith($"cmdstat_{command}:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split("calls=")[1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture);
    }
}
