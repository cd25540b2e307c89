using System.Text;

namespace RedisToolkit.Client;

/// <summary>
/// Reads the elements of one whole reply, one after the other, straight from the receive buffer. It is given to a
/// <see cref="ReplyReader{T}"/> and is gone when that returns: copy what is to be kept.
/// </summary>
/// <remarks>
/// It reads both protocol versions alike: a RESP2 array of pairs can be read as a map, a string of digits as an integer.
/// Attributes are passed over. A reading method that meets an error element throws it as <see cref="RedisServerException"/>;
/// one that meets another kind than it can read throws <see cref="RedisReplyException"/>.
/// </remarks>
public ref partial struct RespReader
{
    private readonly ReadOnlySpan<byte> _frame;
    private int _position;

    internal RespReader(ReadOnlySpan<byte> frame)
    {
        _frame = frame;
        _position = 0;
    }

    /// <summary>Gets a value indicating whether every element has been read.</summary>
    public bool AtEnd
    {
        get
        {
            SkipStreamEnds();
            return _position >= _frame.Length;
        }
    }

    /// <summary>Gets the kind of the element that comes next.</summary>
    public RespKind NextKind
    {
        get
        {
            SkipAttributes();
            return KindAt(_position);
        }
    }

    /// <summary>Reads a null, if one comes next.</summary>
    /// <returns>Whether there was one.</returns>
    public bool TryReadNull()
    {
        if (NextKind != RespKind.Null) return false;
        _ = ReadLine();
        return true;
    }

    /// <summary>Reads a string as bytes: a bulk string, status line, verbatim string (without its format mark), or the spelling of a number.</summary>
    /// <returns>The bytes, valid until the reader of this reply returns.</returns>
    public ReadOnlySpan<byte> ReadSpan()
    {
        if (TryReadShortString(out ReadOnlySpan<byte> common)) return common;
        RespKind kind = NextKind;
        switch (kind)
        {
            case RespKind.BulkString:
            case RespKind.Verbatim:
                ReadOnlySpan<byte> header = ReadLine();
                if (header is [_, (byte)'?']) return ReadStreamedString();
                ReadOnlySpan<byte> bytes = TakeBulk(header[1..]);
                return kind == RespKind.Verbatim ? bytes[4..] : bytes;
            case RespKind.SimpleString:
            case RespKind.Integer:
            case RespKind.Double:
            case RespKind.BigNumber:
                return ReadLine()[1..];
            default:
                throw Unexpected("a string", kind);
        }
    }

    /// <summary>Reads a string of UTF-8; bytes that are none become U+FFFD.</summary>
    /// <returns>The text, or null if the element is absent.</returns>
    public string? ReadText()
    {
        if (TryReadShortString(out ReadOnlySpan<byte> common)) return Encoding.UTF8.GetString(common);
        return TryReadNull() ? null : Encoding.UTF8.GetString(ReadSpan());
    }

    /// <summary>Reads a string into an array of its own.</summary>
    /// <returns>The bytes, or null if the element is absent.</returns>
    public byte[]? ReadBytes()
    {
        if (TryReadShortString(out ReadOnlySpan<byte> common)) return common.ToArray();
        return TryReadNull() ? null : ReadSpan().ToArray();
    }

    /// <summary>Reads an integer, or a string that spells one, or a boolean as 1 or 0.</summary>
    /// <returns>The number.</returns>
    public long ReadInt64()
    {
        RespKind kind = NextKind;
        if (kind == RespKind.Boolean) return ReadBoolean() ? 1 : 0;
        if (kind is not (RespKind.Integer or RespKind.BulkString or RespKind.SimpleString or RespKind.BigNumber)) throw Unexpected("an integer", kind);
        ReadOnlySpan<byte> text = ReadSpan();
        return RespNumbers.TryParseInt64(text, out long value)
            ? value
            : throw new RedisReplyException($"The reply is a string of {text.Length} bytes that spells no 64-bit integer.");
    }

    /// <summary>Reads a double, or an integer or string that spells one; <c>inf</c>, <c>-inf</c> and <c>nan</c> are known.</summary>
    /// <returns>The number.</returns>
    public double ReadDouble()
    {
        RespKind kind = NextKind;
        if (kind is not (RespKind.Double or RespKind.Integer or RespKind.BulkString or RespKind.SimpleString or RespKind.BigNumber)) throw Unexpected("a double", kind);
        ReadOnlySpan<byte> text = ReadSpan();
        return RespNumbers.TryParseDouble(text, out double value)
            ? value
            : throw new RedisReplyException($"The reply is a string of {text.Length} bytes that spells no double.");
    }

    /// <summary>Reads a boolean: RESP3's, or 1 and 0 as integer or string, or the status <c>OK</c> as true and null as false.</summary>
    /// <returns>The truth value.</returns>
    public bool ReadBoolean()
    {
        RespKind kind = NextKind;
        switch (kind)
        {
            case RespKind.Null:
                _ = ReadLine();
                return false;
            case RespKind.Boolean:
                return ReadLine()[1] == 't';
            case RespKind.Integer:
            case RespKind.BulkString:
            case RespKind.SimpleString:
                ReadOnlySpan<byte> text = ReadSpan();
                if (text.SequenceEqual("1"u8) || text.SequenceEqual("OK"u8)) return true;
                if (text.SequenceEqual("0"u8)) return false;
                throw new RedisReplyException($"The reply is {(kind == RespKind.Integer ? "an integer" : "a string")} that is neither 0, 1 nor OK and so no boolean.");
            default:
                throw Unexpected("a boolean", kind);
        }
    }

    /// <summary>Reads an error without throwing it, if one comes next.</summary>
    /// <param name="error">The error.</param>
    /// <returns>Whether there was one.</returns>
    public bool TryReadError([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out RedisServerException? error)
    {
        error = null;
        if (NextKind != RespKind.Error) return false;
        ReadOnlySpan<byte> header = ReadLine();
        ReadOnlySpan<byte> text = header[0] == RespPrefix.BulkError ? TakeBulk(header[1..]) : header[1..];
        error = RedisServerException.FromReply(Encoding.UTF8.GetString(text));
        return true;
    }

    /// <summary>Begins to read an array, set or push; a map counts as the array of its keys and values.</summary>
    /// <returns>The number of elements that follow, or -1 if the element is absent.</returns>
    public int ReadArrayHeader()
    {
        RespKind kind = NextKind;
        return kind switch
        {
            RespKind.Null => ReadAbsent(),
            RespKind.Array or RespKind.Set or RespKind.Push => ReadCount(),
            RespKind.Map => checked(ReadCount() * 2),
            _ => throw Unexpected("an array", kind),
        };
    }

    /// <summary>Begins to read a map, or an array whose elements are keys and values in turn.</summary>
    /// <returns>The number of pairs that follow, or -1 if the element is absent.</returns>
    public int ReadMapHeader()
    {
        RespKind kind = NextKind;
        switch (kind)
        {
            case RespKind.Null:
                return ReadAbsent();
            case RespKind.Map:
                return ReadCount();
            case RespKind.Array:
            case RespKind.Set:
                int count = ReadCount();
                return (count & 1) == 0 ? count / 2 : throw new RedisReplyException($"The reply is an array of {count} elements where pairs were to be read.");
            default:
                throw Unexpected("a map", kind);
        }
    }

    /// <summary>Reads the next element with all that it holds, whatever it is.</summary>
    /// <returns>The element as a tree.</returns>
    public RedisReply ReadAny() => RedisReply.Read(ref this);

    /// <summary>Passes over the next element and gives it as a frame of its own, attributes included.</summary>
    internal ReadOnlySpan<byte> TakeElement()
    {
        int start = _position;
        SkipWithinStream();
        return _frame[start.._position];
    }

    /// <summary>Throws the error, if one comes next: the server's refusal of this element.</summary>
    internal void ThrowIfError()
    {
        if (TryReadError(out RedisServerException? error)) throw error;
    }

    internal bool TryReadAttributes(out int pairs)
    {
        pairs = 0;
        SkipStreamEnds();
        if (_position >= _frame.Length || _frame[_position] != RespPrefix.Attribute) return false;
        pairs = ReadCount();
        return true;
    }

    internal bool NextIsBigNumber => KindAt(_position) == RespKind.BigNumber;

    // What most elements are: a bulk string whose length has few digits. The scanner has seen that it is whole.
    internal bool TryReadShortString(out ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> rest = _frame[_position..];
        value = default;
        if (rest.Length < 5 || rest[0] != RespPrefix.BulkString) return false;
        int bytes = 0;
        int at = 1;
        while (at < 6 && at < rest.Length)
        {
            uint digit = (uint)(rest[at] - '0');
            if (digit > 9) break;
            bytes = bytes * 10 + (int)digit;
            at++;
        }

        if (at == 1 || rest[at] != '\r') return false;
        value = rest.Slice(at + 2, bytes);
        _position += at + bytes + 4;
        return true;
    }

    private RedisException Unexpected(string expected, RespKind actual)
    {
        if (actual == RespKind.Error && TryReadError(out RedisServerException? error)) return error;
        return RedisReplyException.Shape(expected, actual);
    }

    private int ReadAbsent()
    {
        _ = ReadLine();
        return -1;
    }

    private int ReadCount() => CountOf(ReadLine());

    private int CountOf(ReadOnlySpan<byte> header)
    {
        if (header is [_, (byte)'?'])
        {
            int elements = CountStreamed();
            return header[0] is RespPrefix.Map or RespPrefix.Attribute ? elements / 2 : elements;
        }

        return LengthOf(header[1..]);
    }

    private readonly RespKind KindAt(int position)
    {
        if (position >= _frame.Length) throw new RedisReplyException("The reply has fewer elements than were to be read.");
        switch (_frame[position])
        {
            case RespPrefix.BulkString: return _frame[position + 1] == '-' ? RespKind.Null : RespKind.BulkString;
            case RespPrefix.SimpleString: return RespKind.SimpleString;
            case RespPrefix.Integer: return RespKind.Integer;
            case RespPrefix.Array: return _frame[position + 1] == '-' ? RespKind.Null : RespKind.Array;
            case RespPrefix.Null: return RespKind.Null;
            case RespPrefix.SimpleError or RespPrefix.BulkError: return RespKind.Error;
            case RespPrefix.Boolean: return RespKind.Boolean;
            case RespPrefix.Double: return RespKind.Double;
            case RespPrefix.BigNumber: return RespKind.BigNumber;
            case RespPrefix.Verbatim: return RespKind.Verbatim;
            case RespPrefix.Map: return RespKind.Map;
            case RespPrefix.Set: return RespKind.Set;
            case RespPrefix.Push: return RespKind.Push;
            default: throw new RedisReplyException($"No element begins with the byte 0x{_frame[position]:x2}.");
        }
    }

    // The scanner has seen that the line ends with CRLF.
    private ReadOnlySpan<byte> ReadLine()
    {
        ReadOnlySpan<byte> rest = _frame[_position..];
        int cr = rest.IndexOf((byte)'\r');
        _position += cr + 2;
        return rest[..cr];
    }

    private ReadOnlySpan<byte> TakeBulk(ReadOnlySpan<byte> length)
    {
        int bytes = LengthOf(length);
        ReadOnlySpan<byte> value = _frame.Slice(_position, bytes);
        _position += bytes + 2;
        return value;
    }

    // The scanner has seen that it is a length within the limits.
    private static int LengthOf(ReadOnlySpan<byte> digits) => RespNumbers.TryParseLength(digits, out long length) ? (int)length : 0;
}
