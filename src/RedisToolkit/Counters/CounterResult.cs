namespace RedisToolkit;

/// <summary>A counter after something was added to it.</summary>
/// <param name="Value">Its value.</param>
/// <param name="IsSaturated">Whether a bound cut it off, so that less was added than was asked for.</param>
/// <param name="IsNew">Whether it was made by this call, and so got its time to live.</param>
public readonly record struct CounterResult(long Value, bool IsSaturated, bool IsNew);
