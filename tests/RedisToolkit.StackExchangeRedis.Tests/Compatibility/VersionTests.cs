using System.Reflection;
using System.Text.RegularExpressions;

namespace RedisToolkit.StackExchangeRedis.Tests.Compatibility;

/// <summary>Whatever the adapter uses of StackExchange.Redis is the same in the oldest version that it is built with and in the newest.</summary>
public sealed class VersionTests
{
    private const string Peer = "StackExchange.Redis";
    private static readonly UsedMembers Used = UsedMembers.Read(typeof(StackExchangeRedisClient).Assembly.Location, Peer);
    private static readonly OfferedMembers Oldest = OfferedMembers.Read(typeof(global::StackExchange.Redis.IConnectionMultiplexer).Assembly.Location);
    private static readonly OfferedMembers Newest = OfferedMembers.Read(typeof(VersionTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "NewestStackExchangeRedis").Value!);

    public static TheoryData<string> Versions { get; } = ["oldest", "newest"];

    [Theory]
    [MemberData(nameof(Versions))]
    public void Every_member_that_is_used_is_there_with_the_same_signature(string version)
    {
        OfferedMembers offered = version == "oldest" ? Oldest : Newest;
        Assert.InRange(Used.Members.Count, 30, 500);
        Assert.Empty(Used.Members.Where(used => !offered.Has(used.Type, used.Member)).Select(used => $"{used.Type}.{used.Member}"));
    }

    [Fact]
    public void Every_type_that_is_used_is_of_the_same_kind()
    {
        Assert.InRange(Used.Types.Count, 20, 100);
        Assert.All(Used.Types, type => Assert.Equal((type, Oldest.Find(type)?.Kind ?? "gone"), (type, Newest.Find(type)?.Kind ?? "gone")));
    }

    [Fact]
    public void Every_value_of_an_enumeration_that_is_named_is_the_same_number()
    {
        string[] sources = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "RedisToolkit.StackExchangeRedis"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText)];
        string[] enumerations = [.. Used.Types.Where(type => Oldest.Find(type)?.Kind == "enum")];
        var named = new List<(string Type, string Name)>();
        foreach (string type in enumerations)
        {
            string simple = type[(type.LastIndexOfAny(['.', '/']) + 1)..];
            named.AddRange(sources.SelectMany(source => Regex.Matches(source, $@"\b(?:Ser|Redis|RedisChannel)\.{simple}\.(?<name>\w+)")).Select(match => (type, match.Groups["name"].Value)).Distinct());
        }

        Assert.InRange(named.Count, 8, 100);
        Assert.All(named, value => Assert.Equal((value, Oldest.Find(value.Type)!.Values[value.Name]), (value, Newest.Find(value.Type)!.Values.GetValueOrDefault(value.Name, -1))));
    }

    [Fact]
    public void A_command_that_waits_in_the_backlog_is_told_by_its_number()
    {
        const string Status = "StackExchange.Redis.CommandStatus";
        Assert.DoesNotContain("WaitingInBacklog", Oldest.Find(Status)!.Values);
        Assert.Equal(3, Newest.Find(Status)!.Values["WaitingInBacklog"]);
    }

    [Fact]
    public void A_difference_would_be_seen()
    {
        Assert.False(Newest.Has("StackExchange.Redis.IDatabaseAsync", "ExecuteAsync: instance class System.Threading.Tasks.Task`1<class StackExchange.Redis.RedisResult> (String)"));
        Assert.False(Newest.Has("StackExchange.Redis.RedisResult", "Create: class StackExchange.Redis.RedisResult (struct StackExchange.Redis.RedisValue)"));
        Assert.True(Oldest.Has("StackExchange.Redis.RedisResult", "Create: class StackExchange.Redis.RedisResult (struct StackExchange.Redis.RedisValue)"));
    }
}
