using RedisToolkit.Client;
using RedisToolkit.StackExchangeRedis;
using StackExchange.Redis;

namespace RedisToolkit.Conformance;

/// <summary>The client over a multiplexer, with everything that it cannot do.</summary>
public sealed class AdapterClient : ClientUnderTest
{
    public override string Name => nameof(StackExchangeRedisClient);

    public override IReadOnlyDictionary<Limit, Refusal?> Limits { get; } = new Dictionary<Limit, Refusal?>
    {
        [Limit.Blocking] = new(typeof(NotSupportedException), nameof(RedisClient)),
        [Limit.Tracking] = new(typeof(RedisTrackingUnavailableException), nameof(RedisClient)),
        [Limit.ShardedSubscriptions] = new(typeof(NotSupportedException), nameof(RedisClient)),
        [Limit.ArbitraryConditions] = new(typeof(NotSupportedException), nameof(RedisClient)),
        [Limit.ReplyKinds] = null,
        [Limit.Streaming] = null,
    };

    public override async Task<IRedisClient> ConnectAsync(ClientSettings settings)
    {
        var options = new ConfigurationOptions
        {
            EndPoints = { { settings.Host, settings.Port } },
            AbortOnConnectFail = false,
            AllowAdmin = true,
            ConnectTimeout = 2000,
            SyncTimeout = 10_000,
            // Tests that hold replies back mean the deadline, not the multiplexer's own patience.
            ResponseTimeout = 60_000,
            ConnectRetry = 1,
        };
        ConnectionMultiplexer multiplexer = await ConnectionMultiplexer.ConnectAsync(options);
        return StackExchangeRedisClient.Create(multiplexer, new StackExchangeRedisOptions { CommandTimeout = settings.CommandTimeout, DisposeMultiplexer = true });
    }
}
