namespace RedisToolkit;

/// <summary>One result of a map, as it was read back.</summary>
/// <typeparam name="T">What its value became.</typeparam>
/// <param name="State">Whether it is there.</param>
/// <param name="Value">The value; the default of its type unless it was found.</param>
public readonly record struct StoredResult<T>(ResultState State, T? Value)
{
    /// <summary>Gets a value indicating whether it is there.</summary>
    public bool IsFound => State == ResultState.Found;
}
