using System.Buffers;

namespace RedisToolkit;

/// <summary>Turns values into the bytes that a key holds, and back. Safe for any number of callers at once.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
/// <remarks><see cref="ValueSerializers"/> has those for JSON, bytes and text; implement this for any other format.</remarks>
public interface IValueSerializer<T>
{
    /// <summary>Writes a value.</summary>
    /// <param name="value">The value; never null.</param>
    /// <param name="destination">Where its bytes go.</param>
    void Serialize(T value, IBufferWriter<byte> destination);

    /// <summary>Reads a value.</summary>
    /// <param name="source">
    /// Its bytes, all of them, in memory that is gone when this returns: often the receive buffer itself. It must not block; callers
    /// may be waiting for replies behind this one.
    /// </param>
    /// <returns>The value; null is an error, since a key either holds a value or does not exist.</returns>
    /// <remarks>Whatever it throws becomes a <see cref="RedisValueException"/> that names the key, without the text of the inner error, which might quote the value.</remarks>
    T Deserialize(ReadOnlySpan<byte> source);
}
