using System.Globalization;

namespace RedisToolkit.Client;

/// <summary>How long a blocking command asks the server to wait.</summary>
internal static class BlockTime
{
    /// <summary>Reads the time from the command's arguments.</summary>
    /// <returns>The time; <see cref="TimeSpan.Zero"/> means without end. Null if it cannot be read: then the server will refuse the command.</returns>
    public static TimeSpan? Of(in RedisCommand command)
    {
        int last = command.ArgumentCount - 1;
        if (last < 0) return null;
        return command.Name switch
        {
            "BLMPOP" or "BZMPOP" => Seconds(command.GetArgument(0)),
            "WAIT" or "WAITAOF" => Milliseconds(command.GetArgument(last)),
            "XREAD" or "XREADGROUP" => BlockOption(command),
            _ => Seconds(command.GetArgument(last)),
        };
    }

    private static TimeSpan? BlockOption(in RedisCommand command)
    {
        var arguments = new CommandArguments(command);
        for (int i = 1; i < command.ArgumentCount; i++)
        {
            if (arguments.IsToken(i, "GROUP"u8)) i += 2;
            else if (arguments.IsToken(i, "STREAMS"u8)) return null;
            else if (arguments.IsToken(i, "BLOCK"u8)) return Milliseconds(command.GetArgument(i));
        }

        return null;
    }

    private static TimeSpan? Seconds(in RedisArgument argument) => Number(argument) is { } seconds and >= 0 and <= int.MaxValue ? TimeSpan.FromSeconds(seconds) : null;

    private static TimeSpan? Milliseconds(in RedisArgument argument) => Number(argument) is { } ms and >= 0 and <= int.MaxValue ? TimeSpan.FromMilliseconds(ms) : null;

    private static double? Number(in RedisArgument argument)
    {
        if (argument.TryGetInt64(out long integer)) return integer;
        if (argument.TryGetDouble(out double number)) return number;
        string text = argument.TryGetText(out string? given) ? given : System.Text.Encoding.UTF8.GetString(argument.Bytes);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double parsed) ? parsed : null;
    }
}
