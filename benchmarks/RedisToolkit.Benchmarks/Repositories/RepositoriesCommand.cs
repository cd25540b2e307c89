using System.Globalization;
using RedisToolkit.Benchmarks.Load;
using RedisToolkit.Testing;

namespace RedisToolkit.Benchmarks.Repositories;

/// <summary>The verb <c>repositories</c>: entities by a repository beside what is written by hand, and one way of keeping them beside another.</summary>
internal static class RepositoriesCommand
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        try
        {
            var run = RepositoriesRun.Parse(arguments);
            if (!BenchServer.IsFlavor(run.Server, out var flavor)) throw new ArgumentException($"--server is redis, valkey or redis7, not '{run.Server}'.");
            await using var server = await BenchServer.StartAsync(flavor, tls: false, CancellationToken.None);
            await using var stores = await Stores.OpenAsync(server);
            PrintHead(run, server);
            var sideBySide = new SideBySide(run, Console.WriteLine);
            foreach (var comparison in Comparisons.All(stores).Where(comparison => run.Has(comparison.Title))) await sideBySide.MeasureAsync(comparison);
            return 0;
        }
        catch (Exception e) when (e is ArgumentException or RedisServerStartException)
        {
            Console.Error.WriteLine($"{e.Message}\n\n{RepositoriesRun.Help}");
            return 2;
        }
    }

    private static void PrintHead(RepositoriesRun run, BenchServer server)
    {
        Console.WriteLine($"# Repositories, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}");
        Console.WriteLine();
        Console.WriteLine("```text");
        Console.WriteLine($"dotnet run -c Release --project benchmarks/RedisToolkit.Benchmarks -- repositories {run.CommandLine}".TrimEnd());
        Console.WriteLine("```");
        Console.WriteLine();
        foreach (var line in MachineFacts.Lines(server)) Console.WriteLine($"- {line}");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"- All in one process, in turn; medians of {run.Rounds} rounds of {run.Measured.TotalSeconds} s each. A product is {Stores.Encode(Product.Sample(7)).Length} B of JSON. What is allocated includes the entities themselves."));
    }
}
