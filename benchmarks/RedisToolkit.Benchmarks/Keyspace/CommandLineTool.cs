using System.Diagnostics;
using RedisToolkit.Benchmarks.Load;

namespace RedisToolkit.Benchmarks.Keyspace;

/// <summary>The server's own <c>redis-cli</c> or <c>valkey-cli</c>, from the folder that the server runs from.</summary>
internal sealed class CommandLineTool
{
    private readonly string _invocation;

    private CommandLineTool(string name, string invocation) => (Name, _invocation) = (name, invocation);

    public string Name { get; }

    /// <summary>Finds it; null if the server's folder has none, or the server runs where it cannot be looked at.</summary>
    public static CommandLineTool? Find(BenchServer server)
    {
        if (server.ProcessId is not { } id || !File.Exists($"/proc/{id}/maps")) return null;
        string[] files = [.. File.ReadLines($"/proc/{id}/maps").Select(line => line.IndexOf('/') is var at and >= 0 ? line[at..].Trim() : "").Where(path => path != "").Distinct()];
        foreach (var folder in files.Where(path => !path.Contains(".so", StringComparison.Ordinal)).Select(Path.GetDirectoryName).Distinct())
        {
            foreach (var name in new[] { "redis-cli", "valkey-cli" })
            {
                var program = Path.Combine(folder!, name);
                if (!File.Exists(program)) continue;
                // An unpacked server runs through a loader of its own, with its own libraries; so does its tool.
                var loader = files.FirstOrDefault(path => Path.GetFileName(path).StartsWith("ld-linux", StringComparison.Ordinal));
                var libraries = string.Join(':', files.Where(path => path.Contains(".so", StringComparison.Ordinal)).Select(Path.GetDirectoryName).Distinct());
                var isForeign = loader is not null && !loader.StartsWith("/lib", StringComparison.Ordinal) && !loader.StartsWith("/usr/lib", StringComparison.Ordinal);
                return new CommandLineTool(name, isForeign ? $"'{loader}' --library-path '{libraries}' '{program}'" : $"'{program}'");
            }
        }

        return null;
    }

    /// <summary>Deletes by the line that people write.</summary>
    public async Task DeleteAsync(BenchServer server, string pattern)
    {
        var tool = $"{_invocation} -h {server.Address.Host} -p {server.Address.Port}";
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"{tool} --scan --pattern '{pattern}' | xargs {tool} unlink > /dev/null");
        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{Name} ended with {process.ExitCode}: {errors}");
    }
}
