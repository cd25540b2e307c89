using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>Others changed an entity each time before this change of it could be written. Nothing of it was.</summary>
public sealed class RedisConcurrencyException : RedisException
{
    internal RedisConcurrencyException(string key, int attempts)
        : base($"The key '{key}' was changed by others {attempts} times in a row while it was being updated; this update was not written. If that is usual, divide what it holds among several keys.")
    {
        Key = key;
        Attempts = attempts;
    }

    /// <summary>Gets the key.</summary>
    public string Key { get; }

    /// <summary>Gets how often it was tried.</summary>
    public int Attempts { get; }

    /// <inheritdoc/>
    public override CommandOutcome Outcome => CommandOutcome.Refused;

    /// <inheritdoc/>
    public override bool IsTransient => true;
}
