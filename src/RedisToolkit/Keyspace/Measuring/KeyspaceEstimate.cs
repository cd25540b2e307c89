namespace RedisToolkit;

/// <summary>A figure about the keys that match a pattern, and how sure it is.</summary>
public sealed record KeyspaceEstimate
{
    /// <summary>Gets the figure: a number of keys, or of bytes.</summary>
    public required long Value { get; init; }

    /// <summary>Gets the lower bound; the figure itself if it is exact.</summary>
    public required long Low { get; init; }

    /// <summary>Gets the upper bound; the figure itself if it is exact.</summary>
    /// <value>Null for memory if fewer than 30 keys of the sample match: so few tell nothing of the largest ones. Draw more, or ask for <see cref="SampleOptions.Exact"/>.</value>
    public required long? High { get; init; }

    /// <summary>Gets a value indicating whether every key was looked at.</summary>
    public required bool IsExact { get; init; }

    /// <summary>Gets how many keys were looked at.</summary>
    /// <value>Those drawn; of an exact figure, those that match.</value>
    public required long Looked { get; init; }

    /// <summary>Gets how many of those match.</summary>
    public required long Matched { get; init; }

    /// <summary>Gets how many keys the database has, those that have expired without having been removed yet among them.</summary>
    public required long KeysInDatabase { get; init; }
}
