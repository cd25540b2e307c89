using System.Buffers;
using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace RedisToolkit.Client.Tests.Commands;

/// <summary>An argument together with the bytes that it is to become.</summary>
internal sealed record Meant(RedisArgument Argument, byte[] Bytes)
{
    public override string ToString() => $"{Argument}: {Convert.ToHexString(Bytes)}";
}

/// <summary>Arguments made at random, of every kind there is.</summary>
internal static class Arguments
{
    private static readonly Gen<byte> AnyByte = Gen.Frequency((3, Gen.Choose(0, 255).Select(b => (byte)b)), (1, Gen.Elements("\r\n$*\0"u8.ToArray())));

    private static readonly Gen<string> Texts = Gen.Elements("", "a", "key:{tag}", "\r\n", "$1\r\nx\r\n", "\0", "ä", "€", "😀", "\u2028", "\uffff", "\ufeff", "e\u0301", " ").ListOf().Select(string.Concat);

    private static readonly Gen<long> Integers = Gen.Frequency(
        (1, Gen.Elements(0L, -1, 9, 10, -10, 99, 100, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue)),
        (1, ArbMap.Default.GeneratorFor<long>()));

    private static readonly Gen<double> Doubles = Gen.Frequency(
        (1, Gen.Elements(0, -0.0, 0.1, 1e21, 1e-7, double.Epsilon, double.MaxValue, double.MinValue)),
        (1, ArbMap.Default.GeneratorFor<double>().Where(double.IsFinite)));

    /// <summary>Arguments of every kind.</summary>
    public static Gen<Meant> Any { get; } = Gen.OneOf(
        Texts.Select(text => new Meant(text, Encoding.UTF8.GetBytes(text))),
        AnyByte.ArrayOf().Select(bytes => new Meant(bytes, bytes)),
        from bytes in AnyByte.ArrayOf() from before in Gen.Choose(0, 5) from after in Gen.Choose(0, 5) select Slice(bytes, before, after),
        from bytes in AnyByte.ArrayOf() from before in Gen.Choose(0, 5) from after in Gen.Choose(0, 5) select Managed(bytes, before, after),
        Integers.Select(number => new Meant(number, Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)))),
        Gen.Choose(int.MinValue, int.MaxValue).Select(number => new Meant(number, Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)))),
        Doubles.Select(number => new Meant(number, Encoding.ASCII.GetBytes(number.ToString("R", CultureInfo.InvariantCulture)))));

    private static Meant Slice(byte[] bytes, int before, int after)
    {
        byte[] larger = [.. Enumerable.Repeat((byte)'<', before), .. bytes, .. Enumerable.Repeat((byte)'>', after)];
        return new Meant((ReadOnlyMemory<byte>)larger.AsMemory(before, bytes.Length), bytes);
    }

    private static Meant Managed(byte[] bytes, int before, int after)
    {
        byte[] larger = [.. Enumerable.Repeat((byte)'<', before), .. bytes, .. Enumerable.Repeat((byte)'>', after)];
        return new Meant((ReadOnlyMemory<byte>)new PlainManager(larger).Memory.Slice(before, bytes.Length), bytes);
    }

    // Memory that is no array as far as anybody can tell.
    private sealed class PlainManager(byte[] bytes) : MemoryManager<byte>
    {
        public override Span<byte> GetSpan() => bytes;

        public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException("An argument is copied, never pinned.");

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
