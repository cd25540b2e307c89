using RedisToolkit;

namespace Catalog;

/// <summary>Who buys. Kept as a hash: one figure is counted up, another is read, and the rest of it stays where it is.</summary>
internal sealed record Customer(string Name, string City, int Orders = 0, DateTimeOffset? LastOrder = null);

/// <summary>How it becomes the fields of a hash: code generated at build time.</summary>
[RedisHash(typeof(Customer))]
internal static partial class CatalogHashes;
