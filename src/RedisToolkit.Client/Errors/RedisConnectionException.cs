namespace RedisToolkit.Client;

/// <summary>Why there is no connection.</summary>
public enum ConnectionFailure
{
    /// <summary>The host's name has no address.</summary>
    HostNotFound,

    /// <summary>Nothing listens on that port, or a firewall says no.</summary>
    Refused,

    /// <summary>The connection was not up within <see cref="RedisClientOptions.ConnectTimeout"/>.</summary>
    ConnectTimeout,

    /// <summary>TLS failed: a certificate is not trusted, is for another host, or is asked for and missing.</summary>
    Tls,

    /// <summary>The user name, password or credentials provider was refused.</summary>
    Authentication,

    /// <summary>The server refused the handshake: its protocol version, the database's number, or a limit on clients.</summary>
    Handshake,

    /// <summary>Something answered that is no Redis or Valkey server.</summary>
    NotRedis,

    /// <summary>The connection was up and broke.</summary>
    Lost,

    /// <summary>The connection was up, but nothing arrived on it any more, not even the answer to a heartbeat.</summary>
    Silent,

    /// <summary>The connection was up and was closed because what arrived on it was no valid reply.</summary>
    Protocol,

    /// <summary>The client was disposed.</summary>
    Disposed,

    /// <summary>The server is not, or no longer, the one that such commands go to: it was demoted, or left its cluster.</summary>
    NotPrimary,

    /// <summary>No sentinel monitors anything of that name: see <see cref="RedisSentinelOptions.ServiceName"/>.</summary>
    UnknownService,

    /// <summary>None of the sentinels answered; the message names each with its reason.</summary>
    NoSentinel,
}

/// <summary>There is no connection to the server, or it broke while a command waited on it.</summary>
public sealed class RedisConnectionException : RedisException
{
    internal RedisConnectionException(ConnectionFailure failure, string endpoint, string message, CommandOutcome outcome, Exception? inner = null)
        : base(message, inner)
    {
        Failure = failure;
        Endpoint = endpoint;
        Outcome = outcome;
    }

    /// <summary>Gets what went wrong.</summary>
    public ConnectionFailure Failure { get; }

    /// <summary>Gets the server's address, as <c>host:port</c> or the path of a unix socket.</summary>
    public string Endpoint { get; }

    /// <inheritdoc/>
    public override CommandOutcome Outcome { get; }

    /// <inheritdoc/>
    public override bool IsTransient => !NeedsMending(Failure);

    /// <summary>Whether trying again is in vain until somebody changes a setting.</summary>
    internal static bool NeedsMending(ConnectionFailure failure) => failure is
        ConnectionFailure.Tls or ConnectionFailure.Authentication or ConnectionFailure.Handshake or ConnectionFailure.NotRedis or ConnectionFailure.Disposed or ConnectionFailure.UnknownService;
}
