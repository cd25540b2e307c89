using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace RedisToolkit;

/// <summary>JSON in UTF-8, by System.Text.Json.</summary>
internal sealed class JsonValueSerializer<T> : IValueSerializer<T>
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    // A writer belongs to the serializer that made it, since the settings are fixed in it.
    [ThreadStatic]
    private static (JsonValueSerializer<T> Owner, Utf8JsonWriter Writer)? s_unused;

    private readonly JsonTypeInfo<T> _typeInfo;
    private readonly JsonWriterOptions _writing;

    public JsonValueSerializer(JsonTypeInfo<T> typeInfo)
    {
        ArgumentNullException.ThrowIfNull(typeInfo);
        JsonSerializerOptions options = typeInfo.Options;
        _typeInfo = typeInfo;
        _writing = new JsonWriterOptions
        {
            Encoder = options.Encoder,
            Indented = options.WriteIndented,
            IndentCharacter = options.IndentCharacter,
            IndentSize = options.IndentSize,
            NewLine = options.NewLine,
            MaxDepth = options.MaxDepth,
            SkipValidation = true,
        };
    }

    public void Serialize(T value, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        // A converter may use this serializer while it runs: it then finds none and makes its own.
        Utf8JsonWriter? writer = s_unused is { } unused && ReferenceEquals(unused.Owner, this) ? unused.Writer : null;
        s_unused = null;
        if (writer is null) writer = new Utf8JsonWriter(destination, _writing);
        else writer.Reset(destination);
        JsonSerializer.Serialize(writer, value, _typeInfo);
        writer.Flush();
        // One in which writing has failed is not kept; one that is kept keeps nobody's buffer.
        writer.Reset(Stream.Null);
        s_unused = (this, writer);
    }

    public T Deserialize(ReadOnlySpan<byte> source)
    {
        // Others may have written one; it is no part of JSON.
        if (source.StartsWith(ByteOrderMark)) source = source[ByteOrderMark.Length..];
        try
        {
            return JsonSerializer.Deserialize(source, _typeInfo) ?? throw new RedisValueException($"it is the JSON null, which is no {typeof(T).Name}");
        }
        catch (JsonException exception)
        {
            // The text of the inner error may quote the value.
            throw new RedisValueException($"it is no JSON of a {typeof(T).Name} (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1})");
        }
    }
}
