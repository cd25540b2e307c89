using System.Buffers.Text;
using System.Text;

namespace RedisToolkit.Client;

/// <summary>Lets the key finder look at a command's arguments.</summary>
internal readonly struct CommandArguments(RedisCommand command) : ICommandArguments
{
    // No word that the finder looks for is longer.
    private const int LongestToken = 32;

    public bool IsToken(int index, ReadOnlySpan<byte> upperToken)
    {
        if (index == 0) return Ascii.EqualsIgnoreCase(command.Name, upperToken);
        RedisArgument argument = command.GetArgument(index - 1);
        return argument.TryGetText(out string? text)
            ? text.Length <= LongestToken && Ascii.EqualsIgnoreCase(text, upperToken)
            : Ascii.EqualsIgnoreCase(argument.Bytes, upperToken);
    }

    public bool TryInteger(int index, out long value)
    {
        RedisArgument argument = command.GetArgument(index - 1);
        if (argument.TryGetInt64(out value)) return true;
        if (argument.TryGetText(out string? text)) return long.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out value);
        return Utf8Parser.TryParse(argument.Bytes, out value, out int used) && used == argument.Bytes.Length;
    }
}
