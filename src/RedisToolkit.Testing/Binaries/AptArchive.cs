namespace RedisToolkit.Testing;

/// <summary>
/// Fetches a server from Debian's archive with <c>apt-get download</c> and unpacks it with <c>dpkg -x</c> into the user's cache folder. Nothing is
/// installed, root is not needed, and the machine's own apt state is not touched: apt gets lists, cache and status of its own.
/// </summary>
internal static class AptArchive
{
    private static readonly TimeSpan UpdateBound = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan DownloadBound = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LockBound = TimeSpan.FromMinutes(5);

    internal static async Task<LocalBinary?> FindAsync(
        SearchEnvironment environment, FlavorFacts facts, List<string> tried, CancellationToken cancellationToken)
    {
        const string Where = "Debian's archive";
        if (environment.Variable("REDISTOOLKIT_TEST_DOWNLOAD") is "0" or "no" or "false")
        {
            tried.Add($"{Where}: forbidden by REDISTOOLKIT_TEST_DOWNLOAD");
            return null;
        }

        foreach (string tool in new[] { "apt-get", "apt-cache", "dpkg" })
        {
            if (environment.FindProgram(tool) is not null) continue;
            tried.Add($"{Where}: no {tool} on the PATH; this way is for Debian and Ubuntu");
            return null;
        }

        try
        {
            string servers = environment.ServersFolder();
            string folder = Path.Combine(servers, facts.Folder);
            // One process fetches, the others wait for what it fetched.
            using (await FileLock.TakeAsync(Path.Combine(servers, facts.Folder + ".lock"), LockBound, cancellationToken).ConfigureAwait(false))
            {
                if (!Directory.Exists(folder)) await FetchAsync(environment, facts, servers, folder, cancellationToken).ConfigureAwait(false);
            }

            return await UnpackedCopy.CheckAsync(folder, facts, tried, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is AptException or UnauthorizedAccessException or IOException or TimeoutException)
        {
            tried.Add($"{Where}: {failed.Message}");
            return null;
        }
    }

    private static async Task FetchAsync(SearchEnvironment environment, FlavorFacts facts, string servers, string folder, CancellationToken cancellationToken)
    {
        var source = AptSource.OfMachine(environment.AptFolder);
        string work = Directory.CreateDirectory(Path.Combine(servers, $".{facts.Folder}-{Guid.NewGuid():N}")).FullName;
        try
        {
            foreach (string part in new[] { "state/lists/partial", "cache/archives/partial", "sources", "packages", "root" })
                Directory.CreateDirectory(Path.Combine(work, part));
            await File.WriteAllTextAsync(Path.Combine(work, "state/status"), "", cancellationToken).ConfigureAwait(false);
            await File.WriteAllTextAsync(Path.Combine(work, "sources/debian.sources"), source.Text(facts.Suite), cancellationToken).ConfigureAwait(false);
            string[] settings = Settings(work);

            await AptAsync("apt-get", [.. settings, "update"], UpdateBound).ConfigureAwait(false);
            var tree = await AptAsync("apt-cache", [.. settings, "depends", "--important", "--recurse", facts.ToolsPackage], UpdateBound).ConfigureAwait(false);
            string[] packages = [facts.ServerPackage, facts.ToolsPackage, .. Libraries(tree.Output, facts.ToolsPackage)];
            await AptAsync("apt-get", [.. settings, "download", .. packages], DownloadBound).ConfigureAwait(false);
            foreach (string package in Directory.EnumerateFiles(Path.Combine(work, "packages"), "*.deb"))
                await AptAsync("dpkg", ["-x", package, Path.Combine(work, "root")], DownloadBound).ConfigureAwait(false);

            var problems = new List<string>();
            if (await UnpackedCopy.CheckAsync(Path.Combine(work, "root"), facts, problems, cancellationToken).ConfigureAwait(false) is null)
                throw new AptException($"the suite {facts.Suite} of {source.Archive} did not give {facts.Name}: {string.Join("; ", problems)}");

            Directory.Move(Path.Combine(work, "root"), folder); // in one step: nobody sees a half of it
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }

        async Task<ToolResult> AptAsync(string tool, string[] arguments, TimeSpan bound)
        {
            var ran = await ToolRun.RunAsync(environment.FindProgram(tool)!, arguments, bound, Path.Combine(work, "packages"), cancellationToken).ConfigureAwait(false);
            return ran.Succeeded ? ran : throw new AptException($"{tool} failed for the suite {facts.Suite} of {source.Archive}: {ran.LastWords}{source.Hint(ran.Errors)}");
        }
    }

    /// <summary>apt's settings for a state of its own, with the package index alone (no translations, no application metadata).</summary>
    private static string[] Settings(string work)
    {
        string[] values =
        [
            $"Dir::State={work}/state", $"Dir::State::lists={work}/state/lists", $"Dir::State::status={work}/state/status",
            $"Dir::Cache={work}/cache", "Dir::Etc::sourcelist=/dev/null", $"Dir::Etc::sourceparts={work}/sources",
            "Dir::Etc::preferences=/dev/null", "Dir::Etc::preferencesparts=/dev/null", "Acquire::Languages=none",
            "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false", "Acquire::IndexTargets::deb::DEP-11-icons::DefaultEnabled=false",
            "Acquire::IndexTargets::deb::DEP-11-icons-small::DefaultEnabled=false", "Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false",
            "Acquire::Retries=2", "Acquire::http::Timeout=20", "Acquire::https::Timeout=20", "APT::Update::Error-Mode=any", "APT::Update::Post-Invoke-Success=", "APT::Update::Post-Invoke=",
            "APT::Sandbox::User=root", // when root runs this: apt's own user could not write into the cache folder
        ];
        return ["-q", .. values.SelectMany(value => new[] { "-o", value })];
    }

    /// <summary>Walks <c>apt-cache depends --recurse</c> from a package through libraries alone: what an installation needs besides is left out.</summary>
    internal static IReadOnlyCollection<string> Libraries(string tree, string root)
    {
        var needs = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        List<string>? current = null;
        foreach (string line in tree.Split('\n'))
        {
            if (line.Length == 0) continue;
            if (line[0] is not ' ') needs[line.Trim()] = current = [];
            else if (line.Contains("Depends: ", StringComparison.Ordinal)) current?.Add(line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..].Trim());
        }

        var found = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<string>([root]);
        while (open.TryDequeue(out string? package))
        {
            foreach (string need in needs.GetValueOrDefault(package) ?? [])
            {
                bool library = need.StartsWith("lib", StringComparison.Ordinal) || need.StartsWith("zlib", StringComparison.Ordinal);
                bool unused = need.StartsWith("libc-gconv", StringComparison.Ordinal); // character sets
                if (library && !unused && found.Add(need)) open.Enqueue(need);
            }
        }

        return found;
    }
}

/// <summary>A step of fetching from the archive failed; the message is one line.</summary>
internal sealed class AptException(string message) : Exception(message);
