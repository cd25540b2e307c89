using RedisToolkit.Client;
using Ser = StackExchange.Redis;

namespace RedisToolkit.StackExchangeRedis;

/// <summary>Takes a command apart into what <c>IDatabase.ExecuteAsync</c> is given: its keys as keys, so that a cluster finds their node; the rest as it is.</summary>
internal static class CommandParts
{
    /// <summary>Takes a command apart. The kinds of objects are those that every version from 1.2.6 on sends alike.</summary>
    /// <exception cref="ArgumentException">An argument cannot be sent.</exception>
    public static object[] Of(in RedisCommand command, int mostBytes)
    {
        int count = command.ArgumentCount;
        if (count == 0) return [];
        var parts = new object[count];
        CommandInfo info = command.Info;
        if (info is { Rule: KeyRule.None, FirstKey: <= 1 })
        {
            // Nearly all commands: the first argument is the key, or every so many from it on, or there is none.
            int step = info.Step;
            int last = info.FirstKey == 0 ? 0 : info.LastKey < 0 ? count + 1 + info.LastKey : info.LastKey;
            if (last > count) last = 0;
            for (int i = 0; i < count; i++) parts[i] = Part(command.GetArgument(i), i + 1 <= last && (step <= 1 || i % step == 0), mostBytes);
            return parts;
        }

        for (int i = 0; i < count; i++) parts[i] = Part(command.GetArgument(i), isKey: false, mostBytes);
        KeyPositions keys = command.Keys;
        for (int i = 0; i < keys.Count; i++)
        {
            int at = keys[i] - 1;
            parts[at] = Part(command.GetArgument(at), isKey: true, mostBytes);
        }

        return parts;
    }

    /// <summary>Gets an argument as a value.</summary>
    /// <exception cref="ArgumentException">It cannot be sent.</exception>
    public static Ser.RedisValue Value(in RedisArgument argument, int mostBytes)
    {
        if (argument.TryGetText(out string? text))
        {
            Check(argument, text, mostBytes);
            return text;
        }

        return CheckedBytes(argument, mostBytes);
    }

    /// <summary>Gets an argument as a key.</summary>
    /// <exception cref="ArgumentException">It cannot be sent.</exception>
    public static Ser.RedisKey Key(in RedisArgument argument, int mostBytes)
    {
        if (argument.TryGetText(out string? text))
        {
            Check(argument, text, mostBytes);
            return text;
        }

        return CheckedBytes(argument, mostBytes);
    }

    /// <summary>Gets an argument of a condition, which was looked at before, as a key.</summary>
    public static Ser.RedisKey Key(in RedisArgument argument) => argument.TryGetText(out string? text) ? text : Bytes(argument);

    private static object Part(in RedisArgument argument, bool isKey, int mostBytes)
    {
        if (argument.TryGetText(out string? text))
        {
            Check(argument, text, mostBytes);
            return isKey ? (Ser.RedisKey)text : text;
        }

        byte[] bytes = CheckedBytes(argument, mostBytes);
        return isKey ? (Ser.RedisKey)bytes : bytes;
    }

    private static byte[] CheckedBytes(in RedisArgument argument, int mostBytes)
    {
        if (argument.IsMissing) throw new ArgumentException("An argument of the command is default(RedisArgument), which is no argument.");
        byte[] bytes = Bytes(argument);
        return bytes.Length <= mostBytes ? bytes : throw TooLong(bytes.Length, mostBytes);
    }

    // StackExchange.Redis takes whole arrays only; those need no copy.
    private static byte[] Bytes(in RedisArgument argument) => argument.WholeArray ?? argument.ToBytes();

    private static void Check(in RedisArgument argument, string text, int mostBytes)
    {
        // StackExchange.Redis would send such text changed.
        if (!argument.CanBeSent) _ = argument.ToBytes();
        const int MostBytesOfCharacter = 3;
        if (text.Length <= mostBytes / MostBytesOfCharacter) return;
        int bytes = System.Text.Encoding.UTF8.GetByteCount(text);
        if (bytes > mostBytes) throw TooLong(bytes, mostBytes);
    }

    private static ArgumentException TooLong(int bytes, int most) =>
        new($"An argument of the command has {bytes} bytes and {most} are allowed; StackExchangeRedisOptions.MaxArgumentBytes sets the limit, and the server's 'proto-max-bulk-len' its own.");
}
