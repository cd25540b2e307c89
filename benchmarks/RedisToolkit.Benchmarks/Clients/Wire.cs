using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace RedisToolkit.Benchmarks.Clients;

/// <summary>As much RESP2 as the bare loop and the set-up of a run need.</summary>
internal static class Wire
{
    public static byte[] Command(params ReadOnlySpan<byte[]> arguments)
    {
        using var command = new MemoryStream();
        Append(command, $"*{arguments.Length}");
        foreach (var argument in arguments)
        {
            Append(command, $"${argument.Length}");
            command.Write(argument);
            command.Write("\r\n"u8);
        }

        return command.ToArray();
    }

    public static byte[] Command(params ReadOnlySpan<string> arguments)
    {
        var bytes = new byte[arguments.Length][];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = Encoding.UTF8.GetBytes(arguments[i]);
        return Command(bytes);
    }

    public static byte[] Bulk(byte[] value) => [.. Encoding.ASCII.GetBytes($"${value.Length}\r\n"), .. value, .. "\r\n"u8];

    public static byte[] Array(IReadOnlyCollection<byte[]> values) =>
        [.. Encoding.ASCII.GetBytes($"*{values.Count}\r\n"), .. values.SelectMany(Bulk)];

    /// <summary>Measures the reply at the start of what was received.</summary>
    /// <returns>Its length in bytes with all its parts; 0 while its end is not there yet.</returns>
    /// <exception cref="InvalidDataException">The server answered with an error, or with something that is not RESP2.</exception>
    public static int ReplyLength(ReadOnlySpan<byte> received)
    {
        var end = received.IndexOf("\r\n"u8);
        if (end < 0) return 0;
        var head = end + 2;
        switch (received[0])
        {
            case (byte)'+' or (byte)':':
                return head;
            case (byte)'$':
                var length = Number(received[1..end]);
                if (length < 0) return head;
                return received.Length >= head + length + 2 ? head + length + 2 : 0;
            case (byte)'*':
                var at = head;
                for (var parts = Number(received[1..end]); parts > 0; parts--)
                {
                    var part = ReplyLength(received[at..]);
                    if (part == 0) return 0;
                    at += part;
                }

                return at;
            default:
                throw new InvalidDataException($"The server answered: {Encoding.UTF8.GetString(received[..end])}");
        }
    }

    private static int Number(ReadOnlySpan<byte> digits) =>
        Utf8Parser.TryParse(digits, out int number, out var used) && used == digits.Length
            ? number
            : throw new InvalidDataException($"'{Encoding.UTF8.GetString(digits)}' is not the length of a reply.");

    private static void Append(MemoryStream command, FormattableString line)
    {
        command.Write(Encoding.ASCII.GetBytes(line.ToString(CultureInfo.InvariantCulture)));
        command.Write("\r\n"u8);
    }
}
