using System.Diagnostics;
using System.Globalization;

namespace RedisToolkit.Benchmarks.Load;

/// <summary>The driver's end of a <see cref="Worker"/>: this program, started once more.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private WorkerProcess(Process process) => _process = process;

    public static async Task<WorkerProcess> StartAsync(string client, BenchServers servers, Placement placement)
    {
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") start.ArgumentList.Add(typeof(Worker).Assembly.Location);
        start.ArgumentList.Add("worker");
        start.ArgumentList.Add(client);
        Name(servers.Plain);
        if (servers.Encrypted is { } encrypted)
        {
            Name(encrypted);
            start.ArgumentList.Add(encrypted.Address.CertificateAuthority!);
        }

        var worker = new WorkerProcess(CpuPlacement.StartWorker(placement, start));
        var first = await worker.ReadLineAsync();
        return first == Worker.Ready ? worker : throw new InvalidOperationException($"The worker of {client} began with '{first}'.");

        void Name(BenchServer server)
        {
            start.ArgumentList.Add(server.Address.ToString());
            start.ArgumentList.Add(server.ProcessId?.ToString(CultureInfo.InvariantCulture) ?? Worker.ServerOutOfSight);
        }
    }

    public async Task<RoundResult> RunAsync(Workload workload, TimeSpan warmUp, TimeSpan measured)
    {
        var order = string.Create(
            CultureInfo.InvariantCulture, $"{workload.Name} {warmUp.TotalMilliseconds:0} {measured.TotalMilliseconds:0}");
        await _process.StandardInput.WriteLineAsync(order);
        await _process.StandardInput.FlushAsync();
        return RoundResult.Parse(await ReadLineAsync());
    }

    public async ValueTask DisposeAsync()
    {
        using (_process)
        {
            _process.StandardInput.Close(); // a worker ends with its input
            try
            {
                await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(5));
            }
            catch (TimeoutException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }
    }

    private async Task<string> ReadLineAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _process.StandardOutput.ReadLineAsync(patience.Token)
            ?? throw new InvalidOperationException("A worker ended before its round did; what it said stands above.");
    }
}
