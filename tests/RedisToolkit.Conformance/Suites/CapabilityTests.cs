using RedisToolkit.Client;
using RedisToolkit.Testing;

namespace RedisToolkit.Conformance;

/// <summary>What a server can do is found out by trying.</summary>
public abstract class CapabilityTests(ClientUnderTest client) : ConformanceTests(client)
{
    [Theory, EveryServer]
    public async Task Each_server_is_found_to_do_what_it_does(RedisFlavor flavor)
    {
        // Redis 8.0, Valkey 9.1, Redis 7.0
        (RedisCapability Capability, bool[] Supported)[] matrix =
        [
            (RedisCapabilities.HashFieldExpiry, [true, true, false]),
            (RedisCapabilities.HashFieldGetAndExpire, [true, true, false]),
            (RedisCapabilities.HashFieldGetAndDelete, [true, true, false]),
            (RedisCapabilities.SetIfEqual, [false, true, false]),
            (RedisCapabilities.DeleteIfEqual, [false, true, false]),
            (RedisCapabilities.DeleteWithCondition, [false, false, false]),
            (RedisCapabilities.ShardedPubSub, [true, true, true]),
            (RedisCapabilities.Functions, [true, true, true]),
            (RedisCapabilities.StreamAcknowledgeAndDelete, [false, false, false]),
            (RedisCapabilities.WaitForAppendOnlyFile, [true, true, false]),
        ];
        await using IRedisClient redis = await ConnectAsync(flavor);
        foreach ((RedisCapability capability, bool[] supported) in matrix)
        {
            for (int again = 0; again < 2; again++) Assert.True(supported[(int)flavor] == await redis.SupportsAsync(capability), $"{capability} on {flavor}");
        }
    }

    [Theory, EveryServer]
    public async Task A_capability_of_ones_own_is_tried_by_its_command(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        Assert.True(await redis.SupportsAsync(new RedisCapability("reading", RedisCommand.Create("GET", key))));
        Assert.False(await redis.SupportsAsync(new RedisCapability("a module", RedisCommand.Create("NO.SUCH", key))));
        Assert.False(await redis.SupportsAsync(new RedisCapability("a subcommand", RedisCommand.Create("OBJECT", "NOSUCH", key))));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await redis.SupportsAsync(RedisCapabilities.Functions, new CancellationToken(true)));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await redis.SupportsAsync(null!));
    }

    [Theory, EveryServer]
    public async Task Trying_leaves_nothing_behind(RedisFlavor flavor)
    {
        await using RedisServer server = await StartServerAsync(flavor);
        await using IRedisClient redis = await ConnectAsync(server);
        foreach (RedisCapability capability in RedisCapabilities.All) _ = await redis.SupportsAsync(capability);
        Assert.Equal(0, await redis.DatabaseSizeAsync());
    }
}
