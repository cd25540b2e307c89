using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>Adds up something over the keys that match a pattern: of all of them, or of a sample.</summary>
internal sealed class Weighing
{
    // Fewer than these tell the mean, but not how far the largest are from it.
    private const int FewestForBounds = 30;
    private readonly RedisArgument _pattern;
    private readonly SampleOptions _options;
    private readonly bool _memory;
    private readonly GlobMatcher _matcher;
    private long _matched;
    private double _sum;
    private double _squares;

    /// <param name="pattern">Which keys.</param>
    /// <param name="options">How.</param>
    /// <param name="memory">Whether their memory is asked for; else how many there are.</param>
    public Weighing(RedisArgument pattern, SampleOptions options, bool memory)
    {
        _pattern = pattern;
        _options = options;
        _memory = memory;
        _matcher = new GlobMatcher(pattern.ToBytes());
    }

    public async Task<KeyspaceEstimate> RunAsync(IRedisClient redis, CancellationToken cancellationToken)
    {
        IReadOnlyList<Primary> primaries = await Primary.AllOfAsync(redis, cancellationToken).ConfigureAwait(false);
        long[] sizes = new long[primaries.Count];
        for (int i = 0; i < sizes.Length; i++) sizes[i] = await primaries[i].Redis.DatabaseSizeAsync(cancellationToken).ConfigureAwait(false);
        long all = sizes.Sum();
        if (_options.Exact || all <= 2L * _options.SampleSize) return await ScanAsync(redis, all, cancellationToken).ConfigureAwait(false);
        long drawn = await KeySample.DrawAsync(primaries, sizes, _options.SampleSize, LookAsync, cancellationToken).ConfigureAwait(false);
        return drawn == 0 ? Exactly(0) : _memory ? EstimateMemory(all, drawn) : EstimateCount(all, drawn);

        ValueTask LookAsync(Primary primary, List<RedisBytes> keys) => AddAsync(primary, keys.FindAll(key => _matcher.IsMatch(key.Span)), cancellationToken);
    }

    private async Task<KeyspaceEstimate> ScanAsync(IRedisClient redis, long all, CancellationToken cancellationToken)
    {
        var scan = new KeyScan { Match = _pattern };
        await foreach (KeyPage page in KeyPages.ReadAsync(redis, scan, default, cancellationToken).ConfigureAwait(false))
        {
            await AddAsync(page.Primary, page.Keys, cancellationToken).ConfigureAwait(false);
        }

        return Exactly(all);
    }

    private async ValueTask AddAsync(Primary primary, IReadOnlyList<RedisBytes> keys, CancellationToken cancellationToken)
    {
        if (!_memory)
        {
            _matched += keys.Count;
            return;
        }

        if (keys.Count == 0) return;
        foreach (long? bytes in await KeyMemory.OfAsync(primary.Keys, keys, _options.ElementSamples, cancellationToken).ConfigureAwait(false))
        {
            if (bytes is not { } size) continue;
            _matched++;
            _sum += size;
            _squares += (double)size * size;
        }
    }

    private KeyspaceEstimate Exactly(long all)
    {
        long value = _memory ? (long)_sum : _matched;
        return new KeyspaceEstimate { Value = value, Low = value, High = value, IsExact = true, Looked = _matched, Matched = _matched, KeysInDatabase = all };
    }

    private KeyspaceEstimate EstimateCount(long all, long drawn)
    {
        (double low, double high) = Confidence.OfShare(_matched, drawn, Confidence.Deviations(_options.Confidence));
        // At least those that were seen; but one may have been drawn several times.
        return Estimated((double)_matched / drawn * all, Math.Max(low * all, Math.Min(_matched, 1)), high * all, all, drawn);
    }

    private KeyspaceEstimate EstimateMemory(long all, long drawn)
    {
        // The mean over all that was drawn, those that do not match as 0, times all keys.
        double mean = _sum / drawn;
        double variance = Math.Max(0, _squares / drawn - mean * mean) * drawn / Math.Max(1, drawn - 1);
        double half = Confidence.Deviations(_options.Confidence) * Math.Sqrt(variance / drawn) * all;
        return Estimated(mean * all, Math.Max(0, mean * all - half), _matched < FewestForBounds ? null : mean * all + half, all, drawn);
    }

    private KeyspaceEstimate Estimated(double value, double low, double? high, long all, long drawn) => new()
    {
        Value = (long)Math.Round(value),
        Low = (long)Math.Floor(low),
        High = high is { } bound ? (long)Math.Ceiling(bound) : null,
        IsExact = false,
        Looked = drawn,
        Matched = _matched,
        KeysInDatabase = all,
    };
}
