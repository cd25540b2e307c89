using RedisToolkit.Client;
using RedisToolkit.Testing;

namespace RedisToolkit.Conformance;

/// <summary>The ground of every suite that is written once and run on every client and every server.</summary>
/// <param name="client">The client.</param>
public abstract class ConformanceTests(ClientUnderTest client) : IAsyncLifetime
{
    /// <summary>An array of strings; empty if it is absent.</summary>
    protected static ReplyReader<string?[]> Texts { get; } = Replies.ArrayOf(Replies.Text);

    protected ClientUnderTest Client { get; } = client;

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => Client.DisposeAsync().AsTask();

    /// <summary>Connects to the server of this kind that all tests share.</summary>
    protected async Task<IRedisClient> ConnectAsync(RedisFlavor flavor) => await ConnectAsync(await TestServers.GetAsync(flavor));

    /// <summary>Connects to a server of the test's own, or to the shared one.</summary>
    protected Task<IRedisClient> ConnectAsync(RedisServer server, Func<ClientSettings, ClientSettings>? with = null) =>
        ConnectAsync(new ClientSettings(server.Host, server.Port), with);

    /// <summary>Connects through a proxy.</summary>
    protected Task<IRedisClient> ConnectAsync(FaultProxy proxy, Func<ClientSettings, ClientSettings>? with = null) =>
        ConnectAsync(new ClientSettings(proxy.Host, proxy.Port), with);

    /// <summary>Starts a server that no other test uses, so that it may be paused, killed and emptied.</summary>
    protected static Task<RedisServer> StartServerAsync(RedisFlavor flavor) => RedisServer.StartAsync(new RedisServerOptions { Flavor = flavor });

    /// <summary>Whether the client under test has a limit. The test is to be marked with <see cref="LimitedAttribute"/>.</summary>
    protected bool IsLimited(Limit limit)
    {
        LimitedAttribute.Ask(limit);
        return Client.Limits.ContainsKey(limit);
    }

    /// <summary>Asserts that the client refuses a call in the way that it has listed for the limit.</summary>
    protected async Task RefusesAsync(Limit limit, Func<Task> call)
    {
        Refusal? refusal = Client.Limits[limit];
        Assert.True(refusal is not null, $"{Client.Name} lists {limit} without saying how it refuses.");
        Exception thrown = await Assert.ThrowsAsync(refusal.Exception, call);
        Assert.Contains(refusal.Names, thrown.Message, StringComparison.Ordinal);
    }

    private Task<IRedisClient> ConnectAsync(ClientSettings settings, Func<ClientSettings, ClientSettings>? with) =>
        Client.ConnectAsync(with is null ? settings : with(settings));
}
