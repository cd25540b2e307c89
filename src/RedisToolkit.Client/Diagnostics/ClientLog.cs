using Microsoft.Extensions.Logging;

namespace RedisToolkit.Client;

/// <summary>What the client writes to its log. Keys, values and secrets never appear. The numbers are listed in docs/diagnostics.md.</summary>
internal sealed partial class ClientLog(ILoggerFactory loggers)
{
    private readonly ILogger _connections = loggers.CreateLogger(RedisDiagnostics.LogCategory);

    public void Connected(RedisConnection connection) =>
        Connected(_connections, connection.Endpoint, connection.Greeting.Server, connection.Greeting.Version, connection.Greeting.Protocol, connection.Greeting.ConnectionId);

    public void Lost(RedisConnection connection, long uptime, TimeSpan delay) =>
        Lost(_connections, connection.Endpoint, uptime, connection.Cause?.Message, connection.CommandsFailed, connection.CommandsPassedOn, (long)delay.TotalMilliseconds);

    public void ConnectFailed(RedisEndpoint endpoint, int attempt, Exception exception, TimeSpan delay) =>
        ConnectFailed(_connections, endpoint, attempt + 1, exception is RedisException ? exception.Message : exception.GetType().Name, (long)delay.TotalMilliseconds);

    public void CredentialsRotated(RedisEndpoint endpoint, TimeSpan? next) =>
        CredentialsRotated(_connections, endpoint, next?.TotalSeconds);

    // Not the exception itself: what a provider throws may tell what it asked for.
    public void CredentialsNotRotated(RedisEndpoint endpoint, Exception exception, TimeSpan next) =>
        CredentialsNotRotated(_connections, endpoint, exception is RedisException ? exception.Message : exception.GetType().Name, next.TotalSeconds);

    public void DrainEnded(int unanswered, int waiting, TimeSpan drainTimeout) =>
        DrainEnded(_connections, unanswered, waiting, (long)drainTimeout.TotalMilliseconds);

    public void MapFailed(RedisEndpoint endpoint, Exception exception) =>
        MapFailed(_connections, endpoint, exception is RedisException ? exception.Message : $"{exception.GetType().Name}: {exception.Message}");

    public void PrimaryChanged(string service, RedisEndpoint before, RedisEndpoint now, long epoch) =>
        PrimaryChanged(_connections, service, before, now, epoch);

    [LoggerMessage(1100, LogLevel.Information, "Connected to {Endpoint}: {Server} {Version}, RESP{Protocol}, connection {ConnectionId}")]
    private static partial void Connected(ILogger logger, RedisEndpoint endpoint, string server, string version, int protocol, long connectionId);

    [LoggerMessage(1101, LogLevel.Warning, "Lost the connection to {Endpoint} after {UptimeMs} ms: {Cause} {Failed} commands failed, {PassedOn} are sent again; connecting again in {DelayMs} ms")]
    private static partial void Lost(ILogger logger, RedisEndpoint endpoint, long uptimeMs, string? cause, int failed, int passedOn, long delayMs);

    [LoggerMessage(1102, LogLevel.Warning, "Connecting to {Endpoint} failed, attempt {Attempt}: {Cause} Next attempt in {DelayMs} ms")]
    private static partial void ConnectFailed(ILogger logger, RedisEndpoint endpoint, int attempt, string cause, long delayMs);

    [LoggerMessage(1103, LogLevel.Error, "The credentials of a connection to {Endpoint} could not be renewed: {Cause} Next attempt in {DelaySeconds} s")]
    private static partial void CredentialsNotRotated(ILogger logger, RedisEndpoint endpoint, string cause, double delaySeconds);

    [LoggerMessage(1104, LogLevel.Debug, "Renewed the credentials of a connection to {Endpoint}; next time in {DelaySeconds} s")]
    private static partial void CredentialsRotated(ILogger logger, RedisEndpoint endpoint, double? delaySeconds);

    [LoggerMessage(1105, LogLevel.Warning, "Disposed with {Unanswered} replies owed and {Waiting} commands waiting, after RedisClientOptions.DrainTimeout of {DrainTimeoutMs} ms: they fail")]
    private static partial void DrainEnded(ILogger logger, int unanswered, int waiting, long drainTimeoutMs);

    [LoggerMessage(1120, LogLevel.Warning, "The cluster's slot map, or where a command was sent on to, could not be read from {Endpoint}: {Cause}")]
    private static partial void MapFailed(ILogger logger, RedisEndpoint endpoint, string cause);

    [LoggerMessage(1106, LogLevel.Warning, "The primary of {Service} is {Now} in place of {Before} (failover {Epoch}): connections to any other server are left")]
    private static partial void PrimaryChanged(ILogger logger, string service, RedisEndpoint before, RedisEndpoint now, long epoch);
}
