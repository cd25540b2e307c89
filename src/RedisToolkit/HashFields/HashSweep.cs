using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>What was done to one hash when all were swept.</summary>
/// <param name="Key">The hash's key as text (UTF-8), its beginning if it is long.</param>
/// <param name="Removed">How many fields were removed.</param>
/// <param name="Error">Why nothing was done: a <see cref="RedisKeyTypeException"/>, a <see cref="RedisValueException"/> or what the server said; null if it was done.</param>
public readonly record struct HashSweep(string Key, long Removed, RedisException? Error);
