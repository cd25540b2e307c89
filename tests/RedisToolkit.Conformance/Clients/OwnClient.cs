using RedisToolkit.Client;

namespace RedisToolkit.Conformance;

/// <summary>Our own client, which has no limits.</summary>
/// <param name="protocol">The version of the protocol it speaks.</param>
public sealed class OwnClient(RespProtocol protocol = RespProtocol.Auto) : ClientUnderTest
{
    public override string Name => nameof(RedisClient);

    public override IReadOnlyDictionary<Limit, Refusal?> Limits { get; } = new Dictionary<Limit, Refusal?>();

    public override async Task<IRedisClient> ConnectAsync(ClientSettings settings) => await RedisClient.ConnectAsync(new RedisClientOptions
    {
        Endpoints = [new RedisEndpoint(settings.Host, settings.Port)],
        Protocol = protocol,
        CommandTimeout = settings.CommandTimeout,
        // Tests that hold replies back mean the deadline, not the heartbeat.
        HeartbeatTimeout = TimeSpan.FromSeconds(60),
    });
}
