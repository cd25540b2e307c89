using System.Buffers;
using System.Text;

namespace RedisToolkit;

/// <summary>A truth value as 1 or 0. <c>true</c> and <c>false</c>, which others may have written, are read too.</summary>
internal sealed class BooleanFormat : HashFieldFormat<bool>
{
    internal override string Expected => "1 or 0";

    internal override void Write(bool value, IBufferWriter<byte> destination) => destination.Write(value ? "1"u8 : "0"u8);

    internal override bool TryRead(ReadOnlySpan<byte> source, out bool value)
    {
        value = source.SequenceEqual("1"u8) || Ascii.EqualsIgnoreCase(source, "true"u8);
        return value || source.SequenceEqual("0"u8) || Ascii.EqualsIgnoreCase(source, "false"u8);
    }
}

/// <summary>Bytes as they are.</summary>
internal sealed class BytesFormat : HashFieldFormat<byte[]>
{
    internal override string Expected => "bytes";

    internal override void Write(byte[] value, IBufferWriter<byte> destination) => destination.Write(value);

    internal override bool TryRead(ReadOnlySpan<byte> source, out byte[] value)
    {
        value = source.ToArray();
        return true;
    }
}

/// <summary>Bytes as they are.</summary>
internal sealed class MemoryFormat : HashFieldFormat<ReadOnlyMemory<byte>>
{
    internal override string Expected => "bytes";

    internal override void Write(ReadOnlyMemory<byte> value, IBufferWriter<byte> destination) => destination.Write(value.Span);

    internal override bool TryRead(ReadOnlySpan<byte> source, out ReadOnlyMemory<byte> value)
    {
        value = source.ToArray();
        return true;
    }
}
