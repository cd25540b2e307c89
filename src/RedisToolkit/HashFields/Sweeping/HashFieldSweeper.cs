using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>
/// Sweeps all hashes now and then for as long as the host runs. Of several instances one does it: the one that holds the lease, which it
/// prolongs until after its next sweep. When it dies, another one takes over once the lease has run out; until then expired fields take
/// up memory, and nobody reads them.
/// </summary>
internal sealed class HashFieldSweeper(HashFields fields, HashFieldSweeperOptions options, ILoggerFactory loggers, TimeProvider time) : BackgroundService
{
    internal static readonly TimeSpan Spare = TimeSpan.FromSeconds(30);
    internal static readonly TimeSpan LookAgain = TimeSpan.FromHours(1);
    private const double Jitter = 0.2;
    private static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(1);
    private readonly SweepLease _lease = new(fields.Redis, options.LeaseKey);
    private readonly SweeperReports _reports = new(loggers);
    private long? _idleSince;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // Instances that are started together do not all ask at once.
            await Task.Delay(options.Interval * Random.Shared.NextDouble(), time, stoppingToken).ConfigureAwait(false);
            while (true)
            {
                TimeSpan rest = options.Interval * (1 - Jitter + (2 * Jitter * Random.Shared.NextDouble()));
                await TryRunAsync(rest, stoppingToken).ConfigureAwait(false);
                await Task.Delay(rest, time, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // That is how it ends.
        }

        await ReleaseAsync().ConfigureAwait(false);
    }

    private async ValueTask TryRunAsync(TimeSpan rest, CancellationToken stopping)
    {
        try
        {
            await RunAsync(rest + Spare, stopping).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            // Whatever it was, it must not end the sweeping for good, or the host with it.
            _reports.Failed(exception, rest);
        }
    }

    private async ValueTask RunAsync(TimeSpan lease, CancellationToken stopping)
    {
        if (!await _lease.TakeAsync(lease, stopping).ConfigureAwait(false)) return;
        bool serverExpires = await fields.ServerExpiresFieldsAsync(stopping).ConfigureAwait(false);
        if (serverExpires && _idleSince is { } since && time.GetElapsedTime(since) < LookAgain) return;
        _idleSince = null;
        long began = time.GetTimestamp(), leased = began;
        var pace = new Pace(options.StepsPerSecond, time);
        bool isOurs = true;
        long found = 0, removed = 0, failed = 0;
        RedisException? first = null;
        await foreach (HashSweep hash in fields.SweepAllAsync(MayStepAsync, stopping).ConfigureAwait(false))
        {
            found++;
            removed += hash.Removed;
            if (hash.Error is null) continue;
            failed++;
            first ??= hash.Error;
        }

        _reports.Swept(found, removed, time.GetElapsedTime(began));
        if (first is not null) _reports.HashesFailed(failed, first);
        if (!isOurs) return;
        _ = await _lease.TakeAsync(lease, stopping).ConfigureAwait(false);
        if (!serverExpires || found > 0) return;
        _idleSince = time.GetTimestamp();
        _reports.Idle(LookAgain);

        async ValueTask<bool> MayStepAsync(CancellationToken cancellationToken)
        {
            await pace.WaitAsync(1, cancellationToken).ConfigureAwait(false);
            if (time.GetElapsedTime(leased) < Spare / 3) return true;
            leased = time.GetTimestamp();
            // After a long standstill somebody else may be sweeping by now.
            return isOurs = await _lease.TakeAsync(lease, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask ReleaseAsync()
    {
        using var timeout = new CancellationTokenSource(ReleaseTimeout, time);
        try
        {
            await _lease.ReleaseAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // It runs out by itself.
            _reports.NotReleased(exception);
        }
    }
}
