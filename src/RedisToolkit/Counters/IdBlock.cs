namespace RedisToolkit;

/// <summary>A block of numbers that nobody else gets.</summary>
/// <param name="First">The first.</param>
/// <param name="Count">How many there are, one after the other.</param>
public readonly record struct IdBlock(long First, int Count)
{
    /// <summary>Gets the last.</summary>
    public long Last => First + Count - 1;
}
