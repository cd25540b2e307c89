using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>How the entities of a repository are kept. Make variants with <c>with</c>.</summary>
public sealed record JsonRepositoryOptions
{
    /// <summary>Gets how long an entity is kept after each write, unless the write says otherwise.</summary>
    /// <value>A duration or <see cref="TimeToLive.Forever"/>; it has to be chosen.</value>
    public required TimeToLive TimeToLive { get; init; }

    /// <summary>Gets whether and how entities are compressed.</summary>
    /// <value><see cref="ValueCompression.None"/> unless set. Entities that were stored with another choice stay readable.</value>
    public ValueCompression Compression { get; init; } = ValueCompression.None;

    /// <summary>Gets how long an entity may be once serialized, before compression. A longer one is neither written nor read.</summary>
    /// <value>1 B to 512 MiB; 16 MiB unless set.</value>
    public int MaxValueBytes { get; init; } = ValueLimits.UsualBytes;

    internal JsonRepositoryOptions Validated()
    {
        var faults = new OptionFaults();
        if (TimeToLive.IsMissing) faults.Add($"{nameof(TimeToLive)} is not chosen; allowed are TimeToLive.After(duration) and TimeToLive.Forever");
        if (TimeToLive.IsUnchanged) faults.Add($"{nameof(TimeToLive)} is Unchanged, and a new entity has none; allowed are TimeToLive.After(duration) and TimeToLive.Forever");
        if (Compression is null) faults.Add($"{nameof(Compression)} is null; allowed is a choice, ValueCompression.None for no compression");
        else Compression.AddFaults(faults, nameof(Compression) + ".");
        faults.InRange(MaxValueBytes, 1, ValueLimits.MostBytes);
        faults.ThrowIfAny(nameof(JsonRepositoryOptions));
        return this;
    }
}
