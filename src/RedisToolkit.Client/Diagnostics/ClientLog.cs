using Microsoft.Extensions.Logging;

namespace RedisToolkit.Client;

/// <summary>What the client writes to its log. Keys, values and secrets never appear.</summary>
internal sealed partial class ClientLog(ILoggerFactory loggers)
{
    private readonly ILogger _connections = loggers.CreateLogger("RedisToolkit.Client.Connections");

    public void Connected(RedisEndpoint endpoint, ServerGreeting greeting) =>
        Connected(_connections, endpoint, greeting.Server, greeting.Version, greeting.Protocol);

    public void Lost(RedisEndpoint endpoint, Exception? cause) => Lost(_connections, endpoint, cause?.Message);

    public void ConnectFailed(RedisEndpoint endpoint, int attempt, Exception exception) =>
        ConnectFailed(_connections, endpoint, attempt + 1, exception is RedisException ? exception.Message : exception.GetType().Name);

    // Not the exception itself: what a provider throws may tell what it asked for.
    public void CredentialsNotRotated(RedisEndpoint endpoint, Exception exception) =>
        CredentialsNotRotated(_connections, endpoint, exception is RedisException ? exception.Message : exception.GetType().Name);

    [LoggerMessage(1100, LogLevel.Information, "Connected to {Endpoint}: {Server} {Version}, RESP{Protocol}")]
    private static partial void Connected(ILogger logger, RedisEndpoint endpoint, string server, string version, int protocol);

    [LoggerMessage(1101, LogLevel.Warning, "Lost the connection to {Endpoint}: {Cause}")]
    private static partial void Lost(ILogger logger, RedisEndpoint endpoint, string? cause);

    [LoggerMessage(1102, LogLevel.Warning, "Connecting to {Endpoint} failed, attempt {Attempt}: {Cause}")]
    private static partial void ConnectFailed(ILogger logger, RedisEndpoint endpoint, int attempt, string cause);

    [LoggerMessage(1103, LogLevel.Error, "The credentials of a connection to {Endpoint} could not be renewed: {Cause}")]
    private static partial void CredentialsNotRotated(ILogger logger, RedisEndpoint endpoint, string cause);
}
