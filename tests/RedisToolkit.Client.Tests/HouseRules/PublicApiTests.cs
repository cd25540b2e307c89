using System.Reflection;

namespace RedisToolkit.Client.Tests.HouseRules;

/// <summary>
/// What the packages offer is written down in <c>approved</c>, so that a change of it is seen in review. When a change is meant,
/// run these tests once with <c>REDISTOOLKIT_APPROVE=1</c> in the environment: that rewrites the files.
/// </summary>
public sealed class PublicApiTests
{
    public static TheoryData<string> Packages { get; } = [.. House.Assemblies.Select(assembly => assembly.GetName().Name!)];

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_package_offers_what_was_approved(string package)
    {
        string actual = PublicApi.Describe(Assembly.Load(package));
        string file = Path.Combine(House.Root, "tests", "RedisToolkit.Client.Tests", "HouseRules", "approved", package + ".txt");
        if (Environment.GetEnvironmentVariable("REDISTOOLKIT_APPROVE") == "1") File.WriteAllText(file, actual);
        string approved = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : string.Empty;
        if (approved == actual) return;
        Assert.Fail($"{package} offers something else than was approved (- approved, + now). If that is meant, run this test with REDISTOOLKIT_APPROVE=1 and commit the file.\n{Difference(approved, actual)}");
    }

    [Fact]
    public void No_approved_file_is_of_a_package_that_is_gone()
    {
        string folder = Path.Combine(House.Root, "tests", "RedisToolkit.Client.Tests", "HouseRules", "approved");
        House.None(Directory.EnumerateFiles(folder).Select(Path.GetFileNameWithoutExtension).Except(House.Assemblies.Select(assembly => assembly.GetName().Name)));
    }

    // Lines are told apart together with the type that they stand under.
    private static string Difference(string approved, string actual)
    {
        string[] before = Qualified(approved), after = Qualified(actual);
        return string.Join('\n', before.Except(after).Select(line => "- " + line).Concat(after.Except(before).Select(line => "+ " + line)).Take(200));
    }

    private static string[] Qualified(string text)
    {
        string type = string.Empty;
        var lines = new List<string>();
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == ' ')
            {
                lines.Add($"{type}: {line.Trim()}");
                continue;
            }

            type = line.Split(" : ")[0];
            lines.Add(line);
        }

        return [.. lines];
    }
}
