using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>A key holds another type than the one that this feature keeps there (<c>WRONGTYPE</c>). Nothing was changed.</summary>
public sealed class RedisKeyTypeException : RedisException
{
    internal RedisKeyTypeException(string key, string expected, string actual, Exception? inner = null)
        : base($"The key '{key}' holds a {actual} where a {expected} was expected. Something else writes under this name: give one of both another name, or delete the key.", inner)
    {
        Key = key;
        Expected = expected;
        Actual = actual;
    }

    /// <summary>Gets the key.</summary>
    public string Key { get; }

    /// <summary>Gets the type that was expected, as <c>TYPE</c> spells it: <c>string</c>, <c>hash</c>.</summary>
    public string Expected { get; }

    /// <summary>Gets the type that the key holds, as <c>TYPE</c> spells it.</summary>
    public string Actual { get; }

    /// <inheritdoc/>
    public override CommandOutcome Outcome => CommandOutcome.Refused;

    /// <inheritdoc/>
    public override bool IsTransient => false;
}
