using System.Buffers;
using System.Runtime.CompilerServices;

namespace RedisToolkit.Client;

/// <summary>
/// Finds where a reply ends, in one pass over its bytes however they are split: what was scanned once is not looked at again.
/// It reads no value; a <see cref="RespReader"/> does that once the whole reply is there, so a fault while reading values
/// can never lose the boundary to the next reply.
/// </summary>
internal sealed class RespScanner(RespLimits limits)
{
    private static readonly SearchValues<byte> Prefixes = SearchValues.Create("+-:$*_#,(!=%~|>."u8);
    // One entry for each aggregate that is open. Remaining counts elements still to come; a streamed aggregate, whose
    // length is not announced, counts them downwards from zero.
    // A string of the longest length allowed comes with a header and a CRLF.
    private const int HeaderRoom = 32;
    private readonly Level[] _levels = new Level[limits.MaxDepth];
    private int _depth;
    private int _position;
    private int _lineScanned;
    private int _bulkEnd;
    private bool _inStreamedString;
    private bool _verbatim;
    // An attribute has ended, and what it describes has not begun.
    private bool _described;

    private struct Level
    {
        public long Remaining;
        public bool Streamed;
        public bool Pairs;
        public bool IsAttribute;
    }

    /// <summary>
    /// Gets how many bytes the reply has at the least, as far as is known: of a reply that is one string of a known length, all.
    /// A part of a streamed string does not count, since its length is not that of the string.
    /// </summary>
    public int LeastLength => _inStreamedString ? _position + 1 : Math.Max(_bulkEnd, _position + 1);

    /// <summary>Forgets what was scanned: the rest of this reply is taken off the wire by somebody else.</summary>
    public void Reset()
    {
        _depth = 0;
        _position = 0;
        _lineScanned = 0;
        _bulkEnd = 0;
        _inStreamedString = false;
        _verbatim = false;
        _described = false;
    }

    /// <summary>Looks for the end of the reply that begins at the start of <paramref name="buffer"/>.</summary>
    /// <param name="buffer">All bytes of this reply received until now, from its first byte.</param>
    /// <param name="length">The reply's length when it is whole.</param>
    /// <returns>Whether the reply is whole. If not, call again with more bytes behind the same ones.</returns>
    /// <exception cref="RedisProtocolException">The bytes are no RESP, or pass a limit. The connection cannot be used any more.</exception>
    public bool TryScan(ReadOnlySpan<byte> buffer, out int length)
    {
        if ((_position | _lineScanned | _bulkEnd) == 0 && TryScanShortString(buffer, out length)) return true;
        while (true)
        {
            if (_bulkEnd != 0)
            {
                if (buffer.Length < _bulkEnd) return NeedMore(buffer, out length);
                if (buffer[_bulkEnd - 2] != '\r' || buffer[_bulkEnd - 1] != '\n')
                    throw RedisProtocolException.At(_bulkEnd - 2, "a string does not end with CRLF where its length says");
                if (_verbatim) EndVerbatim(buffer[_position..]);
                _position = _bulkEnd;
                _bulkEnd = 0;
                if (!_inStreamedString && ElementDone()) return Done(out length);
                continue;
            }

            if (!TryFindLine(buffer, out ReadOnlySpan<byte> line)) return NeedMore(buffer, out length);
            if (Take(line)) return Done(out length);
            if (_position > limits.MaxBytes) throw TooLong(_position);
        }
    }

    // What most replies are: a string whose length has few digits, all of it there. Anything else takes the long way.
    private bool TryScanShortString(ReadOnlySpan<byte> buffer, out int length)
    {
        length = 0;
        if (buffer.Length < 5 || buffer[0] != RespPrefix.BulkString) return false;
        int bytes = 0;
        int at = 1;
        while (at < 6 && at < buffer.Length)
        {
            uint digit = (uint)(buffer[at] - '0');
            if (digit > 9) break;
            bytes = bytes * 10 + (int)digit;
            at++;
        }

        int end = at + 2 + bytes;
        if (at == 1 || bytes > limits.MaxBytes || (uint)(end + 1) >= (uint)buffer.Length) return false;
        if (buffer[at] != '\r' || buffer[at + 1] != '\n' || buffer[end] != '\r' || buffer[end + 1] != '\n') return false;
        length = end + 2;
        return true;
    }

