using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>What the sweeper says of its work: log lines and metrics. No field, value or secret appears in them.</summary>
internal sealed partial class SweeperReports(ILoggerFactory loggers)
{
    private static readonly Meter Meter = new(RedisToolkitDiagnostics.MeterName, RedisToolkitDiagnostics.Version);
    private static readonly Counter<long> Removed = Meter.CreateCounter<long>("redistoolkit.hash_fields.swept", "{field}", "Fields whose time had run out, and that the sweeper removed.");
    private static readonly Counter<long> Failures = Meter.CreateCounter<long>("redistoolkit.hash_fields.sweep_failures", "{failure}", "Sweeps that ended with an error, and hashes that could not be swept.");
    private readonly ILogger _log = loggers.CreateLogger(RedisToolkitDiagnostics.LogCategory);

    public void Swept(long hashes, long fields, TimeSpan took)
    {
        Removed.Add(fields);
        if (fields > 0) Swept(_log, fields, hashes, (long)took.TotalMilliseconds);
        else NothingSwept(_log, hashes, (long)took.TotalMilliseconds);
    }

    public void HashesFailed(long count, RedisException first)
    {
        Failures.Add(count);
        HashesFailed(_log, count, first.GetType().Name);
    }

    // Not the exception itself, whose text may be anybody's.
    public void Failed(Exception exception, TimeSpan next)
    {
        Failures.Add(1);
        Failed(_log, exception is RedisException ? exception.Message : exception.GetType().Name, next.TotalSeconds);
    }

    public void Idle(TimeSpan lookAgain) => Idle(_log, lookAgain.TotalMinutes);

    public void NotReleased(Exception exception) => NotReleased(_log, exception is RedisException ? exception.Message : exception.GetType().Name);

    [LoggerMessage(1200, LogLevel.Information, "Removed {Fields} fields whose time had run out from {Hashes} hashes in {TookMs} ms")]
    private static partial void Swept(ILogger logger, long fields, long hashes, long tookMs);

    [LoggerMessage(1201, LogLevel.Debug, "Looked at {Hashes} hashes in {TookMs} ms; no field's time had run out")]
    private static partial void NothingSwept(ILogger logger, long hashes, long tookMs);

    [LoggerMessage(1202, LogLevel.Debug, "The server expires hash fields itself, and no deadlines are left beside hashes; looking again in {Minutes} min")]
    private static partial void Idle(ILogger logger, double minutes);

    [LoggerMessage(1203, LogLevel.Warning, "{Hashes} hashes could not be swept, the first because of a {Error}; HashFields.SweepAllAsync names them")]
    private static partial void HashesFailed(ILogger logger, long hashes, string error);

    [LoggerMessage(1204, LogLevel.Warning, "Sweeping hash fields failed: {Cause} Next attempt in {DelaySeconds} s")]
    private static partial void Failed(ILogger logger, string cause, double delaySeconds);

    [LoggerMessage(1205, LogLevel.Debug, "The right to sweep hash fields could not be given back and runs out by itself: {Cause}")]
    private static partial void NotReleased(ILogger logger, string cause);
}
