using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace RedisToolkit.Client.Tests.Diagnostics;

/// <summary>Tests that listen to what the whole process measures: one at a time, and not beside others.</summary>
[CollectionDefinition(nameof(ProcessWide), DisableParallelization = true)]
public sealed class ProcessWide;

/// <summary>One measurement, with its attributes.</summary>
internal sealed record Measured(string Instrument, string? Unit, double Value, IReadOnlyDictionary<string, object?> Tags)
{
    public object? this[string tag] => Tags.GetValueOrDefault(tag);

    public override string ToString() => $"{Instrument} {Value} {Unit} {string.Join(", ", Tags.Select(tag => $"{tag.Key}={tag.Value}"))}";
}

/// <summary>Collects what the client's meter measures.</summary>
internal sealed class MeterProbe : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<Measured> _measured = new();

    public MeterProbe()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == RedisDiagnostics.MeterName) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public IReadOnlyList<Measured> All => [.. _measured];

    public IReadOnlyList<Measured> Of(string instrument, int port) => [.. _measured.Where(m => m.Instrument == instrument && port.Equals(m["server.port"]))];

    /// <summary>Reads the instruments that are read.</summary>
    public IReadOnlyList<Measured> Observe(string instrument, int port)
    {
        _measured.Clear();
        _listener.RecordObservableInstruments();
        return Of(instrument, port);
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measured.Enqueue(new Measured(instrument.Name, instrument.Unit, value, new Dictionary<string, object?>(tags.ToArray())));
}

/// <summary>Collects the client's spans.</summary>
internal sealed class ActivityProbe : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly ConcurrentQueue<Activity> _stopped = new();

    public ActivityProbe()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == RedisDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _stopped.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IReadOnlyList<Activity> All => [.. _stopped];

    public Activity Single(string name) => Assert.Single(_stopped, activity => activity.DisplayName == name);

    public void Dispose() => _listener.Dispose();
}

/// <summary>Collects log lines.</summary>
internal sealed class LogProbe : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<(int Id, LogLevel Level, string Text, IReadOnlyDictionary<string, object?> Fields)> _lines = new();

    public IReadOnlyList<(int Id, LogLevel Level, string Text, IReadOnlyDictionary<string, object?> Fields)> Lines => [.. _lines];

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var fields = state as IEnumerable<KeyValuePair<string, object?>> ?? [];
        _lines.Enqueue((eventId.Id, logLevel, formatter(state, exception) + exception, new Dictionary<string, object?>(fields)));
    }

    /// <summary>Waits for a line.</summary>
    public async Task<IReadOnlyDictionary<string, object?>> WaitForAsync(int id)
    {
        await Until.TrueAsync(() => _lines.Any(line => line.Id == id), () => $"Line {id} was not logged, only: {string.Join("; ", _lines.Select(line => line.Text))}");
        return _lines.First(line => line.Id == id).Fields;
    }

    public void Dispose()
    {
    }
}

/// <summary>Waits on conditions, with a bound that only a hang meets.</summary>
internal static class Until
{
    public static async Task TrueAsync(Func<bool> condition, Func<string>? otherwise = null)
    {
        var since = Stopwatch.StartNew();
        while (!condition())
        {
            if (since.Elapsed > TimeSpan.FromSeconds(30)) Assert.Fail(otherwise?.Invoke() ?? "The condition did not become true in 30 s.");
            await Task.Delay(5);
        }
    }
}
