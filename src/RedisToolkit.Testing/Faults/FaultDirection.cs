namespace RedisToolkit.Testing;

/// <summary>
/// One direction of a <see cref="FaultProxy"/>: to the server or to the client. It has one behaviour at a time, for all connections; a new one takes the
/// place of the old at once, also on connections that are open.
/// </summary>
public sealed class FaultDirection
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(5);

    private readonly Action<FaultDirection> _halfClose;
    private volatile Fault _fault = new NoFault();
    private long _bytes;

    internal FaultDirection(Action<FaultDirection> halfClose) => _halfClose = halfClose;

    /// <summary>Gets how many bytes have been passed on since the proxy started; what is held, swallowed or cut off does not count.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    internal Fault Fault => _fault;

    /// <summary>Passes bytes on as they come, and lets go what <see cref="Stall"/> held.</summary>
    public void PassThrough() => Set(new NoFault());

    /// <summary>Passes each byte on so much later than it came, in order. Pipelined bytes wait side by side, not one after another.</summary>
    /// <param name="delay">More than 0, up to 5 min.</param>
    public void Delay(TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero || delay > LongestDelay)
            throw new ArgumentOutOfRangeException(nameof(delay), delay, $"The delay is {delay}; it may be more than 0, up to {LongestDelay}. Call PassThrough for none.");
        Set(new DelayFault(delay));
    }

    /// <summary>Holds bytes, and the end of a connection too, until <see cref="PassThrough"/>: a network that has gone silent, and nobody was told.</summary>
    /// <remarks>The sender may go on until the system's buffers are full, some hundred kilobytes.</remarks>
    public void Stall() => Set(new StallFault());

    /// <summary>Reads bytes, and the end of a connection, and throws them away; connections stay open. What was swallowed never arrives: after <see cref="PassThrough"/>
    /// the stream has a gap. To imitate a network that comes back, use <see cref="Stall"/>.</summary>
    public void BlackHole() => Set(new BlackHoleFault());

    /// <summary>Writes every byte by itself, 50 µs after the one before, so that a reader meets frames torn at every place.</summary>
    /// <remarks>About 20,000 bytes a second. A reader that is slower than that still finds several bytes at once.</remarks>
    public void SingleBytes() => Set(new SingleBytesFault());

    /// <summary>Ends a connection after so many bytes, in the middle of a frame if they end there.</summary>
    /// <param name="bytes">0 or more, counted on each connection from now on; 0 ends it when the next byte comes.</param>
    /// <param name="how">How both its sides end. Before a reset, all of the bytes have been written to the receiver's socket.</param>
    /// <param name="connections">How many connections are ended that way, 1 or more; the others, and those after them, pass.</param>
    public void CutAfter(long bytes, ConnectionEnd how = ConnectionEnd.Close, int connections = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(connections, 1);
        if (!Enum.IsDefined(how)) throw new ArgumentOutOfRangeException(nameof(how), how, "how is neither Close nor Reset.");
        Set(new CutFault(bytes, connections, how));
    }

    /// <summary>Turns all bits of one byte round; the bytes before and after it pass.</summary>
    /// <param name="offset">The byte's place, 0 or more, counted on each connection from now on.</param>
    /// <param name="connections">How many connections meet it, 1 or more.</param>
    public void FlipByteAt(long offset, int connections = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfLessThan(connections, 1);
        Set(new FlipFault(offset, connections));
    }

    /// <summary>Ends this direction of every open connection (<c>FIN</c>); the other direction goes on. What comes for the ended direction later is thrown away.</summary>
    public void HalfClose() => _halfClose(this);

    internal void Count(int bytes) => Interlocked.Add(ref _bytes, bytes);

    private void Set(Fault fault) => Interlocked.Exchange(ref _fault, fault).Replace();
}
