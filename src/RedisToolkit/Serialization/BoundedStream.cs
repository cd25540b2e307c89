using System.Buffers;

namespace RedisToolkit;

/// <summary>Keeps what is written to it up to a bound, in pooled memory. What goes beyond is counted, not kept.</summary>
internal sealed class BoundedStream(int mostBytes) : Stream
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(mostBytes);
    private long _length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    /// <returns>How many bytes were written; 0 if they were more than the bound.</returns>
    public int TryCopyTo(Span<byte> destination)
    {
        if (_length > mostBytes) return 0;
        _bytes.AsSpan(0, (int)_length).CopyTo(destination);
        return (int)_length;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_length + buffer.Length <= mostBytes) buffer.CopyTo(_bytes.AsSpan((int)_length));
        _length += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        byte[] bytes = Interlocked.Exchange(ref _bytes, []);
        if (bytes.Length > 0) ArrayPool<byte>.Shared.Return(bytes);
        base.Dispose(disposing);
    }
}
