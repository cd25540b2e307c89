using System.Buffers;

namespace RedisToolkit;

internal sealed class BytesSerializer : IValueSerializer<byte[]>
{
    public void Serialize(byte[] value, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(destination);
        destination.Write(value);
    }

    public byte[] Deserialize(ReadOnlySpan<byte> source) => source.ToArray();
}
