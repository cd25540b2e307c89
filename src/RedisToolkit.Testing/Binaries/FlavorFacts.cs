using System.Text.RegularExpressions;

namespace RedisToolkit.Testing;

/// <summary>What tells the flavours apart: names of programs, packages and images, and which version fits.</summary>
internal sealed partial record FlavorFacts(
    RedisFlavor Flavor, string Product, string Series, string Program, string ToolsPackage, string ServerPackage, string Suite, string Image, string Variable)
{
    private static readonly FlavorFacts Redis8 = new(
        RedisFlavor.Redis, "Redis", "8", "redis-server", "redis-tools", "redis-server", "trixie", "redis:8", "REDISTOOLKIT_TEST_SERVER_REDIS");

    private static readonly FlavorFacts Valkey9 = new(
        RedisFlavor.Valkey, "Valkey", "9", "valkey-server", "valkey-tools", "valkey-server", "forky", "valkey/valkey:9", "REDISTOOLKIT_TEST_SERVER_VALKEY");

    private static readonly FlavorFacts Redis70 = new(
        RedisFlavor.Redis7, "Redis", "7.0", "redis-server", "redis-tools", "redis-server", "bookworm", "redis:7.0", "REDISTOOLKIT_TEST_SERVER_REDIS7");

    /// <summary>For messages: <c>Redis 8.x</c>.</summary>
    internal string Name => $"{Product} {Series}.x";

    /// <summary>The folder of its unpacked copy.</summary>
    internal string Folder => $"{Product.ToLowerInvariant()}-{Series}";

    internal static FlavorFacts Of(RedisFlavor flavor) => flavor switch
    {
        RedisFlavor.Redis => Redis8,
        RedisFlavor.Valkey => Valkey9,
        _ => Redis70,
    };

    internal bool Fits(string product, Version version) =>
        product.Equals(Product, StringComparison.OrdinalIgnoreCase) && (version + ".").StartsWith(Series + ".", StringComparison.Ordinal);

    /// <summary>Reads <c>Redis server v=8.0.2 sha=...</c>, the answer to <c>--version</c>.</summary>
    internal static (string Product, Version Version)? ReadVersion(string output)
    {
        var match = VersionLine().Match(output);
        return match.Success && Version.TryParse(match.Groups[2].Value, out var version) ? (match.Groups[1].Value, version) : null;
    }

    [GeneratedRegex(@"^(\w+) server v=(\d+\.\d+\.\d+)", RegexOptions.Multiline)]
    private static partial Regex VersionLine();
}