    // The whole buffer belongs to this reply. The receive buffer grows no further than a reply may.
    private bool NeedMore(ReadOnlySpan<byte> buffer, out int length)
    {
        if (buffer.Length > limits.MaxBytes + (long)HeaderRoom) throw TooLong(buffer.Length);
        length = 0;
        return false;
    }

    private bool Done(out int length)
    {
        length = _position;
        _position = 0;
        _lineScanned = 0;
        _described = false;
        return true;
    }

    // The line without its CRLF; moves behind it.
    private bool TryFindLine(ReadOnlySpan<byte> buffer, out ReadOnlySpan<byte> line)
    {
        int from = Math.Max(_position, _lineScanned);
        int cr = buffer[Math.Min(from, buffer.Length)..].IndexOf((byte)'\r');
        if (cr < 0)
        {
            // Whatever speaks no RESP is told at its first byte; it may never send a line.
            if (buffer.Length > _position) RequireKnown(buffer[_position]);
            _lineScanned = buffer.Length;
            if (buffer.Length - _position > RespLimits.MaxLineBytes) throw LineTooLong();
            line = default;
            return false;
        }

        cr += from;
        if (cr - _position > RespLimits.MaxLineBytes) throw LineTooLong();
        if (cr + 1 >= buffer.Length)
        {
            _lineScanned = cr;
            line = default;
            return false;
        }

        if (buffer[cr + 1] != '\n') throw RedisProtocolException.At(cr, "a carriage return is not followed by a line feed");
        if (cr == _position) throw RedisProtocolException.At(cr, "an empty line stands where an element should begin");
        line = buffer[_position..cr];
        _position = cr + 2;
        _lineScanned = _position;
        return true;
    }

    // True when the whole reply ends with this line.
    private bool Take(ReadOnlySpan<byte> line)
    {
        byte prefix = line[0];
        ReadOnlySpan<byte> rest = line[1..];
        if (_inStreamedString) return TakeChunk(prefix, rest);

        switch (prefix)
        {
            case RespPrefix.SimpleString:
            case RespPrefix.SimpleError:
                return ElementDone();
            case RespPrefix.Integer:
                if (!RespNumbers.TryParseInt64(rest, out _)) throw Malformed("an integer");
                return ElementDone();
            case RespPrefix.Double:
                if (!RespNumbers.TryParseDouble(rest, out _)) throw Malformed("a double");
                return ElementDone();
            case RespPrefix.BigNumber:
                if (!RespNumbers.IsBigNumber(rest)) throw Malformed("a big number");
                return ElementDone();
            case RespPrefix.Boolean:
                if (rest is not [(byte)'t'] and not [(byte)'f']) throw Malformed("a boolean");
                return ElementDone();
            case RespPrefix.Null:
                if (!rest.IsEmpty) throw Malformed("a null");
                return ElementDone();
            case RespPrefix.BulkString:
            case RespPrefix.BulkError:
            case RespPrefix.Verbatim:
                return BeginBulk(prefix, rest);
            case RespPrefix.Array:
            case RespPrefix.Set:
                return Open(prefix, rest, pairs: false);
            case RespPrefix.Map:
                return Open(prefix, rest, pairs: true);
            case RespPrefix.Attribute:
                return Open(prefix, rest, pairs: true);
            case RespPrefix.Push:
                if (_depth != 0) throw RedisProtocolException.At(_position, "a push stands inside another reply");
                return Open(prefix, rest, pairs: false);
            case RespPrefix.StreamEnd:
                return EndStream(rest);
            default:
                throw UnknownPrefix(_position - line.Length - 2, prefix);
        }
    }

    private void RequireKnown(byte prefix)
    {
        if (_inStreamedString ? prefix != RespPrefix.StreamedChunk : !Prefixes.Contains(prefix)) throw UnknownPrefix(_position, prefix);
    }

    private bool BeginBulk(byte prefix, ReadOnlySpan<byte> rest)
    {
        if (prefix == RespPrefix.BulkString && rest is [(byte)'?'])
        {
            _inStreamedString = true;
            return false;
        }

        if (prefix == RespPrefix.BulkString && rest is [(byte)'-', (byte)'1']) return ElementDone();
        int bytes = Length(rest, limits.MaxBytes, "MaxReplyBytes");
        // "txt:" is part of the announced length.
        if (prefix == RespPrefix.Verbatim && bytes < 4) throw Malformed("a verbatim string");
        _verbatim = prefix == RespPrefix.Verbatim;
        ExpectBytes(bytes);
        return false;
    }

