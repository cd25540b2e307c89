namespace RedisToolkit.Client;

/// <summary>The server, or what stands between, cannot announce changed keys on this connection. Go without a cache that relies on it.</summary>
public sealed class RedisTrackingUnavailableException : RedisException
{
    internal RedisTrackingUnavailableException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <inheritdoc/>
    public override CommandOutcome Outcome => CommandOutcome.NotSent;

    /// <inheritdoc/>
    /// <value>False: the server, its rules or the options must change first.</value>
    public override bool IsTransient => false;
}
