using System.Buffers;
using System.Diagnostics;
using System.Threading.Channels;

namespace RedisToolkit.Testing;

/// <summary>Bytes that wait for their time, side by side: what came in first goes out first, each so much later than it came.</summary>
internal sealed class DelayLine
{
    private const int MostChunks = 256; // of at most 64 KB each; beyond that the sender is slowed down, as by a full network

    private readonly Channel<(byte[] Buffer, int Length, long Due)> _waiting =
        Channel.CreateBounded<(byte[] Buffer, int Length, long Due)>(new BoundedChannelOptions(MostChunks) { SingleReader = true, SingleWriter = true });

    private readonly Task _sending;

    internal DelayLine(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> send, CancellationToken cancellationToken) =>
        _sending = SendAllAsync(send, cancellationToken);

    /// <summary>Puts a copy of the bytes in line.</summary>
    /// <returns>False if sending has failed: the connection is broken.</returns>
    internal async ValueTask<bool> AddAsync(ReadOnlyMemory<byte> bytes, TimeSpan delay, CancellationToken cancellationToken)
    {
        byte[] copy = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(copy);
        long due = Stopwatch.GetTimestamp() + (long)(delay.TotalSeconds * Stopwatch.Frequency);
        try
        {
            await _waiting.Writer.WriteAsync((copy, bytes.Length, due), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (ChannelClosedException)
        {
            return false;
        }
    }

    /// <summary>Waits until all that is in line has been sent. Nothing can be put in line afterwards.</summary>
    internal Task DrainAsync()
    {
        _waiting.Writer.TryComplete();
        return _sending;
    }

    /// <summary>Waits until sending has ended, in whatever way: for the end of a connection. Never fails.</summary>
    internal async Task EndAsync()
    {
        _waiting.Writer.TryComplete();
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task SendAllAsync(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> send, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var (buffer, length, due) in _waiting.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                // A timer cuts off parts of a millisecond: rounded up, nothing is early.
                double wait = Math.Ceiling(Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due).TotalMilliseconds);
                if (wait > 0) await Task.Delay(TimeSpan.FromMilliseconds(wait), cancellationToken).ConfigureAwait(false);
                await send(buffer.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
        finally
        {
            _waiting.Writer.TryComplete(); // who adds more learns that it would never be sent
        }
    }
}
