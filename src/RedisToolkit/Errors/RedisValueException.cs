using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>What a key holds cannot be read as what was asked for. It is still there, unchanged; the message never shows it.</summary>
public sealed class RedisValueException : RedisException
{
    internal RedisValueException(string reason)
        : base($"The value cannot be read: {reason}.") => Reason = reason;

    internal RedisValueException(string key, string reason, RedisServerException? inner = null)
        : base($"The value of the key '{key}' cannot be read: {reason}. It is still there, and is not shown here.", inner)
    {
        Key = key;
        Reason = reason;
    }

    /// <summary>Gets the key; null if a serializer was used without one.</summary>
    public string? Key { get; }

    /// <summary>Gets what is wrong with the value, without any part of it.</summary>
    public string Reason { get; }

    /// <inheritdoc/>
    /// <value><see cref="CommandOutcome.Executed"/> if it was read, which did nothing to it; <see cref="CommandOutcome.Refused"/> if the server would not work on it.</value>
    public override CommandOutcome Outcome => InnerException is null ? CommandOutcome.Executed : CommandOutcome.Refused;

    /// <inheritdoc/>
    public override bool IsTransient => false;
}
