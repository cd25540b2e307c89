using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>How the entities of a <see cref="HashRepository{TEntity, TId}"/> are kept. Make variants with <c>with</c>.</summary>
public sealed record HashRepositoryOptions
{
    private const int MostFields = 100_000;

    /// <summary>Gets how long an entity is kept after each write, unless the write says otherwise.</summary>
    /// <value>A duration or <see cref="TimeToLive.Forever"/>; it has to be chosen.</value>
    public required TimeToLive TimeToLive { get; init; }

    /// <summary>Gets how long the values of an entity's fields may be together. A longer entity is neither written nor read.</summary>
    /// <value>1 B to 512 MiB; 16 MiB unless set.</value>
    public int MaxValueBytes { get; init; } = ValueLimits.UsualBytes;

    /// <summary>Gets how many fields a hash may have, those that the entity does not know included. One with more is not read.</summary>
    /// <value>1 to 100,000, and no fewer than the entity has members; 1,000 unless set.</value>
    public int MaxFields { get; init; } = 1000;

    internal HashRepositoryOptions Validated(int members)
    {
        var faults = new OptionFaults();
        if (TimeToLive.IsMissing) faults.Add($"{nameof(TimeToLive)} is not chosen; allowed are TimeToLive.After(duration) and TimeToLive.Forever");
        if (TimeToLive.IsUnchanged) faults.Add($"{nameof(TimeToLive)} is Unchanged, and a new entity has none; allowed are TimeToLive.After(duration) and TimeToLive.Forever");
        faults.InRange(MaxValueBytes, 1, ValueLimits.MostBytes);
        faults.InRange(MaxFields, members, MostFields);
        faults.ThrowIfAny(nameof(HashRepositoryOptions));
        return this;
    }
}
