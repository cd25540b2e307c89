using System.Buffers.Text;
using RedisToolkit.Client;
using Ser = StackExchange.Redis;

namespace RedisToolkit.StackExchangeRedis;

/// <summary>
/// A reply of StackExchange.Redis, spelled once more as the server had sent it, so that every <see cref="ReplyReader{T}"/> reads it
/// unchanged. What its objects do not tell is lost: a status line becomes a string, and what RESP3 says by kinds of its own is read as in RESP2.
/// </summary>
internal sealed class ReplyFrame
{
    private const int MostKept = 1 << 20;
    private const int LongestHeader = 32;

    // A reader is user code, which might read another reply before it has read this one: each has its own.
    [ThreadStatic]
    private static ReplyFrame? s_unused;

    // The classes of results differ from version to version and are not public: they are told apart by what they do, once.
    private static Type? s_single;
    private static Type? s_array;
    private static Type? s_error;
    private byte[] _bytes = new byte[1024];
    private int _length;

    private enum ResultKind
    {
        Single,
        Array,
        Error,
    }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public static ReplyFrame Rent()
    {
        ReplyFrame frame = s_unused ?? new ReplyFrame();
        s_unused = null;
        frame._length = 0;
        return frame;
    }

    public static void Return(ReplyFrame frame)
    {
        if (frame._bytes.Length <= MostKept) s_unused = frame;
    }

    /// <summary>Gets a reply that is one string or number, without spelling it.</summary>
    public static bool TryGetString(Ser.RedisResult result, out Ser.RedisValue value)
    {
        bool isOne = !result.IsNull && KindOf(result) == ResultKind.Single;
        value = isOne ? (Ser.RedisValue)result : default;
        return isOne;
    }

    public void Write(Ser.RedisResult result)
    {
        // Whatever it is: a string, an array, or RESP3's null.
        if (result.IsNull)
        {
            WriteNull();
            return;
        }

        switch (KindOf(result))
        {
            case ResultKind.Single:
                Write((Ser.RedisValue)result);
                break;
            case ResultKind.Array:
                var items = (Ser.RedisResult[])result!;
                WriteHeader(RespPrefix.Array, items.Length);
                foreach (Ser.RedisResult item in items) Write(item);
                break;
            default:
                WriteError(MessageOf(result));
                break;
        }
    }

    public void WriteError(string message)
    {
        byte[] text = System.Text.Encoding.UTF8.GetBytes(message);
        WriteHeader(RespPrefix.BulkError, text.Length);
        WriteTail(text);
    }

    public void WriteNull() => WriteRaw("$-1\r\n"u8);

    public void Write(Ser.RedisValue value)
    {
        if (value.IsNull)
        {
            WriteNull();
        }
        else if (value.IsInteger)
        {
            WriteHeader(RespPrefix.Integer, (long)value);
        }
        else
        {
            Write((byte[])value!);
        }
    }

    public void Write(byte[] text)
    {
        WriteHeader(RespPrefix.BulkString, text.Length);
        WriteTail(text);
    }

    private static ResultKind KindOf(Ser.RedisResult result)
    {
        Type type = result.GetType();
        if (type == s_single) return ResultKind.Single;
        if (type == s_array) return ResultKind.Array;
        if (type == s_error) return ResultKind.Error;
        ResultKind kind = Learn(result);
        switch (kind)
        {
            case ResultKind.Single:
                s_single = type;
                break;
            case ResultKind.Array:
                s_array = type;
                break;
            default:
                s_error = type;
                break;
        }

        return kind;
    }

    private static ResultKind Learn(Ser.RedisResult result)
    {
        try
        {
            _ = (Ser.RedisResult[])result!;
            return ResultKind.Array;
        }
        catch (Ser.RedisServerException)
        {
            return ResultKind.Error;
        }
        catch (InvalidCastException)
        {
            return ResultKind.Single;
        }
    }

    // An error's text comes out only as what a cast throws.
    private static string MessageOf(Ser.RedisResult error)
    {
        try
        {
            _ = (Ser.RedisResult[])error!;
            return string.Empty;
        }
        catch (Ser.RedisServerException exception)
        {
            return exception.Message;
        }
    }

    private void WriteHeader(byte prefix, long number)
    {
        Span<byte> free = Reserve(LongestHeader);
        free[0] = prefix;
        _ = Utf8Formatter.TryFormat(number, free[1..], out int used);
        free[used + 1] = (byte)'\r';
        free[used + 2] = (byte)'\n';
        _length += used + 3;
    }

    private void WriteTail(ReadOnlySpan<byte> bytes)
    {
        Span<byte> free = Reserve(bytes.Length + 2);
        bytes.CopyTo(free);
        free[bytes.Length] = (byte)'\r';
        free[bytes.Length + 1] = (byte)'\n';
        _length += bytes.Length + 2;
    }

    private void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        _length += bytes.Length;
    }

    private Span<byte> Reserve(int bytes)
    {
        if (_bytes.Length - _length < bytes) Grow(bytes);
        return _bytes.AsSpan(_length);
    }

    private void Grow(int bytes)
    {
        long needed = (long)_length + bytes;
        if (needed > Array.MaxLength) throw new RedisReplyException($"The reply has more than {Array.MaxLength} bytes, which is more than one array can hold. Ask for less at a time.");
        Array.Resize(ref _bytes, (int)Math.Min(Math.Max(needed, _bytes.Length * 2L), Array.MaxLength));
    }
}
