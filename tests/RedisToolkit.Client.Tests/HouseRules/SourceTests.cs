using System.Text.RegularExpressions;

namespace RedisToolkit.Client.Tests.HouseRules;

/// <summary>What no source file of <c>src</c> may hold.</summary>
public sealed partial class SourceTests
{
    private const int LongestFile = 400;

    public static TheoryData<string, string> Forbidden { get; } = new()
    {
        { @"\bDateTime(Offset)?\.(Now|UtcNow|Today)\b", "clocks of two machines differ: the server's TIME, TimeProvider or Stopwatch" },
        { @"\bEnvironment\.TickCount\b", "wraps after 25 days: Stopwatch or TimeProvider.GetTimestamp()" },
        { @"\.GetAwaiter\(\)\.GetResult\(\)", "blocks a thread: await it" },
        { @"\.Wait\(\)|\.WaitAll\(|\.WaitAny\(", "blocks a thread: await it" },
        { @"\b[tT]ask\w*\.Result\b|\)\.Result\b", "blocks a thread: await it" },
        { @"\bThread\.Sleep\b", "blocks a thread: await a condition with a bound" },
        { @"\basync\s+void\b", "nobody sees its exceptions: return a Task" },
        { @"\bNotImplementedException\b", "build it whole" },
        { @"\b(TODO|FIXME|HACK|XXX)\b", "build it whole" },
        { @"#pragma\s+warning|UnconditionalSuppressMessage|SuppressMessage\((?![^\n]*Justification)", "mend what is warned of, or say why it need not be" },
        { @"catch\s*(\([^)]*\))?\s*(when\s*\([^{]*\))?\s*\{\s*\}", "an empty catch says in a comment why nothing is lost" },
        { @"redis\.(call|pcall)\s*\(", "Lua lives in .lua files" },
        { @"\bConsole\.(Write|Error|Out)", "a library does not print" },
    };

    [Theory]
    [MemberData(nameof(Forbidden))]
    public void No_source_file_holds_what_is_forbidden(string pattern, string instead)
    {
        var forbidden = new Regex(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));
        // Comments and messages may name what they warn of. Notes of unfinished work are comments, a catch clause may hold one, and scripts are text.
        bool asItIs = pattern.StartsWith("catch", StringComparison.Ordinal) || pattern.Contains("TODO", StringComparison.Ordinal) || pattern.StartsWith("redis", StringComparison.Ordinal);
        IEnumerable<string> found =
            from file in House.SourceFiles
            let text = File.ReadAllText(file)
            from Match match in forbidden.Matches(asItIs ? text : CommentOrText().Replace(text, string.Empty))
            select $"{Path.GetRelativePath(House.Root, file)}: '{match.Value}': {instead}";
        House.None(found);
    }

    [Theory]
    [InlineData("DateTime.UtcNow.Ticks")]
    [InlineData("x = DateTimeOffset.Now;")]
    [InlineData("Do(task.Result);")]
    [InlineData("(await First()).Result")]
    [InlineData("task.Wait();")]
    [InlineData("Run().GetAwaiter().GetResult();")]
    [InlineData("catch (Exception)\n{\n}")]
    [InlineData("catch { }")]
    [InlineData("catch (RedisException e) when (e.IsTransient) { }")]
    [InlineData("\"return redis.call('GET', KEYS[1])\"")]
    [InlineData("private async void Go()")]
    [InlineData("#pragma warning disable CA1000")]
    [InlineData("[SuppressMessage(\"Security\", \"CA5350\")]")]
    [InlineData("// TODO: later")]
    public void The_patterns_find_what_they_are_for(string source) => Assert.Contains(Forbidden, row => Regex.IsMatch(source, (string)row[0], RegexOptions.None, TimeSpan.FromSeconds(1)));

    [Fact]
    public void No_source_file_is_too_long_to_be_read_at_once() =>
        House.None(
            from file in House.SourceFiles
            let lines = File.ReadLines(file).Count()
            where lines > LongestFile
            select $"{Path.GetRelativePath(House.Root, file)} has {lines} lines");

    [Fact]
    public void Every_script_has_a_header_and_takes_its_keys_as_keys()
    {
        string[] scripts = [.. Directory.EnumerateFiles(Path.Combine(House.Root, "src"), "*.lua", SearchOption.AllDirectories)];
        foreach (string script in scripts) Assert.True(File.ReadAllText(script).StartsWith("--", StringComparison.Ordinal), $"{script} has no header that says what it does");
    }

    [GeneratedRegex(@"""(?:[^""\\\n]|\\.)*""|//[^\n]*", RegexOptions.CultureInvariant)]
    private static partial Regex CommentOrText();
}
