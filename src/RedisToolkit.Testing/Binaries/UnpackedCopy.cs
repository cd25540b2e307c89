namespace RedisToolkit.Testing;

/// <summary>A server's packages unpacked into the user's cache folder, with their own loader and libraries.</summary>
internal static class UnpackedCopy
{
    internal static async Task<LocalBinary?> FindAsync(
        SearchEnvironment environment, FlavorFacts facts, List<string> tried, CancellationToken cancellationToken)
    {
        string folder;
        try
        {
            folder = Path.Combine(environment.ServersFolder(), facts.Folder);
        }
        catch (Exception failed) when (failed is UnauthorizedAccessException or IOException)
        {
            tried.Add($"Unpacked copy: {failed.Message}");
            return null;
        }

        if (!Directory.Exists(folder))
        {
            tried.Add($"Unpacked copy: {folder} does not exist yet");
            return null;
        }

        return await CheckAsync(folder, facts, tried, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Checks that an unpacked folder holds a server that starts on this machine.</summary>
    internal static async Task<LocalBinary?> CheckAsync(string folder, FlavorFacts facts, List<string> tried, CancellationToken cancellationToken)
    {
        string program = Path.Combine(folder, "usr", "bin", facts.Program);
        string[] libraries = [.. new[] { "usr/lib", "lib" }.Select(lib => Path.Combine(folder, lib)).Where(Directory.Exists)
            .SelectMany(lib => Directory.EnumerateFiles(lib, "libc.so.6", SearchOption.AllDirectories).Select(file => Path.GetDirectoryName(file)!)
                .Concat(Directory.EnumerateFiles(lib, "libjemalloc.so.2", SearchOption.AllDirectories).Select(file => Path.GetDirectoryName(file)!)))
            .Distinct(StringComparer.Ordinal)];
        string? loader = libraries.SelectMany(lib => Directory.EnumerateFiles(lib, "ld-linux*.so.*")).FirstOrDefault();
        if (!File.Exists(program) || loader is null)
        {
            tried.Add($"Unpacked copy: {folder} is not whole ({(loader is null ? "no loader" : $"no {facts.Program}")}); remove it");
            return null;
        }

        // Its own loader with its own libraries: the packages may be newer than this machine's C library.
        string[] commandLine = [loader, "--library-path", string.Join(':', libraries), program];
        return await PathSearch.CheckAsync(commandLine, "Unpacked copy", facts, tried, cancellationToken).ConfigureAwait(false);
    }
}
