namespace RedisToolkit.Testing;

/// <summary>What of this machine the search looks at; tests give another.</summary>
internal sealed record SearchEnvironment
{
    internal static SearchEnvironment Machine { get; } = new();

    /// <summary>Reads an environment variable.</summary>
    internal Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>The folder with apt's configuration of sources.</summary>
    internal string AptFolder { get; init; } = "/etc/apt";

    /// <summary>Finds a program on the PATH.</summary>
    /// <returns>Its full path, or null.</returns>
    internal string? FindProgram(string name)
    {
        foreach (string folder in (Variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            string path = Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name);
            if (File.Exists(path)) return path;
        }

        return null;
    }

    /// <summary>Finds the folder for unpacked servers: <c>$XDG_CACHE_HOME</c>, <c>~/.cache</c>, or one of this user's in the folder for temporary files.</summary>
    internal string ServersFolder()
    {
        string? home = Variable("HOME");
        string? cache = Variable("XDG_CACHE_HOME") is { Length: > 0 } given ? given : string.IsNullOrEmpty(home) ? null : Path.Combine(home, ".cache");
        if (cache is not null && Path.IsPathRooted(cache))
        {
            string folder = Path.Combine(cache, "redistoolkit", "servers");
            try
            {
                Directory.CreateDirectory(folder);
                return folder;
            }
            catch (Exception failed) when (failed is UnauthorizedAccessException or IOException)
            {
                // A home that does not exist or is not writable, as service accounts have: the folder for temporary files serves.
            }
        }

        string own = Path.Combine(Path.GetTempPath(), $"redistoolkit-cache-{Environment.UserName}", "servers");
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(own);
            return own;
        }

        const UnixFileMode onlyOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        string parent = Path.GetDirectoryName(own)!;
        Directory.CreateDirectory(parent, onlyOwner);
        if (File.GetUnixFileMode(parent) != onlyOwner)
            throw new IOException($"{parent} can be read or written by others, and programs are started from it. Remove it, or set XDG_CACHE_HOME to a folder of your own.");
        Directory.CreateDirectory(own, onlyOwner);
        return own;
    }
}
