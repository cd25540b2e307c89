namespace RedisToolkit.Testing;

/// <summary>What happens to bytes in a direction. A fault that only so many connections may meet counts them down.</summary>
internal abstract class Fault
{
    private readonly TaskCompletionSource _replaced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when another fault, or none, has taken its place.</summary>
    internal Task Replaced => _replaced.Task;

    internal void Replace() => _replaced.TrySetResult();
}

/// <summary>Bytes pass as they come.</summary>
internal sealed class NoFault : Fault;

/// <summary>Bytes pass, each a fixed time after it came.</summary>
internal sealed class DelayFault(TimeSpan delay) : Fault
{
    internal TimeSpan Delay { get; } = delay;
}

/// <summary>Bytes are held until the fault is replaced.</summary>
internal sealed class StallFault : Fault;

/// <summary>Bytes are read and thrown away.</summary>
internal sealed class BlackHoleFault : Fault;

/// <summary>Every byte is a write of its own.</summary>
internal sealed class SingleBytesFault : Fault;

/// <summary>A fault at one place of the stream, which so many connections meet.</summary>
internal abstract class PlacedFault(long offset, int connections) : Fault
{
    private int _left = connections;

    /// <summary>The place, in bytes from the first byte of a connection after the fault was set.</summary>
    internal long Offset { get; } = offset;

    /// <summary>Takes one of the connections that may meet the fault.</summary>
    internal bool TryTake() => Interlocked.Decrement(ref _left) >= 0;
}

/// <summary>A connection ends after so many bytes.</summary>
internal sealed class CutFault(long offset, int connections, ConnectionEnd how) : PlacedFault(offset, connections)
{
    internal ConnectionEnd How { get; } = how;
}

/// <summary>All bits of one byte are turned round.</summary>
internal sealed class FlipFault(long offset, int connections) : PlacedFault(offset, connections);
