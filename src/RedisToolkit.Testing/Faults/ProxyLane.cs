using System.Diagnostics;
using System.Net.Sockets;

namespace RedisToolkit.Testing;

/// <summary>One direction of one connection: reads on one side, meets the direction's fault, writes on the other.</summary>
internal sealed class ProxyLane(Socket from, Socket to, FaultDirection direction)
{
    private const int BufferSize = 64 * 1024;

    private static readonly TimeSpan BetweenSingleBytes = TimeSpan.FromMicroseconds(50);

    private Fault? _met;
    private long _position;
    private bool _passed;
    private DelayLine? _line;
    private volatile bool _halfClosed;

    internal FaultDirection Direction => direction;

    /// <summary>Runs until the sender has ended, in order or not, or a fault ends the connection.</summary>
    /// <returns>How the connection must end; null if this direction ended in order and the other may go on.</returns>
    internal async Task<ConnectionEnd?> RunAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
        try
        {
            while (true)
            {
                int read;
                try
                {
                    read = await from.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
                }
                catch (SocketException)
                {
                    // The sender reset the connection. A network that is silent does not carry the news.
                    return await NewsArrivesAsync(cancellationToken).ConfigureAwait(false) ? ConnectionEnd.Reset : null;
                }

                if (read == 0) break;
                if (await ForwardAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false) is { } end) return end;
            }

            if (_line is not null) await _line.DrainAsync().ConfigureAwait(false);
            if (await NewsArrivesAsync(cancellationToken).ConfigureAwait(false) && !_halfClosed) to.Shutdown(SocketShutdown.Send);
            return null;
        }
        catch (SocketException) when (!_halfClosed)
        {
            return ConnectionEnd.Reset; // the receiver is gone
        }
        catch (SocketException)
        {
            return null; // it was this direction that was ended, while something was being written
        }
        finally
        {
            if (_line is not null) await _line.EndAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Ends the receiving side now; later bytes have nowhere to go.</summary>
    internal void HalfClose()
    {
        _halfClosed = true;
        try
        {
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The connection has just ended as a whole.
        }
    }

    /// <summary>Waits until whatever was held may go on, for the connection's own end.</summary>
    /// <returns>False if the end is swallowed.</returns>
    private async Task<bool> NewsArrivesAsync(CancellationToken cancellationToken)
    {
        while (direction.Fault is StallFault stall) await stall.Replaced.WaitAsync(cancellationToken).ConfigureAwait(false);
        return direction.Fault is not BlackHoleFault;
    }

    private async ValueTask<ConnectionEnd?> ForwardAsync(Memory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            var fault = direction.Fault;
            if (!ReferenceEquals(fault, _met))
            {
                (_met, _position, _passed) = (fault, 0, false);
                if (_line is not null && fault is not DelayFault)
                {
                    await _line.DrainAsync().ConfigureAwait(false);
                    _line = null;
                }
            }

            switch (fault)
            {
                case StallFault:
                    await fault.Replaced.WaitAsync(cancellationToken).ConfigureAwait(false);
                    continue;
                case BlackHoleFault:
                    return null;
                case DelayFault delayed:
                    _line ??= new DelayLine(SendAsync, cancellationToken);
                    return await _line.AddAsync(bytes, delayed.Delay, cancellationToken).ConfigureAwait(false) ? null : ConnectionEnd.Reset;
                case SingleBytesFault:
                    await SendAsync(bytes[..1], cancellationToken).ConfigureAwait(false);
                    bytes = bytes[1..];
                    await LetReadAsync().ConfigureAwait(false);
                    continue;
                case PlacedFault placed when !_passed:
                    int before = (int)Math.Min(placed.Offset - _position, bytes.Length);
                    await SendAsync(bytes[..before], cancellationToken).ConfigureAwait(false);
                    bytes = bytes[before..];
                    _position += before;
                    if (Meet(placed, bytes) is { } end) return end;
                    continue;
                default:
                    await SendAsync(bytes, cancellationToken).ConfigureAwait(false);
                    return null;
            }
        }

        return null;
    }

    /// <summary>At its place, meets the fault, if it has connections left to meet.</summary>
    private ConnectionEnd? Meet(PlacedFault placed, Memory<byte> next)
    {
        if (_position < placed.Offset || (placed is FlipFault && next.Length == 0)) return null;
        _passed = true;
        if (!placed.TryTake()) return null;
        if (placed is CutFault cut) return cut.How;
        next.Span[0] ^= 0xff;
        return null;
    }

    /// <summary>Gives the receiver, which often runs in this very process, time to read a single byte before the next one joins it.</summary>
    private static async ValueTask LetReadAsync()
    {
        long sent = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(sent) < BetweenSingleBytes) await Task.Yield();
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0 && !_halfClosed)
        {
            int sent = await to.SendAsync(bytes, cancellationToken).ConfigureAwait(false);
            direction.Count(sent);
            bytes = bytes[sent..];
        }
    }
}
