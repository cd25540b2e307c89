using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RedisToolkit.Benchmarks.Load;

/// <summary>
/// The keys and values of all workloads. A value begins with its own number, so that a client which mixes up replies,
/// or does not read them, is caught.
/// </summary>
internal static class SampleData
{
    public const string Script = "return ARGV[1]";

    public static readonly byte[] ScriptSha1 = SHA1.HashData(Encoding.UTF8.GetBytes(Script));

    /// <summary>The name by which EVALSHA knows <see cref="Script"/>.</summary>
    public static readonly string ScriptName = Convert.ToHexStringLower(ScriptSha1);

    public static int KeyCount(Workload workload) => workload.Job switch
    {
        Job.HashGetAll => 100,
        Job.MultiGet => 10,
        _ => workload.ValueBytes switch { <= 100 => 1000, <= 10_240 => 100, _ => 4 },
    };

    /// <summary>Gives the keys of a workload; of <see cref="Job.MultiGet"/> those of all its calls, 100 after 100.</summary>
    public static string[] Keys(Workload workload)
    {
        var count = KeyCount(workload) * (workload.Job == Job.MultiGet ? Workload.MultiGetKeys : 1);
        return [.. Enumerable.Range(0, count).Select(i => $"{Prefix(workload)}:{i:000000}")];
    }

    public static string[] FieldNames { get; } =
        [.. Enumerable.Range(0, Workload.HashFields).Select(i => string.Create(CultureInfo.InvariantCulture, $"field:{i:00}"))];

    /// <summary>Gives the value with this number: its number in 4 bytes, then letters.</summary>
    public static byte[] Value(int number, int length)
    {
        var value = new byte[length];
        for (var i = 0; i < length; i++) value[i] = (byte)('a' + (i % 26));
        BinaryPrimitives.WriteInt32LittleEndian(value, number);
        return value;
    }

    public static byte[][] Values(Workload workload) =>
        [.. Enumerable.Range(0, Keys(workload).Length).Select(i => Value(i, workload.ValueBytes))];

    /// <exception cref="InvalidDataException">This is not the value with that number.</exception>
    public static void Check(ReadOnlySpan<byte> value, int number, int length)
    {
        if (value.Length != length || BinaryPrimitives.ReadInt32LittleEndian(value) != number) ThrowWrong(value, number, length);
    }

    /// <exception cref="InvalidDataException">The server, or the client, said something else than expected.</exception>
    public static void Check(bool asExpected, string what)
    {
        if (!asExpected) throw new InvalidDataException($"Wrong reply: {what}.");
    }

    private static void ThrowWrong(ReadOnlySpan<byte> value, int number, int length) => throw new InvalidDataException(
        $"Wrong reply: expected value {number} of {length} bytes, got {value.Length} bytes" +
        (value.Length < 4 ? "." : $" of value {BinaryPrimitives.ReadInt32LittleEndian(value)}."));

    private static string Prefix(Workload workload) => workload.Job switch
    {
        Job.Set => $"set:{workload.ValueBytes}",
        Job.HashGetAll => "hash",
        _ => $"get:{workload.ValueBytes}",
    };
}
