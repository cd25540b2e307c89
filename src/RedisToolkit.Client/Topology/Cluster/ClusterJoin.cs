using System.Globalization;
using System.Text;

namespace RedisToolkit.Client;

/// <summary>What several commands to several nodes make together: one command as its caller sees it.</summary>
internal interface IClusterJoin
{
    /// <summary>Joins the replies to the bytes of one.</summary>
    /// <exception cref="RedisReplyException">A reply is not what such a command answers.</exception>
    ReadOnlyMemory<byte> Join(IReadOnlyList<byte[]> frames);

    /// <summary>Makes one error of those of the parts.</summary>
    /// <param name="errors">The error of each part, null for those that went well; at least one is none.</param>
    Exception Failed(IReadOnlyList<Exception?> errors);
}

/// <summary>The same command to every primary.</summary>
/// <param name="adds">Whether the answers are numbers to be added; else the first stands for all.</param>
internal sealed class EveryPrimaryJoin(bool adds) : IClusterJoin
{
    public ReadOnlyMemory<byte> Join(IReadOnlyList<byte[]> frames) =>
        adds ? Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $":{frames.Sum(ReadNumber)}\r\n")) : frames[0];

    // Whichever comes first: there is no key to tell one from the other.
    public Exception Failed(IReadOnlyList<Exception?> errors) => errors.First(static error => error is not null)!;

    private static long ReadNumber(byte[] frame)
    {
        var reader = new RespReader(frame);
        return reader.ReadInt64();
    }
}
