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
        if (ReplyFrame.TryGetString(result, out byte[]? bytes) && bytes!.Length >= LongString && reader.BeginBulk(bytes.Length, out Memory<byte> memory) is { } bulk)
        {
            bytes.CopyTo(memory);
            return reader.EndBulk(bulk);
        }

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
