using System.Text.Json.Serialization;

namespace RedisToolkit.Tests;

public sealed record Person(string Name, int Age, string? Notes = null, IReadOnlyList<string>? Tags = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Person))]
internal sealed partial class TestJson : JsonSerializerContext;
