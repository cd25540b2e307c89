using Microsoft.Extensions.Logging;

namespace RedisToolkit.Client;

/// <content>Tracking.</content>
internal sealed partial class ClientLog
{
    // Its type only: a listener's message may name keys.
    public void ListenerFailed(Exception exception) => ListenerFailed(_connections, exception.GetType().Name);

    [LoggerMessage(1110, LogLevel.Error, "IInvalidationListener.OnGap threw {Exception}; what it cached may be stale")]
    private static partial void ListenerFailed(ILogger logger, string exception);
}
