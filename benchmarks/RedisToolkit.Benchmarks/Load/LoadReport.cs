using System.Globalization;
using System.Text;
using RedisToolkit.Benchmarks.Clients;

namespace RedisToolkit.Benchmarks.Load;

/// <summary>Results as Markdown: one table that compares, then one per workload with everything.</summary>
internal static class LoadReport
{
    public static string Name(Placement placement) => placement switch
    {
        Placement.OneCore => "one-core",
        Placement.Split => "split",
        _ => "free",
    };

    public static string Write(LoadOptions options, BenchServers servers, LoadResults results)
    {
        var text = new StringBuilder();
        var today = TimeProvider.System.GetUtcNow();
        text.AppendLine(CultureInfo.InvariantCulture, $"# Load, {today:yyyy-MM-dd}, placement {Name(options.Placement)}");
        text.AppendLine();
        text.AppendLine("```text");
        text.Append("dotnet run -c Release --project benchmarks/RedisToolkit.Benchmarks -- load ").AppendLine(options.CommandLine);
        text.AppendLine("```");
        text.AppendLine();
        foreach (var line in MachineFacts.Lines(servers.Plain)) text.AppendLine(CultureInfo.InvariantCulture, $"- {line}");
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"- {options.Launches} launches of {options.Rounds} rounds of {options.Measured.TotalSeconds} s, clients in turn; " +
            $"rounds counted although other processes used more than 10 % of a core: {results.Disturbed}");
        text.AppendLine();
        WriteComparison(text, options, results);
        foreach (var workload in options.Workloads) WriteWorkload(text, options, results, workload);
        return text.ToString();
    }

    private static void WriteComparison(StringBuilder text, LoadOptions options, LoadResults results)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"Calls per second, and in brackets against {LoadClients.Baseline}:");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"| workload | {string.Join(" | ", options.Clients)} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---|{string.Concat(options.Clients.Select(_ => "--:|"))}");
        foreach (var workload in options.Workloads)
        {
            var cells = options.Clients.Select(client => results.Median(workload, client, r => r.PerSecond) is { } perSecond
                ? string.Create(CultureInfo.InvariantCulture, $"{perSecond:N0} ({Ratio(results, workload, client, LoadClients.Baseline)})")
                : "-");
            var mark = Losses(results, workload) is { Length: > 0 } ? " **!**" : "";
            text.AppendLine(CultureInfo.InvariantCulture, $"| {workload.Name}{mark} | {string.Join(" | ", cells)} |");
        }

        text.AppendLine();
        if (options.Clients.Contains(LoadClients.Ours))
        {
            text.AppendLine($"**!**: {LoadClients.Ours} is behind {LoadClients.Baseline} by more than 1 % in what its table says.");
            text.AppendLine();
        }
    }

    private static void WriteWorkload(StringBuilder text, LoadOptions options, LoadResults results, Workload workload)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"## {workload.Name}");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{workload.About}.");
        text.AppendLine();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"| client | ops/s | min..max | vs {LoadClients.Baseline} | vs {LoadClients.Floor} | B/op " +
            $"| client CPU us/op | server CPU us/op | p50 us | p99 us | p99.9 us | gen0/1/2 | |");
        text.AppendLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|");
        foreach (var client in options.Clients) text.AppendLine(Row(results, workload, client));
        text.AppendLine();
    }

    private static string Row(LoadResults results, Workload workload, string client)
    {
        if (results.Median(workload, client, r => r.PerSecond) is not { } perSecond)
            return $"| {client} | - | - | - | - | - | - | - | - | - | - | - | {OneLine(results.Remark(workload, client) ?? "not run")} |";

        var (min, max) = results.Range(workload, client);
        double Figure(Func<RoundResult, double> figure) => results.Median(workload, client, figure) ?? 0;
        var serverCpu = Figure(r => r.ServerCpu) is var cpu and not double.NaN ? cpu.ToString("N2", CultureInfo.InvariantCulture) : "-";
        var losses = client == LoadClients.Ours ? Losses(results, workload) : [];
        var mark = losses.Length > 0 ? $"**behind in {string.Join(", ", losses)}**" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {client} | {perSecond:N0} | {min:N0}..{max:N0} | {Ratio(results, workload, client, LoadClients.Baseline)} " +
            $"| {Ratio(results, workload, client, LoadClients.Floor)} | {Figure(r => r.BytesPerOperation):N0} " +
            $"| {Figure(r => r.ClientCpu):N2} | {serverCpu} | {Figure(r => r.P50):N0} " +
            $"| {Figure(r => r.P99):N0} | {Figure(r => r.P999):N0} " +
            $"| {Figure(r => r.Gen0):0}/{Figure(r => r.Gen1):0}/{Figure(r => r.Gen2):0} | {mark} |");
    }

    /// <summary>In what our client is worse than the baseline; less than 1 % is nothing.</summary>
    private static string[] Losses(LoadResults results, Workload workload)
    {
        (string Name, Func<RoundResult, double> Cost)[] costs =
        [
            ("ops/s", r => 1 / r.PerSecond),
            ("p99", r => r.P99),
            ("B/op", r => r.BytesPerOperation),
        ];
        return [.. costs.Where(cost => Of(LoadClients.Ours, cost.Cost) > 1.01 * Of(LoadClients.Baseline, cost.Cost)).Select(c => c.Name)];

        double? Of(string client, Func<RoundResult, double> cost) => results.Median(workload, client, cost);
    }

    private static string Ratio(LoadResults results, Workload workload, string client, string against) =>
        results.Median(workload, client, r => r.PerSecond) / results.Median(workload, against, r => r.PerSecond) is { } ratio
            ? string.Create(CultureInfo.InvariantCulture, $"{ratio:0.00}x")
            : "-";

    private static string OneLine(string remark) => remark.ReplaceLineEndings(" ").Replace("|", "/", StringComparison.Ordinal);
}
