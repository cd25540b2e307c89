namespace RedisToolkit.Client;

/// <summary>
/// The bytes that arrived are no reply that can be relied on. The connection was closed, since what follows on it cannot be
/// told apart either; commands that waited on it have failed with an unknown outcome.
/// </summary>
public sealed class RedisProtocolException : RedisException
{
    internal RedisProtocolException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    public override CommandOutcome Outcome => CommandOutcome.Unknown;

    /// <inheritdoc/>
    public override bool IsTransient => false;

    internal static RedisProtocolException At(int offset, string what) =>
        new($"The connection was closed: at byte {offset} of a reply, {what}. If this is a Redis or Valkey port, something between changes its bytes.");
}
