namespace RedisToolkit;

/// <summary>A field of a hash, as a scan gives it.</summary>
/// <param name="Field">Its name.</param>
/// <param name="Value">Its value at that moment.</param>
public readonly record struct HashScanEntry(RedisBytes Field, RedisBytes Value);
