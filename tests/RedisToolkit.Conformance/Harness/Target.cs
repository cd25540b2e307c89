using RedisToolkit.Client;
using RedisToolkit.Testing;
using Xunit.Abstractions;

namespace RedisToolkit.Conformance;

/// <summary>A client and a server on which a feature is tested. What is built on <see cref="IRedisClient"/> runs its tests on all of them.</summary>
public sealed class Target : IXunitSerializable
{
    /// <summary>For the runner.</summary>
    public Target()
        : this(nameof(OwnClient), RedisFlavor.Redis)
    {
    }

    internal Target(string client, RedisFlavor flavor) => (ClientName, Flavor) = (client, flavor);

    /// <summary>Gets which server.</summary>
    public RedisFlavor Flavor { get; private set; }

    /// <summary>Gets what the client cannot do.</summary>
    public IReadOnlyDictionary<Limit, Refusal?> Limits => NewClient().Limits;

    private string ClientName { get; set; }

    /// <summary>Connects to the server of this kind that all tests share. The test disposes the client.</summary>
    public async Task<IRedisClient> ConnectAsync() => await ConnectAsync(await ServerAsync());

    /// <summary>Connects to a server of the test's own.</summary>
    public Task<IRedisClient> ConnectAsync(RedisServer server, Func<ClientSettings, ClientSettings>? with = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        return ConnectAsync(new ClientSettings(server.Host, server.Port), with);
    }

    /// <summary>Connects through a proxy.</summary>
    public Task<IRedisClient> ConnectAsync(FaultProxy proxy, Func<ClientSettings, ClientSettings>? with = null)
    {
        ArgumentNullException.ThrowIfNull(proxy);
        return ConnectAsync(new ClientSettings(proxy.Host, proxy.Port), with);
    }

    /// <summary>The server of this kind that all tests share.</summary>
    public Task<RedisServer> ServerAsync() => TestServers.GetAsync(Flavor);

    /// <summary>Starts a server that no other test uses.</summary>
    public Task<RedisServer> StartServerAsync() => RedisServer.StartAsync(new RedisServerOptions { Flavor = Flavor });

    /// <inheritdoc/>
    public void Serialize(IXunitSerializationInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        info.AddValue(nameof(ClientName), ClientName);
        info.AddValue(nameof(Flavor), Flavor.ToString());
    }

    /// <inheritdoc/>
    public void Deserialize(IXunitSerializationInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        ClientName = info.GetValue<string>(nameof(ClientName));
        Flavor = Enum.Parse<RedisFlavor>(info.GetValue<string>(nameof(Flavor)));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{ClientName} on {Flavor}";

    private Task<IRedisClient> ConnectAsync(ClientSettings settings, Func<ClientSettings, ClientSettings>? with) =>
        NewClient().ConnectAsync(with is null ? settings : with(settings));

    private ClientUnderTest NewClient() => ClientName == nameof(OwnClient) ? new OwnClient() : new AdapterClient();
}
