namespace RedisToolkit.Benchmarks.Repositories;

/// <summary>Several ways to the same end, measured in turn. The first is what the others are compared with.</summary>
/// <param name="Title">What all of them do.</param>
/// <param name="Unit">What is counted, in the plural.</param>
/// <param name="Callers">How many do it at once, one after the other each.</param>
/// <param name="Ways">The ways.</param>
internal sealed record Comparison(string Title, string Unit, int Callers, IReadOnlyList<Way> Ways)
{
    /// <summary>Gets what every way has to do besides, without a server: what it allocates is not theirs. Null if that is nothing.</summary>
    public Way? Floor { get; init; }
}

/// <summary>One way of doing something.</summary>
/// <param name="Name">Who, and how.</param>
/// <param name="OnceAsync">Does it once and gives how many units that were; throws if the result is wrong.</param>
internal sealed record Way(string Name, Func<int, Task<int>> OnceAsync)
{
    /// <summary>Gets what else is to be said of it, for a column of its own.</summary>
    public Func<Task<string>>? Remark { get; init; }
}
