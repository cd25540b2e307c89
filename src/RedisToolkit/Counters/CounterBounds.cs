namespace RedisToolkit;

/// <summary>Between which values a counter stays: what would lead out of them ends at the bound.</summary>
/// <param name="Least">The least value.</param>
/// <param name="Greatest">The greatest value; not below the least.</param>
public readonly record struct CounterBounds(long Least, long Greatest)
{
    /// <summary>Gets the bounds of a 64-bit integer, which hold for every counter.</summary>
    public static CounterBounds Of64Bits => new(long.MinValue, long.MaxValue);
}
