namespace RedisToolkit;

/// <summary>A key and what it takes.</summary>
/// <param name="Key">The key.</param>
/// <param name="Bytes">How much memory it takes with its value, by <c>MEMORY USAGE</c>: of a collection, reckoned from some of its elements.</param>
/// <param name="Type">The type of its value, in the server's words; null if the key was gone when that was asked.</param>
/// <param name="TimeToLive">How long it will be kept; null if it is kept until somebody deletes it, or was gone.</param>
public sealed record KeySize(RedisBytes Key, long Bytes, string? Type, TimeSpan? TimeToLive);
