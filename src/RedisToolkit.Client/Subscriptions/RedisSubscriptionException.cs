namespace RedisToolkit.Client;

/// <summary>A subscription ended because its reader was too slow, as <see cref="SlowReaderPolicy.EndSubscription"/> asks.</summary>
public sealed class RedisSubscriptionException : RedisException
{
    internal RedisSubscriptionException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    public override CommandOutcome Outcome => CommandOutcome.Executed;

    /// <inheritdoc/>
    /// <value>True: it may be subscribed to again.</value>
    public override bool IsTransient => true;
}
