namespace RedisToolkit;

/// <summary>What became of all that was sent.</summary>
public sealed record BulkResult
{
    /// <summary>Gets the counts.</summary>
    public required BulkProgress Total { get; init; }

    /// <summary>Gets what failed, in the order of the source.</summary>
    /// <value>All of it: there are never more than <see cref="BulkOptions.MaxFailures"/>.</value>
    public required IReadOnlyList<BulkFailure> Failures { get; init; }
}
