namespace RedisToolkit;

/// <summary>A member of a sorted set, as a scan gives it.</summary>
/// <param name="Member">The member.</param>
/// <param name="Score">Its score at that moment.</param>
public readonly record struct SortedSetScanEntry(RedisBytes Member, double Score);
