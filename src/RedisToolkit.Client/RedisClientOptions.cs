using System.Numerics;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace RedisToolkit.Client;

/// <summary>
/// How a client finds its servers, signs in, waits and gives up. Make variants with <c>with</c>. Checked when a client is made:
/// a <see cref="RedisOptionsException"/> then names every fault at once. The text of this record masks secrets.
/// </summary>
public sealed partial record RedisClientOptions
{
    /// <summary>Gets the servers to connect to.</summary>
    /// <value>1 or more, each once; <c>localhost:6379</c> unless set. With <see cref="Sentinel"/>, the sentinels name the server, and these are not used.</value>
    public IReadOnlyList<RedisEndpoint> Endpoints { get; init; } = [new RedisEndpoint("localhost")];

    /// <summary>Gets the sentinels that know the primary.</summary>
    /// <value>Null, the default, means that <see cref="Endpoints"/> are the servers themselves.</value>
    public RedisSentinelOptions? Sentinel { get; init; }

    /// <summary>Gets what turns an address that sentinels, or the nodes of a cluster, announce into the one to connect to: behind NAT, or with containers. Must be quick and always answer the same.</summary>
    /// <value>A function; null, the default, means that announced addresses can be connected to. <see cref="Endpoints"/> are not translated.</value>
    public Func<RedisEndpoint, RedisEndpoint>? AddressTranslation { get; init; }

    /// <summary>Gets the ACL user to sign in as.</summary>
    /// <value>A name, needs <see cref="Password"/>; null, the default, means the server's user <c>default</c>.</value>
    public string? User { get; init; }

    /// <summary>Gets the password to sign in with. Never printed.</summary>
    /// <value>Any text, empty for a user without a password; null, the default, means not to sign in.</value>
    public string? Password { get; init; }

    /// <summary>Gets who is asked for credentials at each connect, for passwords and tokens that change.</summary>
    /// <value>A provider, in place of <see cref="User"/> and <see cref="Password"/>; null unless set.</value>
    public IRedisCredentialsProvider? Credentials { get; init; }

    /// <summary>Gets the number of the logical database that every connection selects. A cluster has only 0.</summary>
    /// <value>0 to 1,000,000, less than the server's setting <c>databases</c>; 0 unless set.</value>
    public int Database { get; init; }

    /// <summary>Gets the name that connections carry in the server's <c>CLIENT LIST</c>.</summary>
    /// <value>1 to 256 characters of printable ASCII without spaces; null, the default, means none.</value>
    public string? ClientName { get; init; }

    /// <summary>Gets what is added to the library's name in the server's <c>CLIENT LIST</c>: for libraries built on this one.</summary>
    /// <value>1 to 64 characters of printable ASCII without spaces, sent as <c>RedisToolkit(name)</c>; null, the default, means no addition.</value>
    public string? LibraryName { get; init; }

    /// <summary>Gets how connections are encrypted.</summary>
    /// <value>Null, the default, means plain text; <c>new()</c> means TLS that trusts what the system trusts.</value>
    public RedisTlsOptions? Tls { get; init; }

    /// <summary>Gets the version of the protocol to speak.</summary>
    /// <value><see cref="RespProtocol.Auto"/> unless set.</value>
    public RespProtocol Protocol { get; init; } = RespProtocol.Auto;

    /// <summary>Gets how to deal with a cluster, of which <see cref="Endpoints"/> are some nodes: one that answers is enough.</summary>
    /// <value>Null, the default, means that the endpoints are one server; <c>new()</c> means a cluster with the usual settings.</value>
    public RedisClusterOptions? Cluster { get; init; }

    /// <summary>Gets how many shared connections are kept to each server. One suffices until a core of the client is full.</summary>
    /// <value>1 to 64; 1 unless set. With more than one, commands of one caller may overtake each other unless awaited.</value>
    public int ConnectionsPerEndpoint { get; init; } = 1;

    /// <summary>Gets how many commands may await replies on one connection; further callers wait within their deadline.</summary>
    /// <value>2 to 1,048,576, rounded up to a power of two; 16,384 unless set.</value>
    public int MaxInFlightCommands { get; init; } = 16_384;

    /// <summary>Gets how many bytes one connection holds that the socket has not yet taken; further callers wait within their deadline.</summary>
    /// <value>64 KiB to 1 GiB; 64 MiB unless set. A single command that is larger goes alone.</value>
    public int MaxInFlightBytes { get; init; } = 64 << 20;

    /// <summary>Gets how many commands may wait for a connection or for room on one; beyond that they fail at once.</summary>
    /// <value>1 to 10,000,000; 1,000,000 unless set.</value>
    public int MaxWaitingCommands { get; init; } = 1_000_000;

    /// <summary>Gets how many connections of their own blocking commands and <c>WATCH</c> may hold, per client.</summary>
    /// <value>1 to 10,000; 64 unless set.</value>
    public int MaxDedicatedConnections { get; init; } = 64;

    /// <summary>Gets how long an unused connection of that kind is kept.</summary>
    /// <value>1 s to 1 h; 60 s unless set.</value>
    public TimeSpan DedicatedIdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets how long one attempt to connect may take: name lookup, TCP, TLS and handshake together.</summary>
    /// <value>100 ms to 5 min; 5 s unless set.</value>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets the deadline of a command as a whole: waiting for a connection, all repeats and the reply.</summary>
    /// <value>1 ms to 1 h; 5 s unless set. Blocking commands add the time they ask the server to block.</value>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets after how long without a byte from the server it is sent a <c>PING</c>, whether or not commands are awaited.</summary>
    /// <value>100 ms to 1 min; 1 s unless set.</value>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Gets after how long without a byte from a server that owes a reply the connection is given up and replaced. A connection whose
    /// other end vanished silently is thus noticed after <see cref="HeartbeatInterval"/> and this together.
    /// </summary>
    /// <value>100 ms to 5 min; 3 s unless set. A server stalled for longer (a slow script, a fork) loses its connections.</value>
    public TimeSpan HeartbeatTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Gets how long the operating system lets sent bytes go unacknowledged before it ends the connection (Linux).</summary>
    /// <value>200 ms to 15 min; null, the default, means <see cref="HeartbeatInterval"/> and <see cref="HeartbeatTimeout"/> together.</value>
    public TimeSpan? TcpUserTimeout { get; init; }

