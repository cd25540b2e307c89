namespace RedisToolkit;

/// <summary>Counts what was done.</summary>
/// <param name="time">By whose time.</param>
/// <param name="checkpoint">How far it has come.</param>
internal sealed class KeyTally(TimeProvider time, KeyspaceCheckpoint checkpoint)
{
    private const int MostExamples = 10;
    private readonly long _began = time.GetTimestamp();
    private readonly List<RedisBytes> _examples = [];

    public long Matched { get; private set; }

    public long Changed { get; set; }

    public long Skipped { get; set; }

    public long Unconfirmed { get; set; }

    public List<KeyFailure> Failures { get; } = [];

    public IReadOnlyList<RedisBytes> Examples => _examples;

    public void Found(RedisBytes[] keys)
    {
        Matched += keys.Length;
        _examples.AddRange(keys.AsSpan(0, Math.Min(keys.Length, MostExamples - _examples.Count)));
    }

    public KeyspaceProgress Progress() => new()
    {
        Matched = Matched,
        Changed = Changed,
        Skipped = Skipped,
        Unconfirmed = Unconfirmed,
        Failed = Failures.Count,
        Elapsed = time.GetElapsedTime(_began),
        Checkpoint = checkpoint.ToString(),
    };
}
