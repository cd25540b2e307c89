using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;

namespace RedisToolkit.Client;

/// <summary>Bytes on their way to the server. Commands are spelled straight into it; what was spelled in vain is taken back with <see cref="Truncate"/>.</summary>
internal sealed class SendBuffer(int capacity)
{
    public const int UsualCapacity = 64 * 1024;
    // One that large values have made larger is kept while they keep coming, and given up after this many sends without one.
    private const int PatienceInSends = 256;
    private const int MostKept = 16 * 1024 * 1024;
    private const int LongestNumber = 32;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(capacity, pinned: true);
    private int _length;
    private int _sendsBelow;

    public int Length => _length;

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, _length);

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Truncate(int length) => _length = length;

    public void Clear()
    {
        if (_bytes.Length > UsualCapacity) ReconsiderCapacity();
        _length = 0;
    }

    private void ReconsiderCapacity()
    {
        _sendsBelow = _length < _bytes.Length / 4 ? _sendsBelow + 1 : 0;
        if (_sendsBelow < PatienceInSends && _bytes.Length <= MostKept) return;
        _bytes = GC.AllocateUninitializedArray<byte>(UsualCapacity, pinned: true);
        _sendsBelow = 0;
    }

    public void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        _length += bytes.Length;
    }

    /// <summary>Begins a command: how many strings follow, and the first of them, the command's name.</summary>
    public void WriteHeader(int strings, ReadOnlySpan<byte> nameAsBulk)
    {
        Span<byte> free = Reserve(LongestNumber + nameAsBulk.Length);
        free[0] = RespPrefix.Array;
        int used = 1 + FormatLength(free[1..], strings);
        nameAsBulk.CopyTo(free[used..]);
        _length += used + nameAsBulk.Length;
    }

    /// <summary>Writes one argument with its length in front.</summary>
    /// <returns>Where its content starts.</returns>
    /// <exception cref="ArgumentException">It is longer than allowed, or text that is no valid UTF-16.</exception>
    public int WriteArgument(in RedisArgument argument, int mostBytes)
    {
        if (argument.TryGetText(out string? text)) return WriteText(text, mostBytes);
        if (argument.TryGetInt64(out long integer)) return WriteInt64(integer);
        if (argument.TryGetDouble(out double number)) return WriteDouble(number);
        if (argument.IsMissing) throw new ArgumentException("An argument of the command is default(RedisArgument), which is no argument.");
        return WriteBytes(argument.Bytes, mostBytes);
    }

    private int WriteText(string text, int mostBytes)
    {
        int bytes;
        try
        {
            bytes = StrictUtf8.GetByteCount(text);
        }
        catch (EncoderFallbackException exception)
        {
            throw new ArgumentException($"A text argument has half of a surrogate pair at character {exception.Index} and cannot be sent as UTF-8 without changing it. Send such data as bytes.");
        }

        if (bytes > mostBytes) throw TooLong(bytes, mostBytes);
        Span<byte> free = ReserveBulk(bytes, out int header);
        int start = _length + header;
        _ = StrictUtf8.GetBytes(text, free[header..]);
        EndBulk(free, header + bytes);
        return start;
    }

    private int WriteBytes(ReadOnlySpan<byte> value, int mostBytes)
    {
        if (value.Length > mostBytes) throw TooLong(value.Length, mostBytes);
        Span<byte> free = ReserveBulk(value.Length, out int header);
        int start = _length + header;
        value.CopyTo(free[header..]);
        EndBulk(free, header + value.Length);
        return start;
    }

    private int WriteInt64(long value)
    {
        Span<byte> digits = stackalloc byte[LongestNumber];
        _ = Utf8Formatter.TryFormat(value, digits, out int used);
        return WriteBytes(digits[..used], LongestNumber);
    }

    private int WriteDouble(double value)
    {
        if (double.IsInfinity(value)) return WriteBytes(value > 0 ? "inf"u8 : "-inf"u8, LongestNumber);
        Span<byte> digits = stackalloc byte[LongestNumber];
        _ = Utf8Formatter.TryFormat(value, digits, out int used);
        return WriteBytes(digits[..used], LongestNumber);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> ReserveBulk(int bytes, out int header)
    {
        Span<byte> free = Reserve(bytes + LongestNumber);
        free[0] = RespPrefix.BulkString;
        header = 1 + FormatLength(free[1..], bytes);
        return free;
    }

    private void EndBulk(Span<byte> free, int used)
    {
        free[used] = (byte)'\r';
        free[used + 1] = (byte)'\n';
        _length += used + 2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int FormatLength(Span<byte> free, int value)
    {
        int used;
        if ((uint)value < 10)
        {
            free[0] = (byte)('0' + value);
            used = 1;
        }
        else
        {
            _ = Utf8Formatter.TryFormat(value, free, out used);
        }

        free[used] = (byte)'\r';
        free[used + 1] = (byte)'\n';
        return used + 2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Reserve(int bytes)
    {
        if (_bytes.Length - _length < bytes) Grow(bytes);
        return _bytes.AsSpan(_length);
    }

    private void Grow(int bytes)
    {
        long wanted = Math.Max((long)_length + bytes, _bytes.Length * 2L);
        if ((long)_length + bytes > Array.MaxLength) throw new ArgumentException($"The commands to be sent at once have more than {Array.MaxLength} bytes. Send fewer at a time.");
        byte[] larger = GC.AllocateUninitializedArray<byte>((int)Math.Min(wanted, Array.MaxLength), pinned: true);
        Written.CopyTo(larger);
        _bytes = larger;
    }

    private static ArgumentException TooLong(int bytes, int most) =>
        new($"An argument of the command has {bytes} bytes and {most} are allowed; RedisClientOptions.MaxArgumentBytes sets the limit, and the server's 'proto-max-bulk-len' its own.");
}
