using System.Net;

namespace RedisToolkit.Testing;

/// <summary>
/// A real Redis or Valkey for a test: one server or a whole set, on free loopback ports, each node in a folder of its own. All of it is gone when this is
/// disposed, and when the test process dies in whatever way.
/// </summary>
public sealed class RedisServer : IAsyncDisposable
{
    private const int PortAttempts = 5;

    private readonly NodeSet? _set;
    private readonly ServerSource _source;
    private readonly ExternalServer? _external;

    private RedisServer(RedisServerOptions options, NodeSet set)
    {
        Options = options;
        _set = set;
        _source = set.Source;
        Nodes = [.. set.Nodes];
        Primary = Nodes.First(node => node.Role == RedisRole.Primary);
    }

    private RedisServer(RedisServerOptions options, ExternalServer external)
    {
        Options = options;
        _external = external;
        _source = external;
        Primary = new RedisNode(external);
        Nodes = [Primary];
    }

    /// <summary>Gets what was asked for.</summary>
    public RedisServerOptions Options { get; }

    /// <summary>Gets the server's version, for example 8.0.2; null if it was not asked (Docker).</summary>
    public Version? Version => _source.Version;

    /// <summary>Gets what was started and where it was found, for messages.</summary>
    public string Description => _source.Description;

    /// <summary>Gets all nodes: primaries, their replicas, sentinels.</summary>
    public IReadOnlyList<RedisNode> Nodes { get; }

    /// <summary>Gets the node that was started as the primary; of a cluster, the first one.</summary>
    public RedisNode Primary { get; }

    /// <summary>Gets the nodes that were started as primaries: several in a cluster, else one.</summary>
    public IReadOnlyList<RedisNode> Primaries => [.. Nodes.Where(node => node.Role == RedisRole.Primary)];

    /// <summary>Gets the nodes that were started as replicas.</summary>
    public IReadOnlyList<RedisNode> Replicas => [.. Nodes.Where(node => node.Role == RedisRole.Replica)];

    /// <summary>Gets the sentinels.</summary>
    public IReadOnlyList<RedisNode> Sentinels => [.. Nodes.Where(node => node.Role == RedisRole.Sentinel)];

    /// <summary>Gets the primary's host, <c>127.0.0.1</c> unless given in the environment.</summary>
    public string Host => Primary.Host;

    /// <summary>Gets the primary's port.</summary>
    public int Port => Primary.Port;

    /// <summary>Gets the primary's host and port.</summary>
    public EndPoint EndPoint => Primary.EndPoint;

    /// <summary>Gets the path of the primary's unix socket; null unless <see cref="RedisServerOptions.UnixSocket"/> is set.</summary>
    public string? UnixSocketPath => Primary.UnixSocketPath;

    /// <summary>Gets the certificates; null without TLS.</summary>
    public RedisCertificates? Certificates => _set?.Certificates;

    /// <summary>Gets the primary's address, <c>redis://:password@127.0.0.1:port</c>, or <c>rediss://</c> with TLS. It holds the password.</summary>
    public string ConnectionString => _external is not null ? _external.Address.AbsoluteUri.TrimEnd('/') : Address(null, Options.Password);

    /// <summary>Gets the address of the primary's unix socket, <c>unix:///path</c> or <c>unix://:password@/path</c>; null without one.</summary>
    public string? UnixConnectionString => UnixSocketPath is { } path ? $"unix://{Credentials(null, Options.Password)}{path}" : null;

    /// <summary>Finds a server of the flavour, starts the set, and waits until it is ready: see <see cref="RedisServerOptions.Topology"/>.</summary>
    /// <param name="options">What to start; null for one Redis 8 server without a password.</param>
    /// <param name="cancellationToken">Ends the wait; what was started by then is gone.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or two do not go together.</exception>
    /// <exception cref="RedisServerStartException">No server was found, or it did not come up.</exception>
    /// <exception cref="NotSupportedException">The server found (given in the environment, or in Docker) cannot be started that way.</exception>
    public static Task<RedisServer> StartAsync(RedisServerOptions? options = null, CancellationToken cancellationToken = default) =>
        StartAsync(options ?? new RedisServerOptions(), ServerFinder.Shared, cancellationToken);

