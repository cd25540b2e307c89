using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace RedisToolkit;

/// <summary>
/// What stands before a compressed value, so that it can be read whatever the settings are by then:
/// the byte 0xC1, the method (1 byte), the length before compression (1 to 5 bytes, 7 bits each, lowest first), the CRC-32C of the value
/// before compression (4 bytes, lowest first). 0xC1 begins no JSON, no UTF-8 text and no MessagePack: a value without it is as it was
/// serialized. One that happens to begin with it is stored behind a header with method 0.
/// </summary>
internal readonly record struct ValueHeader(CompressionMethod Method, int Length, uint Checksum)
{
    public const byte Mark = 0xC1;
    public const int MostBytes = 2 + MostLengthBytes + sizeof(uint);
    private const int MostLengthBytes = 5;

    public static bool IsAt(ReadOnlySpan<byte> value) => value.Length > 0 && value[0] == Mark;

    public int Write(Span<byte> destination)
    {
        destination[0] = Mark;
        destination[1] = (byte)Method;
        int at = 2;
        uint rest = (uint)Length;
        while (rest > 0x7F)
        {
            destination[at++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        destination[at++] = (byte)rest;
        BinaryPrimitives.WriteUInt32LittleEndian(destination[at..], Checksum);
        return at + sizeof(uint);
    }

    /// <summary>Reads the header.</summary>
    /// <returns>The header, and what follows it.</returns>
    /// <exception cref="RedisValueException">It is cut off, or by a later version.</exception>
    public static ValueHeader Read(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> content)
    {
        if (value.Length < 2) throw Cut();
        var method = (CompressionMethod)value[1];
        if (!Enum.IsDefined(method)) throw new RedisValueException($"it is compressed by method {value[1]}, which this version does not know: a later one wrote it, or it is no value of ours");
        ulong length = 0;
        int at = 2;
        for (int shift = 0; ; shift += 7, at++)
        {
            if (at >= value.Length) throw Cut();
            if (at == 2 + MostLengthBytes) throw new RedisValueException("the header of its compression is corrupt");
            length |= (ulong)(value[at] & 0x7F) << shift;
            if (value[at] < 0x80) break;
        }

        at++;
        if (length > int.MaxValue) throw new RedisValueException("the header of its compression is corrupt");
        if (value.Length < at + sizeof(uint)) throw Cut();
        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(value[at..]);
        content = value[(at + sizeof(uint))..];
        return new ValueHeader(method, (int)length, checksum);
    }

    public static uint ChecksumOf(ReadOnlySpan<byte> value)
    {
        uint crc = uint.MaxValue;
        foreach (ulong eight in MemoryMarshal.Cast<byte, ulong>(value)) crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? eight : BinaryPrimitives.ReverseEndianness(eight));
        foreach (byte one in value[(value.Length & ~7)..]) crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }

    private static RedisValueException Cut() => new("the header of its compression is cut off");
}
