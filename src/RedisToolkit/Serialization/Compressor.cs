using System.Buffers;
using System.IO.Compression;

namespace RedisToolkit;

/// <summary>Compresses and decompresses whole values.</summary>
internal static class Compressor
{
    // What a sixteenth and more is saved by is worth the time to decompress it.
    private const int LeastSaving = 16;
    private const int BrotliWindow = 22;

    /// <summary>Compresses a value, if that makes it smaller.</summary>
    /// <returns>How many bytes were written, header included; 0 if it does not help.</returns>
    public static int TryCompress(ReadOnlySpan<byte> value, ValueCompression compression, Span<byte> destination)
    {
        int allowed = Math.Min(value.Length - value.Length / LeastSaving, destination.Length);
        if (allowed <= ValueHeader.MostBytes) return 0;
        int header = new ValueHeader(compression.Method, value.Length, ValueHeader.ChecksumOf(value)).Write(destination);
        Span<byte> content = destination[header..allowed];
        int written = compression.Method == CompressionMethod.Brotli ? Brotli(value, compression.Level, content) : Deflate(value, compression.Level, content);
        return written == 0 ? 0 : header + written;
    }

    /// <summary>Decompresses into exactly as many bytes as the header says.</summary>
    /// <returns>Whether it was as long as that.</returns>
    public static bool TryDecompress(ReadOnlySpan<byte> content, CompressionMethod method, Span<byte> destination) => method switch
    {
        CompressionMethod.Brotli => BrotliDecoder.TryDecompress(content, destination, out int written) && written == destination.Length,
        CompressionMethod.Deflate => Inflate(content, destination),
        _ => content.Length == destination.Length && content.TryCopyTo(destination),
    };

    private static int Brotli(ReadOnlySpan<byte> value, CompressionLevel level, Span<byte> destination)
    {
        int quality = level switch
        {
            CompressionLevel.NoCompression => 0,
            CompressionLevel.Fastest => 1,
            CompressionLevel.Optimal => 4,
            _ => 11,
        };
        return BrotliEncoder.TryCompress(value, destination, out int written, quality, BrotliWindow) ? written : 0;
    }

    private static int Deflate(ReadOnlySpan<byte> value, CompressionLevel level, Span<byte> destination)
    {
        // It takes no span: the result goes over memory of its own, which grows no longer than is of use.
        var written = new BoundedStream(destination.Length);
        try
        {
            using (var deflate = new DeflateStream(written, level, leaveOpen: true)) deflate.Write(value);
            return written.TryCopyTo(destination);
        }
        finally
        {
            written.Dispose();
        }
    }

    private static bool Inflate(ReadOnlySpan<byte> content, Span<byte> destination)
    {
        byte[] copy = ArrayPool<byte>.Shared.Rent(content.Length);
        try
        {
            content.CopyTo(copy);
            using var source = new MemoryStream(copy, 0, content.Length, writable: false);
            using var inflate = new DeflateStream(source, CompressionMode.Decompress);
            if (inflate.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false) != destination.Length) return false;
            Span<byte> beyond = stackalloc byte[1];
            return inflate.Read(beyond) == 0;
        }
        catch (InvalidDataException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }
}
