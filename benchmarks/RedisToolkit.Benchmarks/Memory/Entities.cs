using System.Text.Json.Serialization;

namespace RedisToolkit.Benchmarks.Memory;

/// <summary>Five members, each of a few bytes.</summary>
internal sealed record Small(string Name, decimal Price, int Stock, bool Active, DateOnly Since);

/// <summary>The same, and a text of 200 bytes: longer than the 64 that a compact hash may hold in one value.</summary>
internal sealed record Described(string Name, decimal Price, int Stock, bool Active, DateOnly Since, string Text);

/// <summary>Twenty numbers.</summary>
internal sealed record Wide
{
    public int A0 { get; init; }

    public int A1 { get; init; }

    public int A2 { get; init; }

    public int A3 { get; init; }

    public int A4 { get; init; }

    public int A5 { get; init; }

    public int A6 { get; init; }

    public int A7 { get; init; }

    public int A8 { get; init; }

    public int A9 { get; init; }

    public int B0 { get; init; }

    public int B1 { get; init; }

    public int B2 { get; init; }

    public int B3 { get; init; }

    public int B4 { get; init; }

    public int B5 { get; init; }

    public int B6 { get; init; }

    public int B7 { get; init; }

    public int B8 { get; init; }

    public int B9 { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Small))]
[JsonSerializable(typeof(Described))]
[JsonSerializable(typeof(Wide))]
internal sealed partial class MemoryJson : JsonSerializerContext;

[RedisHash(typeof(Small))]
[RedisHash(typeof(Described))]
[RedisHash(typeof(Wide))]
internal static partial class MemoryHashes;
