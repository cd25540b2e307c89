using System.Diagnostics;
using System.Globalization;

namespace RedisToolkit.Testing.Tests;

/// <summary>What is left when a test process dies in the middle: nothing. The process that dies is RedisToolkit.Testing.OrphanProbe.</summary>
[Collection("sets")]
public sealed class OrphanTests
{
    [Theory]
    [InlineData("Redis", "Standalone", "")]
    [InlineData("Valkey", "Standalone", "")]
    [InlineData("Redis7", "Standalone", "")]
    [InlineData("Redis", "Standalone", "paused")]
    [InlineData("Redis", "Sentinel", "")]
    public async Task Servers_and_folders_of_a_killed_test_process_are_gone(string flavor, string topology, string state)
    {
        var (probe, nodes) = await StartProbeAsync(flavor, topology, state);
        Assert.All(nodes, node => Assert.True(ProcessTable.Runs(node.Id) && Directory.Exists(node.Folder)));
        probe.Kill(); // SIGKILL: nothing in it runs any more
        await NothingIsLeftAsync(nodes);
    }

    [Fact]
    public async Task They_are_gone_too_when_the_process_ends_without_disposing()
    {
        var (probe, nodes) = await StartProbeAsync("Redis", "Standalone", "");
        using var sent = Process.Start("/bin/sh", ["-c", $"kill -TERM {probe.Id}"]);
        await NothingIsLeftAsync(nodes);
    }

    private static async Task NothingIsLeftAsync(List<(int Id, string Folder)> nodes)
    {
        foreach (var (id, folder) in nodes)
        {
            await Eventually.IsTrueAsync(() => !ProcessTable.Runs(id), $"process {id} is gone");
            await Eventually.IsTrueAsync(() => !Directory.Exists(Path.GetDirectoryName(folder)), $"{folder} is gone");
        }
    }

    private static async Task<(Process Probe, List<(int Id, string Folder)> Nodes)> StartProbeAsync(string flavor, string topology, string state)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "RedisToolkit.Testing.OrphanProbe.dll");
        var probe = Process.Start(new ProcessStartInfo("dotnet", [program, flavor, topology, state]) { RedirectStandardOutput = true })!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var nodes = new List<(int, string)>();
        while (await probe.StandardOutput.ReadLineAsync(limit.Token) is { } line && line != "ready")
        {
            string[] words = line.Split(' ', 2);
            nodes.Add((int.Parse(words[0], CultureInfo.InvariantCulture), words[1]));
        }

        Assert.NotEmpty(nodes);
        return (probe, nodes);
    }
}
