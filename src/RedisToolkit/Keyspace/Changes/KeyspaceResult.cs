namespace RedisToolkit;

/// <summary>What was done with the keys that match a pattern.</summary>
public sealed record KeyspaceResult
{
    /// <summary>Gets a value indicating whether nothing was changed, because <see cref="KeyspaceOptions.DryRun"/> was set.</summary>
    public required bool DryRun { get; init; }

    /// <summary>Gets the counts. They are of this run; those before a checkpoint that it went on from are not among them.</summary>
    public required KeyspaceProgress Total { get; init; }

    /// <summary>Gets some keys that match, to see at a glance whether the pattern means what it should.</summary>
    /// <value>The first 10 that were found.</value>
    public required IReadOnlyList<RedisBytes> Examples { get; init; }

    /// <summary>Gets the keys that the server refused to change, with its reasons.</summary>
    /// <value>All of them: there are never more than <see cref="KeyspaceOptions.MaxFailures"/>.</value>
    public required IReadOnlyList<KeyFailure> Failures { get; init; }
}
