using RedisToolkit.Client;
using Ser = StackExchange.Redis;

namespace RedisToolkit.StackExchangeRedis;

/// <summary>Hands a reply of StackExchange.Redis to a reader.</summary>
internal static class ReplyReading
{
    // From here on it is worth asking the reader where it wants its bytes, rather than copying them twice.
    private const int LongString = 4 * 1024;

    /// <exception cref="RedisServerException">The reply is an error.</exception>
    /// <exception cref="RedisReplyException">It has another shape than the reader reads.</exception>
    public static T Read<T>(Ser.RedisResult result, ReplyReader<T> reader)
    {
        if (ReplyFrame.TryGetString(result, out Ser.RedisValue text)) return Read(text, reader);
        ReplyFrame frame = ReplyFrame.Rent();
        try
        {
            frame.Write(result);
            var elements = new RespReader(frame.Written);
            elements.ThrowIfError();
            return reader.Read(ref elements);
        }
        finally
        {
            ReplyFrame.Return(frame);
        }
    }

    /// <inheritdoc cref="Read{T}(Ser.RedisResult, ReplyReader{T})"/>
    public static T Read<T>(Ser.RedisValue value, ReplyReader<T> reader)
    {
        byte[]? bytes = value.IsNull || value.IsInteger ? null : (byte[]?)value;
        if (bytes is not null)
        {
            if (reader.TryTake(bytes, out T taken)) return taken;
            if (bytes.Length >= LongString && reader.BeginBulk(bytes.Length, out Memory<byte> memory) is { } bulk)
            {
                bytes.CopyTo(memory);
                return reader.EndBulk(bulk);
            }
        }

        ReplyFrame frame = ReplyFrame.Rent();
        try
        {
            if (bytes is null) frame.Write(value);
            else frame.Write(bytes);
            var elements = new RespReader(frame.Written);
            return reader.Read(ref elements);
        }
        finally
        {
            ReplyFrame.Return(frame);
        }
    }

    /// <summary>Reads the reply to a command that was done, or not.</summary>
    public static T Read<T>(bool done, ReplyReader<T> reader)
    {
        var elements = new RespReader(done ? "+OK\r\n"u8 : "$-1\r\n"u8);
        return reader.Read(ref elements);
    }

    /// <summary>Reads the reply to one command of several into its result.</summary>
    public static void ReadInto(BatchResult into, Ser.RedisResult result)
    {
        ReplyFrame frame = ReplyFrame.Rent();
        try
        {
            frame.Write(result);
            into.Read(frame.Written);
        }
        finally
        {
            ReplyFrame.Return(frame);
        }
    }
}
