using System.Diagnostics;
using System.Globalization;
using RedisToolkit.Benchmarks.Clients;

namespace RedisToolkit.Benchmarks.Load;

/// <summary>
/// The process of one client: <c>worker client host:port server-pid [tls-host:port server-pid authority.pem]</c>. It reads lines
/// <c>workload warm-up-ms measured-ms</c>, answers each with one <see cref="RoundResult"/> line, and ends with its input.
/// </summary>
internal static class Worker
{
    public const string Ready = "ready";
    public const string ServerOutOfSight = "-";

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not [var name, var address, var process, .. var tls]) return 2;
        var plain = new Target(ServerAddress.Parse(address), ProcessId(process));
        var encrypted = tls is [var tlsAddress, var tlsProcess, var authority]
            ? new Target(ServerAddress.Parse(tlsAddress, authority), ProcessId(tlsProcess))
            : null;

        Console.WriteLine(Ready);
        var clients = new Dictionary<Target, ILoadClient>();
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ');
            var workload = Workload.Named([words[0]])[0];
            Console.WriteLine((await AnswerAsync(workload, Milliseconds(words[1]), Milliseconds(words[2]))).ToLine());
        }

        foreach (var client in clients.Values) await client.DisposeAsync();
        return 0;

        async Task<RoundResult> AnswerAsync(Workload workload, TimeSpan warmUp, TimeSpan measured)
        {
            var server = workload.Tls ? encrypted : plain;
            if (server is null) return new RoundResult(NotSupported: "the server of this run has no TLS port");
            try
            {
                if (!clients.TryGetValue(server, out var client))
                {
                    using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
                    clients[server] = client = await LoadClients.ConnectAsync(name, server.Address, patience.Token);
                }

                return await MeasureAsync(client, server.ProcessId, workload, warmUp, measured);
            }
            catch (NotSupportedException e)
            {
                return new RoundResult(NotSupported: e.Message);
            }
            catch (Exception e) // whatever it is, it is this round's result; the next round gets a fresh connection
            {
                if (clients.Remove(server, out var broken)) await broken.DisposeAsync();
                return new RoundResult(Failure: $"{e.GetType().Name}: {e.Message}");
            }
        }
    }

    private static async Task<RoundResult> MeasureAsync(
        ILoadClient client, int? serverId, Workload workload, TimeSpan warmUp, TimeSpan measured)
    {
        await RunForAsync(client, workload, new Round(workload), warmUp);

        var round = new Round(workload);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        int[] collections = [GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2)];
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var server = ServerSeconds();
        var machine = MachineSeconds();
        var cpu = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        await RunForAsync(client, workload, round, measured);
        var elapsed = Stopwatch.GetElapsedTime(started);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        machine = MachineSeconds() - machine;
        server = ServerSeconds() - server;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;

        var latencies = new LatencyHistogram();
        foreach (var caller in round.Callers) latencies.Add(caller.Latencies);
        var operations = round.Callers.Sum(caller => caller.Operations);
        return new RoundResult(
            operations,
            elapsed.TotalSeconds,
            latencies.Percentile(0.50),
            latencies.Percentile(0.99),
            latencies.Percentile(0.999),
            (double)allocated / operations,
            cpu.TotalMicroseconds / operations,
            GC.CollectionCount(0) - collections[0],
            GC.CollectionCount(1) - collections[1],
            GC.CollectionCount(2) - collections[2],
            serverId is null ? double.NaN : server * 1e6 / operations,
            Math.Max(0, machine - server - cpu.TotalSeconds) / elapsed.TotalSeconds);

        double ServerSeconds() => serverId is { } id ? ProcessorTime.Of(id) : 0;

        double MachineSeconds() => serverId is null ? 0 : ProcessorTime.OfMachine();
    }

    private static async Task RunForAsync(ILoadClient client, Workload workload, Round round, TimeSpan time)
    {
        var running = client.RunAsync(workload, round);
        try
        {
            await Task.WhenAny(running, Task.Delay(time));
        }
        finally
        {
            round.Stop();
        }

        await running.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private static int? ProcessId(string text) => text == ServerOutOfSight ? null : int.Parse(text, CultureInfo.InvariantCulture);

    private static TimeSpan Milliseconds(string text) => TimeSpan.FromMilliseconds(int.Parse(text, CultureInfo.InvariantCulture));

    private sealed record Target(ServerAddress Address, int? ProcessId);
}
