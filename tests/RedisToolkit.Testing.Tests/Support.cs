using System.Diagnostics;

[assembly: System.Runtime.Versioning.UnsupportedOSPlatform("windows")]

namespace RedisToolkit.Testing.Tests;

/// <summary>Waits for what must come true, with a bound against hangs.</summary>
internal static class Eventually
{
    internal static async Task IsTrueAsync(Func<bool> condition, string what, int seconds = 15)
    {
        long started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(started).TotalSeconds > seconds) Assert.Fail($"Not within {seconds} s: {what}");
            await Task.Delay(10);
        }
    }

    internal static async Task IsTrueAsync(Func<Task<bool>> condition, string what, int seconds = 15)
    {
        long started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started).TotalSeconds > seconds) Assert.Fail($"Not within {seconds} s: {what}");
            await Task.Delay(10);
        }
    }
}

/// <summary>What the system says about a process.</summary>
internal static class ProcessTable
{
    /// <summary>Whether a process runs; a dead one that nobody has waited for does not.</summary>
    internal static bool Runs(int id)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }
}

/// <summary>The flavours, for theories.</summary>
public sealed class Flavors : TheoryData<RedisFlavor>
{
    public Flavors()
    {
        Add(RedisFlavor.Redis);
        Add(RedisFlavor.Valkey);
        Add(RedisFlavor.Redis7);
    }
}

/// <summary>A folder for one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("rt-tests-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);

    internal string Write(string name, string text, bool executable = false)
    {
        string path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        if (executable) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
