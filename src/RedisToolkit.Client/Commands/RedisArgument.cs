using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace RedisToolkit.Client;

/// <summary>
/// One argument of a command: text, bytes or a number. It is sent with its length in front, so that no content, whatever
/// it is, can end the argument early or begin another one.
/// </summary>
/// <remarks>
/// Bytes are not copied until the command is sent; do not change them before its result is there. Text is sent as UTF-8,
/// and text that is not valid UTF-16 is refused rather than changed.
/// </remarks>
public readonly struct RedisArgument : IEquatable<RedisArgument>
{
    // Marks that tell what _number holds. Anything else in _value is the argument itself: a string, an array of bytes
    // (then _number packs where it starts and its length), or the manager of memory that is no array.
    private static readonly object Int64Mark = new();
    private static readonly object DoubleMark = new();
    private readonly object? _value;
    private readonly long _number;

    private RedisArgument(object value, long number)
    {
        _value = value;
        _number = number;
    }

    /// <summary>Makes an argument of text, sent as UTF-8.</summary>
    /// <param name="text">Any text but null.</param>
    public static implicit operator RedisArgument(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new RedisArgument(text, 0);
    }

    /// <summary>Makes an argument of bytes.</summary>
    /// <param name="bytes">Any bytes, but not null.</param>
    public static implicit operator RedisArgument(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return new RedisArgument(bytes, Pack(0, bytes.Length));
    }

    /// <summary>Makes an argument of bytes.</summary>
    /// <param name="bytes">Any bytes.</param>
    public static implicit operator RedisArgument(ReadOnlyMemory<byte> bytes)
    {
        if (MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> segment))
            return new RedisArgument(segment.Array ?? [], Pack(segment.Offset, segment.Count));
        return MemoryMarshal.TryGetMemoryManager(bytes, out MemoryManager<byte>? manager, out int start, out int length)
            ? new RedisArgument(manager, Pack(start, length))
            : new RedisArgument(bytes.ToArray(), Pack(0, bytes.Length));
    }

    /// <summary>Makes an argument of an integer, sent in decimal digits.</summary>
    /// <param name="number">Any 64-bit integer.</param>
    public static implicit operator RedisArgument(long number) => new(Int64Mark, number);

    /// <summary>Makes an argument of an integer, sent in decimal digits.</summary>
    /// <param name="number">Any 32-bit integer.</param>
    public static implicit operator RedisArgument(int number) => new(Int64Mark, number);

    /// <summary>Makes an argument of a double, sent in the fewest digits that read back as the same number; infinities as <c>inf</c> and <c>-inf</c>.</summary>
    /// <param name="number">Any double but not-a-number.</param>
    public static implicit operator RedisArgument(double number)
    {
        if (double.IsNaN(number)) throw new ArgumentException("Redis takes no NaN as a number.", nameof(number));
        return new RedisArgument(DoubleMark, BitConverter.DoubleToInt64Bits(number));
    }

    /// <summary>Gets a value indicating whether this is the default value, which is no argument.</summary>
    internal bool IsMissing => _value is null;

    // Text with half of a surrogate pair cannot, and equals only the same text.
    internal bool CanBeSent => _value is string text ? IsValidUtf16(text) : _value is not null;

    /// <summary>Compares by what would be sent.</summary>
    /// <param name="left">One argument.</param>
    /// <param name="right">Another.</param>
    /// <returns>Whether both send the same bytes.</returns>
    public static bool operator ==(RedisArgument left, RedisArgument right) => left.Equals(right);

    /// <summary>Compares by what would be sent.</summary>
    /// <param name="left">One argument.</param>
    /// <param name="right">Another.</param>
    /// <returns>Whether they send different bytes.</returns>
    public static bool operator !=(RedisArgument left, RedisArgument right) => !left.Equals(right);

    /// <summary>Makes a copy of the bytes that would be sent.</summary>
    /// <returns>The bytes.</returns>
    /// <exception cref="ArgumentException">It is text that is not valid UTF-16, or <c>default(RedisArgument)</c>.</exception>
    public byte[] ToBytes()
    {
        var buffer = new SendBuffer(64);
        int start = buffer.WriteArgument(this, int.MaxValue);
        return buffer.Written[start..^2].ToArray();
    }

    /// <inheritdoc/>
    public bool Equals(RedisArgument other)
    {
        if (ReferenceEquals(_value, other._value) && _number == other._number) return true;
        if (_value is string text && other._value is string otherText) return string.Equals(text, otherText, StringComparison.Ordinal);
        return CanBeSent && other.CanBeSent && ToBytes().AsSpan().SequenceEqual(other.ToBytes());
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RedisArgument other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        if (CanBeSent) hash.AddBytes(ToBytes());
        else hash.Add(_value as string, StringComparer.Ordinal);
        return hash.ToHashCode();
    }

    /// <summary>Does not show the content, which may be secret; only what kind of argument it is.</summary>
    /// <returns>For example <c>text of 5 characters</c>.</returns>
    public override string ToString() => _value switch
    {
        null => "no argument",
        string text => $"text of {text.Length} characters",
        _ when TryGetInt64(out _) => "an integer",
        _ when TryGetDouble(out _) => "a double",
        _ => $"{unchecked((int)_number)} bytes",
    };

    /// <summary>Gets the array, if the argument is the whole of one.</summary>
    internal byte[]? WholeArray => _value is byte[] array && _number == array.Length ? array : null;

    internal bool TryGetText([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? text)
    {
        text = _value as string;
        return text is not null;
    }

    internal bool TryGetInt64(out long number)
    {
        number = _number;
        return ReferenceEquals(_value, Int64Mark);
    }

    internal bool TryGetDouble(out double number)
    {
        number = BitConverter.Int64BitsToDouble(_number);
        return ReferenceEquals(_value, DoubleMark);
    }

    /// <summary>How many bytes it has, counting one for each character of a text.</summary>
    internal int ApproximateBytes
    {
        get
        {
            const int OfNumber = 20;
            if (_value is string text) return text.Length;
            return ReferenceEquals(_value, Int64Mark) || ReferenceEquals(_value, DoubleMark) ? OfNumber : unchecked((int)_number);
        }
    }

    internal ReadOnlySpan<byte> Bytes
    {
        get
        {
            int start = (int)(_number >> 32);
            int length = unchecked((int)_number);
            return _value switch
            {
                byte[] array => array.AsSpan(start, length),
                MemoryManager<byte> manager => manager.GetSpan().Slice(start, length),
                _ => default,
            };
        }
    }

    private static bool IsValidUtf16(ReadOnlySpan<char> text)
    {
        for (int at = text.IndexOfAnyInRange('\ud800', '\udfff'); at >= 0; at = text.IndexOfAnyInRange('\ud800', '\udfff'))
        {
            if (Rune.DecodeFromUtf16(text[at..], out _, out int used) != OperationStatus.Done) return false;
            text = text[(at + used)..];
        }

        return true;
    }

    private static long Pack(int start, int length) => ((long)start << 32) | (uint)length;
}
