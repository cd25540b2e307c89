namespace RedisToolkit.Tests.HashRepositories;

public sealed record Draft
{
    public string? Title { get; init; }

    public int? Pages { get; set; }
}

[Flags]
public enum Rights : long
{
    None = 0,
    Read = 1,
    Write = 2,
    Delete = 1L << 40,
}

/// <summary>Every type that a field can hold, once as it is and once with null.</summary>
public sealed class AllTypes
{
    public bool Bool { get; set; }
    public char Char { get; set; }
    public sbyte SByte { get; set; }
    public byte Byte { get; set; }
    public short Int16 { get; set; }
    public ushort UInt16 { get; set; }
    public int Int32 { get; set; }
    public uint UInt32 { get; set; }
    public long Int64 { get; set; }
    public ulong UInt64 { get; set; }
    public Int128 Int128 { get; set; }
    public UInt128 UInt128 { get; set; }
    public Half Half { get; set; }
    public float Single { get; set; }
    public double Double { get; set; }
    public decimal Decimal { get; set; }
    public string String { get; set; } = "";
    public Shelf Enum { get; set; }

    [HashField(AsNumber = true)]
    public Rights Flags { get; set; }
    public Rights NamedFlags { get; set; }
    public DateTime DateTime { get; set; }
    public DateTimeOffset DateTimeOffset { get; set; }
    public DateOnly DateOnly { get; set; }
    public TimeOnly TimeOnly { get; set; }
    public TimeSpan TimeSpan { get; set; }
    public Guid Guid { get; set; }
    public Uri Uri { get; set; } = new("a", UriKind.Relative);
    public Version Version { get; set; } = new(0, 0);
    public byte[] Bytes { get; set; } = [];
    public ReadOnlyMemory<byte> Memory { get; set; }
    public List<string> List { get; set; } = [];
    public Size Size { get; set; } = new(0, 0);

    public bool? MaybeBool { get; set; }
    public char? MaybeChar { get; set; }
    public sbyte? MaybeSByte { get; set; }
    public byte? MaybeByte { get; set; }
    public short? MaybeInt16 { get; set; }
    public ushort? MaybeUInt16 { get; set; }
    public int? MaybeInt32 { get; set; }
    public uint? MaybeUInt32 { get; set; }
    public long? MaybeInt64 { get; set; }
    public ulong? MaybeUInt64 { get; set; }
    public Int128? MaybeInt128 { get; set; }
    public UInt128? MaybeUInt128 { get; set; }
    public Half? MaybeHalf { get; set; }
    public float? MaybeSingle { get; set; }
    public double? MaybeDouble { get; set; }
    public decimal? MaybeDecimal { get; set; }
    public string? MaybeString { get; set; }
    public Shelf? MaybeEnum { get; set; }
    public DateTime? MaybeDateTime { get; set; }
    public DateTimeOffset? MaybeDateTimeOffset { get; set; }
    public DateOnly? MaybeDateOnly { get; set; }
    public TimeOnly? MaybeTimeOnly { get; set; }
    public TimeSpan? MaybeTimeSpan { get; set; }
    public Guid? MaybeGuid { get; set; }
    public Uri? MaybeUri { get; set; }
    public Version? MaybeVersion { get; set; }
    public byte[]? MaybeBytes { get; set; }
    public ReadOnlyMemory<byte>? MaybeMemory { get; set; }
    public List<string>? MaybeList { get; set; }
}

[RedisHash(typeof(Draft))]
[RedisHash(typeof(AllTypes), JsonContext = typeof(ProductJson))]
internal static partial class MoreHashes;
