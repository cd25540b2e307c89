using System.Text.Json.Serialization;

namespace Catalog;

/// <summary>What the catalogue is of.</summary>
internal sealed record Product(string Name, string Department, decimal Price, string Description = "");

/// <summary>How it is written: code generated at build time, so that nothing is reflected upon.</summary>
[JsonSerializable(typeof(Product))]
[JsonSerializable(typeof(Product[]))]
[JsonSerializable(typeof(Customer))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class CatalogJson : JsonSerializerContext;
