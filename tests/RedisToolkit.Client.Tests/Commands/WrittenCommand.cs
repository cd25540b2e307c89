using System.Globalization;

namespace RedisToolkit.Client.Tests.Commands;

/// <summary>Takes the bytes of commands apart as a server does; it shares no code with the client.</summary>
internal static class WrittenCommand
{
    /// <summary>Takes apart what holds exactly one command.</summary>
    public static byte[][] Only(ReadOnlySpan<byte> wire)
    {
        byte[][] parts = Next(ref wire);
        Assert.True(wire.IsEmpty, "bytes follow the command");
        return parts;
    }

    /// <summary>Takes the first command off.</summary>
    public static byte[][] Next(ref ReadOnlySpan<byte> wire)
    {
        var parts = new byte[Count(ref wire, '*')][];
        for (int i = 0; i < parts.Length; i++)
        {
            int length = Count(ref wire, '$');
            parts[i] = wire[..length].ToArray();
            Assert.Equal((byte)'\r', wire[length]);
            Assert.Equal((byte)'\n', wire[length + 1]);
            wire = wire[(length + 2)..];
        }

        return parts;
    }

    private static int Count(ref ReadOnlySpan<byte> wire, char prefix)
    {
        Assert.Equal((byte)prefix, wire[0]);
        int end = wire.IndexOf("\r\n"u8);
        Assert.True(int.TryParse(wire[1..end], NumberStyles.None, CultureInfo.InvariantCulture, out int count), "a length is no number");
        wire = wire[(end + 2)..];
        return count;
    }
}
