namespace RedisToolkit;

/// <summary>What has been sent and answered so far.</summary>
public sealed record BulkProgress
{
    /// <summary>Gets how many entries were taken from the source and answered.</summary>
    public required long Done { get; init; }

    /// <summary>Gets how many of them were written.</summary>
    public required long Loaded { get; init; }

    /// <summary>Gets how many were left out because of <see cref="BulkOptions.When"/>.</summary>
    public required long Skipped { get; init; }

    /// <summary>Gets how many failed.</summary>
    public required long Failed { get; init; }

    /// <summary>Gets how long it has taken.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Gets how many were done in a second, on average; 0 if no time has passed.</summary>
    public double PerSecond => Elapsed > TimeSpan.Zero ? Done / Elapsed.TotalSeconds : 0;
}
