using System.Collections;

namespace RedisToolkit;

/// <summary>Ids in a row that nobody else has: <see cref="First"/> to <see cref="Last"/>.</summary>
/// <param name="First">The first one.</param>
/// <param name="Count">How many; 1 or more.</param>
public readonly record struct IdBlock(long First, int Count) : IEnumerable<long>
{
    /// <summary>Gets the last one.</summary>
    public long Last => First + Count - 1;

    /// <summary>Goes through the ids, from the first to the last.</summary>
    /// <returns>The ids.</returns>
    public IEnumerator<long> GetEnumerator()
    {
        for (long id = First; id <= Last; id++) yield return id;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
