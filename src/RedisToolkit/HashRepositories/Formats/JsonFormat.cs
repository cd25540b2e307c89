using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization.Metadata;

namespace RedisToolkit;

/// <summary>Anything else as JSON.</summary>
internal sealed class JsonFormat<T>(JsonTypeInfo<T> typeInfo) : HashFieldFormat<T>
{
    private readonly JsonValueSerializer<T> _serializer = new(typeInfo);

    internal override string Expected => $"JSON of a {typeof(T).Name}";

    internal override void Write(T value, IBufferWriter<byte> destination) => _serializer.Serialize(value, destination);

    internal override bool TryRead(ReadOnlySpan<byte> source, [MaybeNullWhen(false)] out T value)
    {
        try
        {
            value = _serializer.Deserialize(source);
            return true;
        }
        catch (Exception)
        {
            // Converters and constructors are user code, and what they say may quote the value. Whoever asked names the field.
            value = default;
            return false;
        }
    }
}
