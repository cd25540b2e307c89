using RedisToolkit.Client;
using RedisToolkit.Testing;

namespace RedisToolkit.Conformance;

/// <summary>
/// Our own client, which finds its server through sentinels: they name the primary of a set that all tests share, and that address is
/// translated to the server of the test, or to the proxy in front of it.
/// </summary>
public sealed class SentinelClient : ClientUnderTest
{
    private static readonly Lazy<Task<RedisServer>> Set = new(() => RedisServer.StartAsync(new RedisServerOptions { Topology = RedisTopology.Sentinel, Replicas = 0 }));

    public override string Name => $"{nameof(RedisClient)} with sentinels";

    public override IReadOnlyDictionary<Limit, Refusal?> Limits { get; } = new Dictionary<Limit, Refusal?>();

    public override async Task<IRedisClient> ConnectAsync(ClientSettings settings)
    {
        RedisServer set = await Set.Value;
        return await RedisClient.ConnectAsync(new RedisClientOptions
        {
            Sentinel = new RedisSentinelOptions
            {
                ServiceName = set.Options.ServiceName,
                Endpoints = [.. set.Sentinels.Select(static sentinel => new RedisEndpoint(sentinel.Host, sentinel.Port))],
            },
            AddressTranslation = announced => announced.Port == set.Port ? new RedisEndpoint(settings.Host, settings.Port) : announced,
            CommandTimeout = settings.CommandTimeout,
            HeartbeatTimeout = TimeSpan.FromSeconds(60),
        });
    }
}
