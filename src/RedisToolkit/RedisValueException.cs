using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>What a key holds cannot be read as what was asked for. It is still there, unchanged; the message never shows it.</summary>
public sealed class RedisValueException : RedisException
{
    internal RedisValueException(string reason)
        : base($"The value cannot be read: {reason}.") => Reason = reason;

    internal RedisValueException(string key, string reason)
        : base($"The value of the key '{key}' cannot be read: {reason}. It is still there, and is not shown here.")
    {
        Key = key;
        Reason = reason;
    }

    /// <summary>Gets the key; null if a serializer was used without one.</summary>
    public string? Key { get; }

    /// <summary>Gets what is wrong with the value, without any part of it.</summary>
    public string Reason { get; }

    /// <inheritdoc/>
    /// <value><see cref="CommandOutcome.Executed"/>: reading it did nothing to it.</value>
    public override CommandOutcome Outcome => CommandOutcome.Executed;

    /// <inheritdoc/>
    public override bool IsTransient => false;
}
