using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>A key holds another type than the one that this feature keeps there (<c>WRONGTYPE</c>). Nothing was changed.</summary>
/// <remarks>The server's own words are in <see cref="Exception.InnerException"/>, a <see cref="RedisServerException"/>, unless the server took the key for missing.</remarks>
public sealed class RedisKeyTypeException : RedisException
{
    private const string UsualMend = "Something else writes under this name: give one of both another name, or delete the key.";

    internal RedisKeyTypeException(string key, string expected, string actual, RedisServerException? inner = null, string mend = UsualMend)
        : this($"The key '{key}' holds a {actual} where a {expected} was expected. Nothing was changed. {mend}", inner, key, expected, actual)
    {
    }

    private RedisKeyTypeException(string message, RedisServerException? inner, string key, string? expected, string actual)
        : base(message, inner) => (Key, Expected, Actual) = (key, expected, actual);

    /// <summary>Gets the key; of one longer than 200 bytes the beginning.</summary>
    public string Key { get; }

    /// <summary>Gets the type that was expected, as <c>TYPE</c> spells it: <c>string</c>, <c>hash</c>.</summary>
    /// <value>Null for commands that a <see cref="BulkLoader"/> was given.</value>
    public string? Expected { get; }

    /// <summary>Gets the type that the key holds, as <c>TYPE</c> spells it.</summary>
    public string Actual { get; }

    /// <inheritdoc/>
    public override CommandOutcome Outcome => CommandOutcome.Refused;

    /// <inheritdoc/>
    public override bool IsTransient => false;

    /// <summary>Makes the error of a command of the caller's own, of which only the server knows what it works on.</summary>
    internal static RedisKeyTypeException Of(string command, string key, string actual, RedisServerException inner) =>
        new($"The key '{key}' holds a {actual}, on which {command} does not work. Nothing was changed. {UsualMend}", inner, key, expected: null, actual);
}
