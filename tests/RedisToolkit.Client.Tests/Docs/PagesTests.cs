using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using RedisToolkit.Client.Tests.Diagnostics;

namespace RedisToolkit.Client.Tests.Docs;

/// <summary>What the pages show is what is compiled, measured and logged.</summary>
[Collection(nameof(ProcessWide))]
public sealed partial class PagesTests
{
    private static readonly string Root = FindRoot();

    public static TheoryData<string> Pages => [.. Directory.GetFiles(Path.Combine(Root, "docs"), "*.md").Append(Path.Combine(Root, "README.md")).Select(path => Path.GetRelativePath(Root, path))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_block_of_code_is_compiled_somewhere(string page)
    {
        string text = File.ReadAllText(Path.Combine(Root, page));
        string[] compiled = [.. Sources().Select(path => Squeeze(File.ReadAllText(path)))];
        Assert.All(Blocks().Matches(text), block =>
        {
            string wanted = Squeeze(block.Groups["code"].Value);
            Assert.True(compiled.Any(source => source.Contains(wanted, StringComparison.Ordinal)), $"{page} shows code that nothing compiles:\n{block.Groups["code"].Value}");
        });
    }

    [Fact]
    public void Every_call_that_takes_the_place_of_another_is_compiled()
    {
        string text = File.ReadAllText(Path.Combine(Root, "docs", "migrating.md"));
        string compiled = Squeeze(File.ReadAllText(Path.Combine(Root, "tests", "RedisToolkit.Client.Tests", "Docs", "MigratingSnippets.cs")));
        string[] calls = [.. Rows().Matches(text).SelectMany(row => Code().Matches(row.Groups["ours"].Value)).Select(code => code.Groups["code"].Value)];
        Assert.InRange(calls.Length, 80, 200);
        Assert.All(calls, call => Assert.True(compiled.Contains(Squeeze(call), StringComparison.Ordinal), $"docs/migrating.md shows a call that nothing compiles: {call}"));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_to_a_file_leads_to_one(string page)
    {
        string text = File.ReadAllText(Path.Combine(Root, page));
        string folder = Path.GetDirectoryName(Path.Combine(Root, page))!;
        Assert.All(Links().Matches(text), link => Assert.True(Path.Exists(Path.Combine(folder, link.Groups["path"].Value)), $"{page} links to {link.Groups["path"].Value}."));
    }

    [Fact]
    public async Task Every_instrument_is_in_its_page_with_its_unit()
    {
        string text = await File.ReadAllTextAsync(Path.Combine(Root, "docs", "diagnostics.md"));
        using var listener = new System.Diagnostics.Metrics.MeterListener();
        var published = new List<System.Diagnostics.Metrics.Instrument>();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == RedisDiagnostics.MeterName) published.Add(instrument);
        };
        await using RedisClient redis = await Servers.ConnectAsync();
        listener.Start();
        Assert.InRange(published.Count, 13, 100);
        Assert.All(published, instrument => Assert.Matches($@"\| `{Regex.Escape(instrument.Name)}` \| [a-z-]+, {Regex.Escape(instrument.Unit!)} \|", text));
    }

    [Fact]
    public void Every_log_line_is_in_its_page_with_its_number_and_level()
    {
        string text = File.ReadAllText(Path.Combine(Root, "docs", "diagnostics.md"));
        string source = File.ReadAllText(Path.Combine(Root, "src", "RedisToolkit.Client", "Diagnostics", "ClientLog.cs"));
        MatchCollection lines = LogLines().Matches(source);
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Contains($"| {line.Groups["id"].Value} | {line.Groups["level"].Value} | {line.Groups["text"].Value} |", text, StringComparison.Ordinal));
    }

    // Lines that only import namespaces stand elsewhere in a file, and white space is a matter of where it stands.
    private static string Squeeze(string code) => White().Replace(Imports().Replace(code, string.Empty), string.Empty);

    private static IEnumerable<string> Sources() => new[] { "tests", "samples" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static string FindRoot([CallerFilePath] string here = "")
    {
        // Built deterministically, the path of this file is no real one; then the tests' own folder leads up to the root.
        DirectoryInfo? folder = new(File.Exists(here) ? Path.GetDirectoryName(here)! : AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "RedisToolkit.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("RedisToolkit.sln was not found above the tests.");
    }

    [GeneratedRegex(@"^```csharp\n(?<code>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"\]\((?<path>[^)#:]+)(#[^)]*)?\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"^\| `[^|]* \| (?<ours>[^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex("`(?<code>[^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^using [\w.]+;\s*$", RegexOptions.Multiline)]
    private static partial Regex Imports();

    [GeneratedRegex(@"\s+")]
    private static partial Regex White();

    [GeneratedRegex("LoggerMessage\\((?<id>\\d+), LogLevel\\.(?<level>\\w+), \"(?<text>[^\"]+)\"")]
    private static partial Regex LogLines();
}
