using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>Does something with every key that matches a pattern: a step of the scan, then what it gave in batches, then the next step.</summary>
internal sealed class KeyWork
{
    private readonly KeyAction _action;
    private readonly KeyspaceOptions _options;
    private readonly KeyScan _scan;
    private readonly KeyspaceCheckpoint _checkpoint;
    private readonly Pace _pace;
    private readonly KeyTally _tally;
    private readonly KeyBatches _batches;

    public KeyWork(KeyAction action, RedisArgument pattern, KeyspaceOptions options, TimeProvider time)
    {
        _action = action;
        _options = options;
        _scan = options.Scan(pattern);
        _checkpoint = options.Checkpoint ?? new KeyspaceCheckpoint();
        // A dry run is work of its own: going on from its end would change nothing.
        _checkpoint.Claim(KeyspaceCheckpoint.NameOf(options.DryRun ? "dry " + action.Name : action.Name, pattern.ToBytes(), options.Type), nameof(options));
        _pace = new Pace(options.KeysPerSecond, time);
        _tally = new KeyTally(time, _checkpoint);
        _batches = new KeyBatches(action, _tally, options.MaxFailures, time);
    }

    public async Task<KeyspaceResult> RunAsync(IRedisClient redis, CancellationToken cancellationToken)
    {
        try
        {
            if (!_checkpoint.IsFinished) await ScanAsync(redis, cancellationToken).ConfigureAwait(false);
            _checkpoint.Finish();
        }
        finally
        {
            _options.Progress?.Report(_tally.Progress());
        }

        return new KeyspaceResult { DryRun = _options.DryRun, Total = _tally.Progress(), Examples = _tally.Examples, Failures = _tally.Failures };
    }

    private async Task ScanAsync(IRedisClient redis, CancellationToken cancellationToken)
    {
        await foreach (KeyPage page in KeyPages.ReadAsync(redis, _scan, _checkpoint.Place, cancellationToken).ConfigureAwait(false))
        {
            _tally.Found(page.Keys);
            await ChangeAsync(page, cancellationToken).ConfigureAwait(false);
            _checkpoint.MoveTo(page.Next);
            _options.Progress?.Report(_tally.Progress());
        }
    }

    private async Task ChangeAsync(KeyPage page, CancellationToken cancellationToken)
    {
        var commands = new List<OpenKey>(page.Keys.Length);
        foreach (RedisBytes key in page.Keys)
        {
            if (_action.Command(key) is { } command) commands.Add(new OpenKey(key, command, MaybeDone: false));
            else _tally.Skipped++;
        }

        if (_options.DryRun) return;
        int step = _pace.StepOf(_options.BatchSize);
        for (int from = 0; from < commands.Count; from += step)
        {
            List<OpenKey> some = commands.GetRange(from, Math.Min(step, commands.Count - from));
            await _pace.WaitAsync(some.Count, cancellationToken).ConfigureAwait(false);
            await _batches.SendAsync(page.Primary.Keys, some, cancellationToken).ConfigureAwait(false);
        }
    }
}
