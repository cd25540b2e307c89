using System.Buffers;
using System.Collections.Concurrent;

namespace RedisToolkit;

/// <summary>
/// Bytes of a value on its way to the server, in memory from a pool. It is given back only by whoever knows that nobody looks at it any
/// more: after the reply. A command that was cancelled, or failed, may still be about to be sent; then it is left to the garbage collector.
/// </summary>
internal sealed class PooledBufferWriter : IBufferWriter<byte>
{
    private const int MostKept = 256;
    private const int LeastBytes = 1024;
    private const int MostBytesKept = 64 * 1024;
    private static readonly ConcurrentQueue<PooledBufferWriter> Unused = new();
    private static int s_unused;
    private byte[] _bytes = [];
    private int _length;
    private int _mostBytes;

    private PooledBufferWriter()
    {
    }

    public int Length => _length;

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, _length);

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <param name="mostBytes">How many bytes may be written; more are refused while they are written, not when they have filled the memory.</param>
    public static PooledBufferWriter Rent(int mostBytes)
    {
        if (Unused.TryDequeue(out PooledBufferWriter? writer)) Interlocked.Decrement(ref s_unused);
        else writer = new PooledBufferWriter();
        writer._mostBytes = mostBytes;
        return writer;
    }

    /// <summary>Gives the memory back. Only once, and only if nobody looks at it any more.</summary>
    public void Return()
    {
        _length = 0;
        if (_bytes.Length > MostBytesKept)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }

        if (Interlocked.Increment(ref s_unused) <= MostKept) Unused.Enqueue(this);
        else Interlocked.Decrement(ref s_unused);
    }

    public void Truncate(int length) => _length = length;

    /// <exception cref="ArgumentException">These are more than allowed.</exception>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count > _bytes.Length - _length) throw new ArgumentOutOfRangeException(nameof(count), count, "More bytes were written than there was room for.");
        if (count > _mostBytes - _length) throw ValueLimits.TooLong(_mostBytes);
        _length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(_length);
    }

    private void Reserve(int sizeHint)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        int wanted = Math.Max(sizeHint, 1);
        if (wanted <= _bytes.Length - _length) return;
        long least = (long)_length + wanted;
        // A serializer may ask for up to three times what it then writes.
        if (least / 4 > _mostBytes || least > Array.MaxLength) throw ValueLimits.TooLong(_mostBytes);
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(Math.Max(least, _bytes.Length * 2L), LeastBytes), Array.MaxLength));
        Written.CopyTo(larger);
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
