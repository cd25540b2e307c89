using System.Text;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>A key and its value, to be loaded.</summary>
/// <param name="Key">The key; not empty.</param>
/// <param name="Value">The value; not to be changed before the loading has ended.</param>
/// <param name="TimeToLive">How long this key is kept; null for what <see cref="BulkLoader.LoadAsync"/> was told for all.</param>
public readonly record struct BulkEntry(RedisArgument Key, ReadOnlyMemory<byte> Value, TimeToLive? TimeToLive = null)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Makes an entry of text.</summary>
    /// <param name="key">The key; not empty.</param>
    /// <param name="value">The value, kept as UTF-8.</param>
    /// <param name="timeToLive">How long this key is kept; null for what <see cref="BulkLoader.LoadAsync"/> was told for all.</param>
    /// <exception cref="ArgumentException">The value is not valid UTF-16.</exception>
    public BulkEntry(RedisArgument key, string value, TimeToLive? timeToLive = null)
        : this(key, Strict.GetBytes(value ?? throw new ArgumentNullException(nameof(value))), timeToLive)
    {
    }
}
