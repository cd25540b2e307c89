using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>How keys that match a pattern are deleted, renamed, copied or expired. Make variants with <c>with</c>.</summary>
public sealed record KeyspaceOptions
{
    /// <summary>Gets a value indicating whether keys are only found and counted, and nothing is changed.</summary>
    /// <value>False unless set.</value>
    public bool DryRun { get; init; }

    /// <summary>Gets a value indicating whether a pattern that names nothing definite, such as <c>*</c> or <c>?*</c>, is meant.</summary>
    /// <value>False unless set: then such a pattern is refused.</value>
    public bool AllowEveryKey { get; init; }

    /// <summary>Gets the type of the values that the keys are to have; see <see cref="KeyScan.Type"/>.</summary>
    /// <value>Null, the default, means all.</value>
    public string? Type { get; init; }

    /// <summary>Gets how many keys may be changed in a second.</summary>
    /// <value>1 to 10,000,000; null, the default, means as fast as steps of <see cref="BatchSize"/>, one after the other, go.</value>
    public int? KeysPerSecond { get; init; }

    /// <summary>Gets how many keys are changed in one round trip. The server executes them one after the other, and others wait for that long.</summary>
    /// <value>1 to 10,000; 100 unless set.</value>
    public int BatchSize { get; init; } = 100;

    /// <summary>Gets about how many keys the server looks at in one step of the scan; see <see cref="KeyScan.Count"/>.</summary>
    /// <value>1 to 100,000; 100 unless set.</value>
    public int ScanCount { get; init; } = 100;

    /// <summary>Gets how many keys the server may refuse to change before the work ends with an error.</summary>
    /// <value>0 to 100,000; 100 unless set.</value>
    public int MaxFailures { get; init; } = 100;

    /// <summary>Gets where to begin, and what notes how far the work has come.</summary>
    /// <value>Null, the default, begins at the beginning.</value>
    public KeyspaceCheckpoint? Checkpoint { get; init; }

    /// <summary>Gets who is told after each step.</summary>
    /// <value>Called in order, one after the other, and waited for: it is to be quick. (A <see cref="Progress{T}"/> passes it on at leisure, and out of order.)</value>
    public IProgress<KeyspaceProgress>? Progress { get; init; }

    internal KeyspaceOptions Validated(RedisArgument pattern)
    {
        WorkRange.RequirePattern(pattern, nameof(pattern));
        if (!AllowEveryKey && !new GlobMatcher(pattern.ToBytes()).HasLiteral)
            throw new ArgumentException("The pattern names nothing that a key must contain, so it means every key of the database. If that is meant, set KeyspaceOptions.AllowEveryKey.", nameof(pattern));
        _ = Scan(pattern).Validated();
        if (KeysPerSecond is { } rate) WorkRange.Require(rate, 1, 10_000_000, nameof(KeysPerSecond));
        WorkRange.Require(BatchSize, 1, 10_000, nameof(BatchSize));
        WorkRange.Require(ScanCount, 1, KeyScan.MostCount, nameof(ScanCount));
        WorkRange.Require(MaxFailures, 0, 100_000, nameof(MaxFailures));
        return this;
    }

    internal KeyScan Scan(RedisArgument pattern) => new() { Match = pattern, Type = Type, Count = Math.Clamp(ScanCount, 1, KeyScan.MostCount) };
}
