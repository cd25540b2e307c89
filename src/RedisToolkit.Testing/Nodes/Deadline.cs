using System.Diagnostics;

namespace RedisToolkit.Testing;

/// <summary>A bound on a wait that consists of many small ones.</summary>
internal readonly struct Deadline(TimeSpan bound)
{
    private readonly long _started = Stopwatch.GetTimestamp();

    internal TimeSpan Bound { get; } = bound;

    internal TimeSpan Left => Bound - Stopwatch.GetElapsedTime(_started);

    internal bool IsOver => Left <= TimeSpan.Zero;
}
