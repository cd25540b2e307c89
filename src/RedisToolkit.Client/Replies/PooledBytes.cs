using System.Buffers;
using System.Collections.Concurrent;
using System.Numerics;

namespace RedisToolkit.Client;

/// <summary>
/// A reply's bytes in memory borrowed from a pool: reading it allocates nothing. Dispose it when done, and keep no reference
/// to its memory after that. One that is never disposed is left to the garbage collector and only costs its reuse.
/// </summary>
/// <remarks>Copies of this value share the same memory; disposing one of them ends all, and disposing twice does nothing.</remarks>
public readonly struct PooledBytes : IMemoryOwner<byte>, IEquatable<PooledBytes>
{
    private readonly Lease? _lease;
    private readonly int _ticket;

    private PooledBytes(Lease lease)
    {
        _lease = lease;
        _ticket = lease.Ticket;
    }

    /// <summary>Gets a value indicating whether the reply was absent. An absent reply has no bytes and needs no disposal.</summary>
    public bool IsNull => _lease is null;

    /// <summary>Gets the number of bytes; 0 if the reply was absent.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public int Length => Span.Length;

    /// <summary>Gets the bytes.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public ReadOnlyMemory<byte> Memory => Writable;

    /// <summary>Gets the bytes.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public ReadOnlySpan<byte> Span => Writable.Span;

    Memory<byte> IMemoryOwner<byte>.Memory => Writable;

    private Memory<byte> Writable => _lease is null ? default : _lease.Read(_ticket);

    /// <summary>Compares by the memory that is shared, not by its content.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">Another.</param>
    /// <returns>Whether both are the same reply.</returns>
    public static bool operator ==(PooledBytes left, PooledBytes right) => left.Equals(right);

    /// <summary>Compares by the memory that is shared, not by its content.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">Another.</param>
    /// <returns>Whether they are different replies.</returns>
    public static bool operator !=(PooledBytes left, PooledBytes right) => !left.Equals(right);

    /// <summary>Gives the memory back to the pool.</summary>
    public void Dispose() => _lease?.Return(_ticket);

    /// <inheritdoc/>
    public bool Equals(PooledBytes other) => ReferenceEquals(_lease, other._lease) && _ticket == other._ticket;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PooledBytes other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_lease, _ticket);

    internal static PooledBytes Copy(ReadOnlySpan<byte> bytes)
    {
        Lease lease = Lease.Rent(bytes.Length);
        bytes.CopyTo(lease.Read(lease.Ticket).Span);
        return new PooledBytes(lease);
    }

    internal sealed class Lease
    {
        // Enough for the replies in use at one time; more are left to the garbage collector.
        private const int MostKept = 4096;
        // Short replies come in rounds of many, of which the shared pool keeps only a few tens: a lease keeps a short array itself.
        private const int ShortBytes = 2048;
        private const int LeastBytes = 128;
        private static readonly ConcurrentQueue<Lease> Kept = new();
        private static int s_kept;
        private byte[] _array = [];
        private int _length;
        private int _ticket;

        // Rises when the memory is given back, so that a copy which outlived it can tell that it is no longer its own.
        public int Ticket => Volatile.Read(ref _ticket);

        public static Lease Rent(int length)
        {
            if (Kept.TryDequeue(out Lease? lease)) Interlocked.Decrement(ref s_kept);
            else lease = new Lease();
            if (length > ShortBytes) lease._array = ArrayPool<byte>.Shared.Rent(length);
            else if (length > lease._array.Length) lease._array = GC.AllocateUninitializedArray<byte>((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(length, LeastBytes)));
            lease._length = length;
            return lease;
        }

        public PooledBytes Value => new(this);

        public Memory<byte> Read(int ticket)
        {
            byte[] array = Volatile.Read(ref _array);
            int length = Volatile.Read(ref _length);
            // Compared last: if it is still ours now, so was the memory when it was looked up.
            if (ticket != Ticket) throw new ObjectDisposedException(nameof(PooledBytes), "These pooled bytes were given back. Copy what is needed before disposing them.");
            return array.AsMemory(0, length);
        }

        public void Return(int ticket)
        {
            if (Interlocked.CompareExchange(ref _ticket, unchecked(ticket + 1), ticket) != ticket) return;
            byte[] array = _array;
            if (array.Length > ShortBytes)
            {
                _array = [];
                ArrayPool<byte>.Shared.Return(array);
            }

            if (Interlocked.Increment(ref s_kept) <= MostKept) Kept.Enqueue(this);
            else Interlocked.Decrement(ref s_kept);
        }
    }
}
