using System.Globalization;
using System.Net.Sockets;
using RedisToolkit.Testing;

namespace RedisToolkit.Benchmarks.Load;

/// <summary>The verb <c>load</c>: one server, a process per client, rounds in turn.</summary>
internal static class LoadCommand
{
    private const double QuietMachine = 0.10; // of one core
    private static readonly TimeSpan FirstWarmUp = TimeSpan.FromSeconds(1); // until the hot methods are compiled for speed

    public static async Task<int> RunAsync(string[] arguments)
    {
        LoadOptions options;
        try
        {
            options = LoadOptions.Parse(arguments);
        }
        catch (ArgumentException e)
        {
            Console.Error.WriteLine($"{e.Message}\n\n{LoadOptions.Help}");
            return 2;
        }

        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true; // what was started is ended in order
            stop.Cancel();
        };
        try
        {
            return await RunAsync(options, stop.Token);
        }
        catch (Exception e) when (e is SocketException or ArgumentException or OperationCanceledException or RedisServerStartException)
        {
            Console.Error.WriteLine(e is SocketException ? $"No server answers at {options.Server}: {e.Message}." : e.Message);
            return 1;
        }
    }

    private static async Task<int> RunAsync(LoadOptions options, CancellationToken cancellationToken)
    {
        await using var servers = await BenchServers.OpenAsync(options, cancellationToken);
        await servers.PrepareAsync(options, cancellationToken);

        var results = new LoadResults();
        for (var launch = 0; launch < options.Launches; launch++) await LaunchAsync(options, servers, launch, results, cancellationToken);

        var report = LoadReport.Write(options, servers, results);
        Console.WriteLine(report);
        if (options.Out != "-") await SaveAsync(options, report, cancellationToken);
        return results.AnyFailure ? 1 : 0;
    }

    private static async Task LaunchAsync(
        LoadOptions options, BenchServers servers, int launch, LoadResults results, CancellationToken cancellationToken)
    {
        var workers = new Dictionary<string, WorkerProcess>();
        try
        {
            foreach (var client in options.Clients) workers[client] = await WorkerProcess.StartAsync(client, servers, options.Placement);
            foreach (var workload in options.Workloads)
            {
                for (var round = 0; round < options.Rounds; round++)
                {
                    foreach (var (client, worker) in workers)
                    {
                        cancellationToken.ThrowIfCancellationRequested();
                        if (results.Broken(workload, client)) continue;
                        var warmUp = round == 0 ? options.WarmUp + FirstWarmUp : options.WarmUp;
                        var data = servers.For(workload)?.Data;
                        if (data is not null) await data.ForgetAsync(workload, cancellationToken);
                        var result = await QuietRoundAsync(options, worker, workload, warmUp, results);
                        if (result.Operations > 0 && data is not null) await data.VerifyAsync(workload, cancellationToken);
                        results.Add(workload, client, launch, result);
                        Console.Error.WriteLine(Progress(workload, client, launch, round, result));
                    }
                }
            }
        }
        finally
        {
            foreach (var worker in workers.Values) await worker.DisposeAsync();
        }
    }

    /// <summary>Runs a round, and again if meanwhile the machine was busy with something else.</summary>
    private static async Task<RoundResult> QuietRoundAsync(
        LoadOptions options, WorkerProcess worker, Workload workload, TimeSpan warmUp, LoadResults results)
    {
        for (var attempt = 0; ; attempt++)
        {
            var result = await worker.RunAsync(workload, warmUp, options.Measured);
            if (result.Foreign <= QuietMachine) return result;
            if (attempt < options.Retries) continue;
            results.Disturbed++;
            return result;
        }
    }

    private static string Progress(Workload workload, string client, int launch, int round, RoundResult result)
    {
        var outcome = result.NotSupported ?? result.Failure
            ?? string.Create(CultureInfo.InvariantCulture, $"{result.PerSecond,12:N0} /s, other processes {result.Foreign:P0} of a core");
        return $"launch {launch + 1} round {round + 1} {workload.Name,-18} {client,-8} {outcome}";
    }

    private static async Task SaveAsync(LoadOptions options, string report, CancellationToken cancellationToken)
    {
        var file = options.Out ?? DefaultFile(options);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        await File.WriteAllTextAsync(file, report, cancellationToken);
        Console.Error.WriteLine($"Written to {file}");
    }

    private static string DefaultFile(LoadOptions options)
    {
        var folder = new DirectoryInfo(Environment.CurrentDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "RedisToolkit.sln"))) folder = folder.Parent;
        if (folder is null) throw new InvalidOperationException("Run it inside the repository, or say where the results go: --out file.");
        var name = string.Create(
            CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}-{LoadReport.Name(options.Placement)}.md");
        return Path.Combine(folder.FullName, "benchmarks", "results", name);
    }
}
