using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace RedisToolkit.Client;

/// <summary>The name of a channel, or a pattern of names: any bytes. Its text is made when somebody first asks.</summary>
internal sealed class ChannelName(byte[] bytes)
{
    private string? _text;

    public byte[] Bytes => bytes;

    public string Text => _text ??= Encoding.UTF8.GetString(bytes);
}

/// <summary>Finds channels by the bytes of their names, also where those lie in a receive buffer.</summary>
internal sealed class ChannelBytesComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public static readonly ChannelBytesComparer Instance = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = default(HashCode);
        hash.AddBytes(alternate);
        return hash.ToHashCode();
    }

    [return: NotNull]
    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
}
