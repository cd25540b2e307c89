using System.Buffers;

namespace RedisToolkit;

/// <summary>Compression over any serializer; reads what was written with any settings, and without it.</summary>
internal sealed class CompressedSerializer<T> : IValueSerializer<T>
{
    private readonly IValueSerializer<T> _inner;
    private readonly ValueCompression _compression;

    public CompressedSerializer(IValueSerializer<T> inner, ValueCompression compression)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(compression);
        _inner = inner;
        _compression = compression.Validated();
    }

    public int MaxBytes => _compression.MaxBytes;

    public void Serialize(T value, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        PooledBufferWriter plain = PooledBufferWriter.Rent(_compression.MaxBytes);
        try
        {
            _inner.Serialize(value, plain);
            Store(plain.Written, destination);
        }
        finally
        {
            plain.Return();
        }
    }

    /// <summary>The same where the memory is our own: what is not compressed is not copied.</summary>
    public void Serialize(T value, PooledBufferWriter destination)
    {
        int start = destination.Length;
        _inner.Serialize(value, destination);
        ReadOnlySpan<byte> plain = destination.Written[start..];
        if (!MayBeCompressed(plain) && !ValueHeader.IsAt(plain)) return;
        byte[] stored = ArrayPool<byte>.Shared.Rent(plain.Length + ValueHeader.MostBytes);
        try
        {
            int length = WithHeader(plain, stored);
            if (length == 0) return;
            destination.Truncate(start);
            destination.Write(stored.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(stored);
        }
    }

    public T Deserialize(ReadOnlySpan<byte> source)
    {
        if (!ValueHeader.IsAt(source)) return _inner.Deserialize(source);
        ValueHeader header = ValueHeader.Read(source, out ReadOnlySpan<byte> content);
        if (header.Length > _compression.MaxBytes)
            throw new RedisValueException($"decompressed it would have {header.Length:N0} bytes, and {_compression.MaxBytes:N0} are allowed (MaxValueBytes of the repository, or MaxBytes of ValueCompression)");
        byte[] plain = ArrayPool<byte>.Shared.Rent(header.Length);
        try
        {
            Span<byte> value = plain.AsSpan(0, header.Length);
            if (!Compressor.TryDecompress(content, header.Method, value) || ValueHeader.ChecksumOf(value) != header.Checksum)
                throw new RedisValueException($"its {header.Method} compression is corrupt");
            return _inner.Deserialize(value);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain);
        }
    }

    private bool MayBeCompressed(ReadOnlySpan<byte> plain) => _compression.Method != CompressionMethod.None && plain.Length >= _compression.MinBytes;

    private void Store(ReadOnlySpan<byte> plain, IBufferWriter<byte> destination)
    {
        byte[] stored = ArrayPool<byte>.Shared.Rent(plain.Length + ValueHeader.MostBytes);
        try
        {
            int length = WithHeader(plain, stored);
            destination.Write(length == 0 ? plain : stored.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(stored);
        }
    }

    // 0 if it is to be stored as it is.
    private int WithHeader(ReadOnlySpan<byte> plain, Span<byte> stored)
    {
        int length = MayBeCompressed(plain) ? Compressor.TryCompress(plain, _compression, stored) : 0;
        if (length > 0 || !ValueHeader.IsAt(plain)) return length;
        length = new ValueHeader(CompressionMethod.None, plain.Length, ValueHeader.ChecksumOf(plain)).Write(stored);
        plain.CopyTo(stored[length..]);
        return length + plain.Length;
    }
}
