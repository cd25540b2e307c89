namespace RedisToolkit;

/// <summary>Counts what batches came to. Several may end at the same time.</summary>
internal sealed class BulkTally(BulkOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly long _began = time.GetTimestamp();
    private readonly List<BulkFailure> _failures = [];
    private long _loaded;
    private long _skipped;

    /// <summary>Counts what one batch came to, and says so.</summary>
    /// <exception cref="InvalidOperationException">More have failed than may.</exception>
    public void Add(int loaded, int skipped, List<BulkFailure> failures)
    {
        lock (_gate)
        {
            _loaded += loaded;
            _skipped += skipped;
            _failures.AddRange(failures);
            options.Progress?.Report(Progress());
            if (_failures.Count <= options.MaxFailures || failures.Count == 0) return;
            BulkFailure first = _failures.MinBy(static failure => failure.Index)!;
            throw new InvalidOperationException(
                $"The work was ended, because {_failures.Count} entries failed, more than the {options.MaxFailures} of BulkOptions.MaxFailures. " +
                $"The first was number {first.Index}, counted from 0: {first.Error.Message} {_loaded} were executed, and a few more that were under way may be.",
                first.Error);
        }
    }

    public BulkResult Result()
    {
        lock (_gate) return new BulkResult { Total = Progress(), Failures = [.. _failures.OrderBy(static failure => failure.Index)] };
    }

    private BulkProgress Progress() => new()
    {
        Done = _loaded + _skipped + _failures.Count,
        Loaded = _loaded,
        Skipped = _skipped,
        Failed = _failures.Count,
        Elapsed = time.GetElapsedTime(_began),
    };
}
