using System.Reflection;
using System.Runtime;
using System.Runtime.InteropServices;

namespace RedisToolkit.Benchmarks.Load;

/// <summary>What a reader must know about where figures come from.</summary>
internal static class MachineFacts
{
    public static IEnumerable<string> Lines(BenchServer server) =>
    [
        $"{Environment.ProcessorCount} cores, {ProcessorModel()}, {RuntimeInformation.OSArchitecture}",
        $"{RuntimeInformation.OSDescription}, kernel {Environment.OSVersion.Version}",
        $"{RuntimeInformation.FrameworkDescription}, {(GCSettings.IsServerGC ? "server" : "workstation")} GC{RuntimeSettings()}",
        $"Server: {server.Version}, loopback",
        $"RedisToolkit {typeof(MachineFacts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}",
    ];

    private static string ProcessorModel() => File.ReadLines("/proc/cpuinfo")
        .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown processor";

    private static string RuntimeSettings()
    {
        string[] names = ["DOTNET_TieredPGO", "DOTNET_TieredCompilation", "DOTNET_ReadyToRun", "DOTNET_GCgen0size", "DOTNET_gcServer"];
        var set = names.Where(name => Environment.GetEnvironmentVariable(name) is not null).ToList();
        return set.Count == 0 ? "" : ", " + string.Join(", ", set.Select(name => $"{name}={Environment.GetEnvironmentVariable(name)}"));
    }
}
