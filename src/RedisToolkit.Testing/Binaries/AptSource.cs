using System.Text.RegularExpressions;

namespace RedisToolkit.Testing;

/// <summary>The address and the key of Debian's archive, as this machine's apt knows them.</summary>
/// <param name="Archive">The archive's address.</param>
/// <param name="SignedBy">The value of <c>Signed-By</c>; null for the machine's trusted keys.</param>
internal sealed partial record AptSource(string Archive, string? SignedBy)
{
    private const string Default = "http://deb.debian.org/debian";

    private static readonly HashSet<string> Suites = new(StringComparer.Ordinal)
    {
        "bullseye", "bookworm", "trixie", "forky", "duke", "sid", "oldstable", "stable", "testing", "unstable",
    };

    private static readonly string[] KeyFiles =
    [
        "/usr/share/keyrings/debian-archive-keyring.pgp", "/usr/share/keyrings/debian-archive-keyring.gpg",
    ];

    /// <summary>Reads apt's sources, both <c>.sources</c> and <c>.list</c>; where none names Debian (on Ubuntu), takes the archive everybody uses.</summary>
    /// <exception cref="AptException">None names Debian, and the keys of its archive are not on this machine.</exception>
    internal static AptSource OfMachine(string aptFolder)
    {
        string parts = Path.Combine(aptFolder, "sources.list.d");
        string main = Path.Combine(aptFolder, "sources.list");
        string[] files = Directory.Exists(parts) ? Directory.GetFiles(parts) : [];
        Array.Sort(files, StringComparer.Ordinal);
        var found = files.Where(file => file.EndsWith(".sources", StringComparison.Ordinal)).Select(Read).SelectMany(FromSources)
            .Concat(files.Where(file => file.EndsWith(".list", StringComparison.Ordinal)).Append(main).Where(File.Exists).Select(Read).SelectMany(FromList))
            .FirstOrDefault();
        if (found is not null) return found;

        string key = KeyFiles.FirstOrDefault(File.Exists)
            ?? throw new AptException(
                $"the sources in {aptFolder} name no archive of Debian (is this Ubuntu?), and the keys to check {Default} with are missing. " +
                "Install the package debian-archive-keyring");
        return new AptSource(Default, key);
    }

    /// <summary>Writes a <c>.sources</c> file for one suite.</summary>
    internal string Text(string suite) =>
        $"Types: deb\nURIs: {Archive}\nSuites: {suite}\nComponents: main\n" + (SignedBy is null ? "" : $"Signed-By: {SignedBy}\n");

    /// <summary>What to do about an error of apt's, where one can tell.</summary>
    internal string Hint(string errors) => errors.Contains("NO_PUBKEY", StringComparison.Ordinal) || errors.Contains("not signed", StringComparison.Ordinal)
        ? ". The machine's keys are older than the suite: update the package debian-archive-keyring"
        : "";

    /// <summary>Reads stanzas of <c>Name: value</c> lines; a line that begins with a blank goes on with the value before it.</summary>
    internal static IEnumerable<AptSource> FromSources(string text)
    {
        foreach (string stanza in BlankLine().Split(text.ReplaceLineEndings("\n")))
        {
            var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            string? name = null;
            foreach (string line in stanza.Split('\n'))
            {
                if (line.StartsWith('#')) continue;
                if (line.Length > 0 && line[0] is ' ' or '\t' && name is not null) fields[name] += "\n" + line;
                else if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon) fields[name = line[..colon]] = line[(colon + 1)..].Trim();
            }

            bool enabled = !fields.TryGetValue("Enabled", out string? value) || value is not ("no" or "false" or "0");
            if (enabled && IsDebian(Words("Types"), Words("Suites"), Words("Components")) && Words("URIs") is [var address, ..])
                yield return new AptSource(address, fields.GetValueOrDefault("Signed-By"));

            string[] Words(string field) => fields.GetValueOrDefault(field, "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        }
    }

    /// <summary>Reads lines <c>deb [options] address suite component...</c>.</summary>
    internal static IEnumerable<AptSource> FromList(string text)
    {
        foreach (Match line in OneLine().Matches(text.ReplaceLineEndings("\n")))
        {
            string[] words = line.Groups["rest"].Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words is not [var address, var suite, .. var components] || !IsDebian(["deb"], [suite], components)) continue;
            string? key = line.Groups["options"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Where(option => option.StartsWith("signed-by=", StringComparison.OrdinalIgnoreCase)).Select(option => option["signed-by=".Length..]).FirstOrDefault();
            yield return new AptSource(address, key);
        }
    }

    private static string Read(string path) => File.ReadAllText(path);

    /// <summary>A suite by Debian's own name with the component main is Debian's archive; security and updates have suites of other names.</summary>
    private static bool IsDebian(string[] types, string[] suites, string[] components) =>
        types.Contains("deb") && components.Contains("main") && suites.Any(Suites.Contains);

    [GeneratedRegex(@"\n\s*\n")]
    private static partial Regex BlankLine();

    [GeneratedRegex(@"^[ \t]*deb[ \t]+(\[(?<options>[^\]]*)\][ \t]+)?(?<rest>[^#\n]*)", RegexOptions.Multiline)]
    private static partial Regex OneLine();
}
