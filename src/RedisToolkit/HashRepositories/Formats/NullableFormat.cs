using System.Buffers;

namespace RedisToolkit;

/// <summary>The same spelling, for a value that may be missing; null is never written.</summary>
internal sealed class NullableFormat<T>(HashFieldFormat<T> format) : HashFieldFormat<T?>
    where T : struct
{
    internal override string Expected => format.Expected;

    internal override void Write(T? value, IBufferWriter<byte> destination) => format.Write(value.GetValueOrDefault(), destination);

    internal override bool TryRead(ReadOnlySpan<byte> source, out T? value)
    {
        bool isOne = format.TryRead(source, out T read);
        value = isOne ? read : null;
        return isOne;
    }
}