    /// <summary>Makes the primary's address for one of <see cref="RedisServerOptions.Users"/>. It holds the password.</summary>
    /// <exception cref="ArgumentException">There is no such user.</exception>
    public string ConnectionStringFor(string user)
    {
        var found = Options.Users.FirstOrDefault(candidate => candidate.Name == user)
            ?? throw new ArgumentException($"Users has no '{user}'; it has {(Options.Users.Count == 0 ? "none" : string.Join(", ", Options.Users))}.", nameof(user));
        return Address(found.Name, found.Password);
    }

    /// <inheritdoc cref="RedisNode.CommandAsync(string[])"/>
    public Task<CommandReply> CommandAsync(params string[] arguments) => Primary.CommandAsync(arguments);

    /// <inheritdoc cref="RedisNode.CommandAsync(IReadOnlyList{string}, CancellationToken)"/>
    public Task<CommandReply> CommandAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken = default) =>
        Primary.CommandAsync(arguments, cancellationToken);

    /// <inheritdoc cref="RedisNode.SetConfigAsync"/>
    public Task SetConfigAsync(string name, string value, CancellationToken cancellationToken = default) => Primary.SetConfigAsync(name, value, cancellationToken);

    /// <inheritdoc cref="RedisNode.KillAsync"/>
    public Task KillAsync() => Primary.KillAsync();

    /// <inheritdoc cref="RedisNode.PauseAsync"/>
    public Task PauseAsync() => Primary.PauseAsync();

    /// <inheritdoc cref="RedisNode.ResumeAsync"/>
    public Task ResumeAsync() => Primary.ResumeAsync();

    /// <inheritdoc cref="RedisNode.StopAsync"/>
    public Task StopAsync(bool keepData = false, CancellationToken cancellationToken = default) => Primary.StopAsync(keepData, cancellationToken);

    /// <inheritdoc cref="RedisNode.RestartAsync"/>
    public Task RestartAsync(bool keepData, CancellationToken cancellationToken = default) => Primary.RestartAsync(keepData, cancellationToken);

    /// <summary>Starts a proxy in front of the primary, which can delay, stall, tear and cut its connections.</summary>
    public Task<FaultProxy> StartProxyAsync(CancellationToken cancellationToken = default) => Primary.StartProxyAsync(cancellationToken);

    /// <inheritdoc cref="RedisNode.ReadLogAsync"/>
    public Task<string> ReadLogAsync(CancellationToken cancellationToken = default) => Primary.ReadLogAsync(cancellationToken);

    /// <summary>Kills all nodes and removes their folders. A server given in the environment is left as it is.</summary>
    public ValueTask DisposeAsync() => _set?.DisposeAsync() ?? ValueTask.CompletedTask;

    internal static async Task<RedisServer> StartAsync(RedisServerOptions options, ServerFinder finder, CancellationToken cancellationToken)
    {
        options = options.Validated();
        var source = await finder.FindAsync(options.Flavor, cancellationToken).ConfigureAwait(false);
        SourceLimits.Check(source, options);
        if (source is ExternalServer external) return new RedisServer(options, external);
        for (int attempt = 1; ; attempt++)
        {
            var set = new NodeSet(options, source);
            try
            {
                await SetUp.RunAsync(set, cancellationToken).ConfigureAwait(false);
                return new RedisServer(options, set);
            }
            catch (Exception failed)
            {
                await set.DisposeAsync().ConfigureAwait(false);
                if (failed is not PortTakenException) throw;
                if (attempt == PortAttempts) throw new RedisServerStartException($"Ports were taken by others in {PortAttempts} attempts. {failed.Message}", failed);
            }
        }
    }

    private string Address(string? user, string? password) =>
        $"{(Options.Tls == RedisTls.None ? "redis" : "rediss")}://{Credentials(user, password)}{Host}:{Port}";

    private static string Credentials(string? user, string? password) =>
        user is null && password is null ? "" : $"{Uri.EscapeDataString(user ?? "")}{(password is null ? "" : ":" + Uri.EscapeDataString(password))}@";
}