    private void EndVerbatim(ReadOnlySpan<byte> text)
    {
        _verbatim = false;
        if (text[3] != ':') throw Malformed("the format mark of a verbatim string");
    }

    private bool TakeChunk(byte prefix, ReadOnlySpan<byte> rest)
    {
        if (prefix != RespPrefix.StreamedChunk) throw Malformed("a part of a streamed string");
        int bytes = Length(rest, limits.MaxBytes, "MaxReplyBytes");
        if (bytes == 0)
        {
            _inStreamedString = false;
            return ElementDone();
        }

        ExpectBytes(bytes);
        return false;
    }

    private void ExpectBytes(int bytes)
    {
        long end = (long)_position + bytes + 2;
        if (end > Math.Min(limits.MaxBytes + (long)HeaderRoom, Array.MaxLength)) throw TooLong(end);
        _bulkEnd = (int)end;
    }

    private bool Open(byte prefix, ReadOnlySpan<byte> rest, bool pairs)
    {
        bool streamed = rest is [(byte)'?'];
        if (prefix == RespPrefix.Array && rest is [(byte)'-', (byte)'1']) return ElementDone();
        long count = streamed ? 0 : Length(rest, limits.MaxElements, "MaxReplyElements");
        if (prefix == RespPrefix.Push && (streamed || count == 0)) throw Malformed("a push");
        if (pairs) count *= 2;
        bool attribute = prefix == RespPrefix.Attribute;
        if (count == 0 && !streamed)
        {
            if (!attribute) return ElementDone();
            _described = true;
            return false;
        }

        if (_depth == _levels.Length)
            throw RedisProtocolException.At(_position, $"a reply is nested deeper than {_levels.Length} levels; RedisClientOptions.MaxReplyDepth sets the limit");
        _described = false;
        _levels[_depth++] = new Level { Remaining = count, Streamed = streamed, Pairs = pairs, IsAttribute = attribute };
        return false;
    }

    private bool EndStream(ReadOnlySpan<byte> rest)
    {
        if (!rest.IsEmpty || _depth == 0 || !_levels[_depth - 1].Streamed) throw Malformed("the end of a stream");
        if (_levels[_depth - 1].Pairs && (_levels[_depth - 1].Remaining & 1) != 0)
            throw RedisProtocolException.At(_position, "a streamed map ends with a key that has no value");
        if (_described) throw RedisProtocolException.At(_position, "a stream ends with an attribute that describes nothing");
        _described = _levels[--_depth].IsAttribute;
        return !_described && ElementDone();
    }

    // Counts an element as complete, and each aggregate that it completes. True when nothing is open any more.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool ElementDone() => _depth == 0 || CloseLevels();

    private bool CloseLevels()
    {
        _described = false;
        while (_depth > 0)
        {
            ref Level level = ref _levels[_depth - 1];
            level.Remaining--;
            if (level.Streamed)
            {
                if (-level.Remaining > limits.MaxElements)
                    throw RedisProtocolException.At(_position, $"a streamed aggregate has more than the {limits.MaxElements} elements that are allowed; RedisClientOptions.MaxReplyElements sets the limit");
                return false;
            }

            if (level.Remaining > 0) return false;
            _depth--;
            // An attribute is no element: the value that it describes follows.
            if (level.IsAttribute)
            {
                _described = true;
                return false;
            }
        }

        return true;
    }

    private int Length(ReadOnlySpan<byte> digits, int most, string option)
    {
        if (!RespNumbers.TryParseLength(digits, out long value)) throw Malformed("a length");
        if (value > most)
            throw RedisProtocolException.At(_position, $"a length of {value} was announced and {most} are allowed; RedisClientOptions.{option} sets the limit");
        return (int)value;
    }

    private RedisProtocolException Malformed(string what) => RedisProtocolException.At(_position, $"{what} is malformed");

    private static RedisProtocolException UnknownPrefix(int at, byte prefix) => RedisProtocolException.At(at, $"no element begins with the byte 0x{prefix:x2}");

    private RedisProtocolException LineTooLong() => RedisProtocolException.At(_position, $"a line is longer than {RespLimits.MaxLineBytes} bytes");

    private RedisProtocolException TooLong(long bytes) =>
        RedisProtocolException.At(_position, $"a reply of at least {bytes} bytes was announced and {limits.MaxBytes} are allowed; RedisClientOptions.MaxReplyBytes sets the limit");
}
