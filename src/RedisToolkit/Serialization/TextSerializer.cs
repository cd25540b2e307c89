using System.Buffers;
using System.Text;

namespace RedisToolkit;

internal sealed class TextSerializer : IValueSerializer<string>
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public void Serialize(string value, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(destination);
        try
        {
            int bytes = Strict.GetByteCount(value);
            if (bytes > 0) destination.Advance(Strict.GetBytes(value, destination.GetSpan(bytes)));
        }
        catch (EncoderFallbackException exception)
        {
            throw new ArgumentException($"The text has half of a surrogate pair at character {exception.Index} and cannot be stored as UTF-8 without changing it. Store such data as bytes.", nameof(value));
        }
    }

    public string Deserialize(ReadOnlySpan<byte> source)
    {
        try
        {
            return Strict.GetString(source);
        }
        catch (DecoderFallbackException exception)
        {
            throw new RedisValueException($"it is no UTF-8 text (byte {exception.Index})");
        }
    }
}
