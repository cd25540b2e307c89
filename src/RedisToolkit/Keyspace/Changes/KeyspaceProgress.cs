namespace RedisToolkit;

/// <summary>What has been done so far.</summary>
public sealed record KeyspaceProgress
{
    /// <summary>Gets how many keys were found that match.</summary>
    /// <value>A key that the server gave twice, far apart, counts twice.</value>
    public required long Matched { get; init; }

    /// <summary>Gets how many of them the server says it changed.</summary>
    public required long Changed { get; init; }

    /// <summary>Gets how many were left as they were: gone by then, their new name taken, or not meant by a condition.</summary>
    public required long Skipped { get; init; }

    /// <summary>Gets how many were changed by us or by somebody else, nobody can tell.</summary>
    /// <value>
    /// A connection was lost before their replies came. They were asked for again, and there was nothing left to do: their state is what it should be.
    /// </value>
    public required long Unconfirmed { get; init; }

    /// <summary>Gets how many the server refused to change.</summary>
    public required long Failed { get; init; }

    /// <summary>Gets how long it has taken.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Gets where to go on, as text: for <see cref="KeyspaceCheckpoint.Parse"/>.</summary>
    public required string Checkpoint { get; init; }
}
