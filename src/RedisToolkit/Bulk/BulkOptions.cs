using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>How millions of entries or commands are sent. Make variants with <c>with</c>.</summary>
public sealed record BulkOptions
{
    /// <summary>Gets how many travel together at most. Fewer do when the source is slower than the server.</summary>
    /// <value>1 to 10,000; 500 unless set.</value>
    public int BatchSize { get; init; } = 500;

    /// <summary>Gets how many bytes of commands travel together, about; a single larger one goes alone.</summary>
    /// <value>1 KiB to 64 MiB; 128 KiB unless set.</value>
    public int BatchBytes { get; init; } = 128 << 10;

    /// <summary>Gets how many batches are under way at the same time. When they are, the source is not asked for more.</summary>
    /// <value>1 to 64; 4 unless set. With 1, entries are written in the order of the source; with more, batches may overtake each other on several connections.</value>
    public int BatchesInFlight { get; init; } = 4;

    /// <summary>Gets how many may be sent in a second.</summary>
    /// <value>1 to 100,000,000; null, the default, means as fast as the server answers.</value>
    public int? PerSecond { get; init; }

    /// <summary>Gets how many may fail before the work ends with an error.</summary>
    /// <value>0, the default, ends it at the first; up to 100,000.</value>
    public int MaxFailures { get; init; }

    /// <summary>Gets which entries are written, by whether their keys exist. Only for <see cref="BulkLoader.LoadAsync"/>.</summary>
    /// <value><see cref="SetWhen.Always"/> unless set.</value>
    public SetWhen When { get; init; } = SetWhen.Always;

    /// <summary>Gets who is told after each batch.</summary>
    /// <value>Called one after the other, and waited for: it is to be quick.</value>
    public IProgress<BulkProgress>? Progress { get; init; }

    internal BulkOptions Validated()
    {
        WorkRange.Require(BatchSize, 1, 10_000, nameof(BatchSize));
        WorkRange.Require(BatchBytes, 1 << 10, 64 << 20, nameof(BatchBytes));
        WorkRange.Require(BatchesInFlight, 1, 64, nameof(BatchesInFlight));
        if (PerSecond is { } rate) WorkRange.Require(rate, 1, 100_000_000, nameof(PerSecond));
        WorkRange.Require(MaxFailures, 0, 100_000, nameof(MaxFailures));
        WorkRange.RequireDefined(When, nameof(When));
        return this;
    }
}
