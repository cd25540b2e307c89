using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace RedisToolkit;

/// <summary>The serializers that come with the package.</summary>
public static class ValueSerializers
{
    /// <summary>Gets the one that stores bytes as they are.</summary>
    public static IValueSerializer<byte[]> Bytes { get; } = new BytesSerializer();

    /// <summary>Gets the one that stores text as UTF-8; what is no valid UTF-16, or no valid UTF-8, is refused rather than changed.</summary>
    public static IValueSerializer<string> Text { get; } = new TextSerializer();

    /// <summary>Makes the one for JSON whose code was generated when the application was built: no reflection, safe for trimming and native AOT.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="typeInfo">What a <c>JsonSerializerContext</c> has for the type: <c>AppJson.Default.User</c>.</param>
    /// <returns>The serializer.</returns>
    public static IValueSerializer<T> Json<T>(JsonTypeInfo<T> typeInfo) => new JsonValueSerializer<T>(typeInfo);

    /// <summary>Makes the one for JSON that looks at the type by reflection.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="options">How JSON is written and read; null for <see cref="JsonSerializerOptions.Web"/>: camel case, case ignored when reading. They cannot be changed from then on.</param>
    /// <returns>The serializer.</returns>
    [RequiresUnreferencedCode("Members of the type that only JSON uses may be trimmed away. Pass the JsonTypeInfo<T> of a JsonSerializerContext.")]
    [RequiresDynamicCode("The type's converters are made when the application runs. Pass the JsonTypeInfo<T> of a JsonSerializerContext.")]
    public static IValueSerializer<T> Json<T>(JsonSerializerOptions? options = null)
    {
        options ??= JsonSerializerOptions.Web;
        // As JsonSerializer does when it first uses them.
        options.MakeReadOnly(populateMissingResolver: true);
        return new JsonValueSerializer<T>((JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)));
    }

    /// <summary>Puts compression over a serializer. Values that were stored without it, or with other settings, stay readable.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="serializer">The serializer.</param>
    /// <param name="compression">When and how; null for Brotli with its defaults.</param>
    /// <returns>The serializer with compression.</returns>
    /// <exception cref="Client.RedisOptionsException">A setting is out of its range.</exception>
    public static IValueSerializer<T> Compressed<T>(this IValueSerializer<T> serializer, ValueCompression? compression = null) =>
        new CompressedSerializer<T>(serializer, compression ?? ValueCompression.Brotli);
}
