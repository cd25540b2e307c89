using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace RedisToolkit;

/// <summary>How values of a type are spelled in a field of a hash. Generated code takes them from <see cref="HashFieldFormats"/>.</summary>
/// <typeparam name="T">The type.</typeparam>
public abstract class HashFieldFormat<T>
{
    private protected HashFieldFormat()
    {
    }

    /// <summary>What a field has to hold, for the message about one that does not: "a number of the type Int32".</summary>
    internal abstract string Expected { get; }

    internal abstract void Write(T value, IBufferWriter<byte> destination);

    internal abstract bool TryRead(ReadOnlySpan<byte> source, [MaybeNullWhen(false)] out T value);
}
