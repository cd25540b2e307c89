namespace RedisToolkit.Testing.Tests;

public sealed class OptionsTests
{
    public static TheoryData<string, RedisServerOptions> Wrong => new()
    {
        { "Flavor", new() { Flavor = (RedisFlavor)9 } },
        { "Replicas is 6", new() { Topology = RedisTopology.Replicated, Replicas = 6 } },
        { "RedisTopology.Replicated", new() { Replicas = 1 } },
        { "Primaries is 2", new() { Topology = RedisTopology.Cluster, Primaries = 2 } },
        { "Sentinels is 0", new() { Topology = RedisTopology.Sentinel, Sentinels = 0 } },
        { "DownAfter is 00:00:00.0500000; it may be 00:00:00.1000000 to 00:01:00", new() { DownAfter = TimeSpan.FromMilliseconds(50) } },
        { "ClusterNodeTimeout", new() { ClusterNodeTimeout = TimeSpan.Zero } },
        { "StartTimeout", new() { StartTimeout = TimeSpan.Zero } },
        { "ServiceName is 'a b'", new() { ServiceName = "a b" } },
        { "0 characters", new() { Password = "" } },
        { "zero byte", new() { Password = "a\0" } },
        { "Set Topology = RedisTopology.Sentinel", new() { SentinelPassword = "pw" } },
        { "'default'", new() { Users = [new("default", "pw", "+@all")] } },
        { "named 'a b'", new() { Users = [new("a b", "pw", "+@all")] } },
        { "'a' twice", new() { Users = [new("a", "pw", "+@all"), new("a", "pw", "+@all")] } },
        { "rules of 'a' must be one line", new() { Users = [new("a", "pw", "+@all\nport 1")] } },
        { "a new name is one word", new() { RenamedCommands = new Dictionary<string, string> { ["KEYS"] = "a b" } } },
        { "renames psync", new() { Topology = RedisTopology.Replicated, RenamedCommands = new Dictionary<string, string> { ["psync"] = "" } } },
        { "Set Password", new() { Configuration = new Dictionary<string, string> { ["RequirePass"] = "pw" } } },
        { "read RedisNode.Port", new() { Configuration = new Dictionary<string, string> { ["port"] = "6379" } } },
        { "must be one line", new() { Configuration = new Dictionary<string, string> { ["maxmemory"] = "1\nport 1" } } },
    };

    [Theory, MemberData(nameof(Wrong))]
    public async Task A_wrong_option_is_refused_with_what_to_change(string expected, RedisServerOptions options)
    {
        var refused = await Assert.ThrowsAnyAsync<ArgumentException>(() => RedisServer.StartAsync(options));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_public_class_is_sealed_or_static() => Assert.DoesNotContain(
        typeof(RedisServer).Assembly.GetExportedTypes(), type => type is { IsClass: true, IsSealed: false, IsAbstract: false });

    [Fact]
    public void Every_public_type_is_in_the_packages_namespace() => Assert.All(
        typeof(RedisServer).Assembly.GetExportedTypes(), type => Assert.Equal("RedisToolkit.Testing", type.Namespace));

    [Fact]
    public void The_package_needs_nothing_but_dotnet()
    {
        string dotnet = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        Assert.All(typeof(RedisServer).Assembly.GetReferencedAssemblies(), name => Assert.True(File.Exists(Path.Combine(dotnet, name.Name + ".dll")), name.Name));
    }
}