    /// <summary>Gets how long to wait between attempts to connect.</summary>
    /// <value>20 ms, doubled at each failure up to 500 ms, with jitter, unless set.</value>
    public RedisReconnectPolicy Reconnect { get; init; } = new();

    /// <summary>Gets how often a command that is safe to repeat is sent again, within its deadline, after its connection was lost.</summary>
    /// <value>0 to 10; 3 unless set. A command that may write is repeated only if it was certainly not sent.</value>
    public int MaxRepeats { get; init; } = 3;

    /// <summary>Gets how long disposing the client waits for replies still owed.</summary>
    /// <value>0 to 5 min; 5 s unless set.</value>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets whether replies are checked to belong to their commands, by markers sent between them that the server echoes.</summary>
    /// <value>False unless set. Costs bytes and server time; for finding a proxy that mixes up replies.</value>
    public bool VerifyReplies { get; init; }

    /// <summary>Gets what the servers call their commands.</summary>
    /// <value><see cref="RedisCommandMap.None"/> unless set.</value>
    public RedisCommandMap CommandMap { get; init; } = RedisCommandMap.None;

    /// <summary>Gets how many bytes one reply may have; a longer one ends the connection.</summary>
    /// <value>1 KiB to 2,147,483,591; 536,870,912 unless set, the server's own limit of one string (<c>proto-max-bulk-len</c>).</value>
    public int MaxReplyBytes { get; init; } = 512 << 20;

    /// <summary>Gets how deeply arrays and maps of a reply may nest; a deeper one ends the connection.</summary>
    /// <value>1 to 128; 32 unless set.</value>
    public int MaxReplyDepth { get; init; } = 32;

    /// <summary>Gets how many elements one array or map of a reply may have; a longer one ends the connection.</summary>
    /// <value>1 to 1,073,741,824; 16,777,216 unless set.</value>
    public int MaxReplyElements { get; init; } = 1 << 24;

    /// <summary>Gets how many bytes one argument, a key or a value, may have; a longer one is refused before anything is sent.</summary>
    /// <value>1 KiB to 2,147,483,591; 536,870,912 unless set, the server's own limit (<c>proto-max-bulk-len</c>).</value>
    public int MaxArgumentBytes { get; init; } = 512 << 20;

    /// <summary>Gets how many messages a subscription holds for a slow reader.</summary>
    /// <value>1 to 1,000,000; 1,024 unless set.</value>
    public int SubscriptionBuffer { get; init; } = 1024;

    /// <summary>Gets where log lines go. Secrets, keys and values are never logged.</summary>
    /// <value>Null, the default, means nowhere.</value>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Gets the clock of all deadlines and waits.</summary>
    /// <value><see cref="TimeProvider.System"/> unless set.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The library's name as <c>CLIENT SETINFO LIB-NAME</c> is told it.</summary>
    internal string ReportedLibraryName => LibraryName is null ? "RedisToolkit" : $"RedisToolkit({LibraryName})";

    /// <summary>Where log lines go, also when nobody asked for them.</summary>
    internal ILoggerFactory Loggers => LoggerFactory ?? NullLoggerFactory.Instance;

    /// <summary>Checks every property, and fills in what follows from others: the engine works with what this returns.</summary>
    /// <exception cref="RedisOptionsException">Something is out of its range; lists all that is.</exception>
    internal RedisClientOptions Validated()
    {
        CollectFaults().ThrowIfAny(nameof(RedisClientOptions));
        return this with
        {
            Endpoints = [.. Sentinel?.Endpoints ?? Endpoints],     // the caller's own list may change later; messages name who is asked
            Sentinel = Sentinel is null ? null : Sentinel with { Endpoints = [.. Sentinel.Endpoints] },
            MaxInFlightCommands = (int)BitOperations.RoundUpToPowerOf2((uint)MaxInFlightCommands),
            TcpUserTimeout = TcpUserTimeout ?? HeartbeatInterval + HeartbeatTimeout,
        };
    }

    private bool PrintMembers(StringBuilder builder)
    {
        if (Sentinel is not null) builder.Append("Sentinel = ").Append(Sentinel);
        else builder.Append("Endpoints = [").AppendJoin(", ", Endpoints ?? []).Append(']');
        if (User is not null) builder.Append(", User = ").Append(User);
        if (Password is not null) builder.Append(", Password = ***");
        if (Credentials is not null) builder.Append(", Credentials = given");
        builder.Append(", Database = ").Append(Database);
        if (ClientName is not null) builder.Append(", ClientName = ").Append(ClientName);
        builder.Append(", Tls = ").Append(Tls is null ? "none" : Tls.ToString()).Append(", Protocol = ").Append(Protocol);
        if (Cluster is not null) builder.Append(", Cluster = ").Append(Cluster);
        builder.Append(", ConnectTimeout = ").Append(OptionFaults.Text(ConnectTimeout));
        builder.Append(", CommandTimeout = ").Append(OptionFaults.Text(CommandTimeout));
        return true;
    }
}
