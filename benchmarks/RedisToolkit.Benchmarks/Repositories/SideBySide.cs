using System.Diagnostics;
using System.Globalization;

namespace RedisToolkit.Benchmarks.Repositories;

/// <summary>Measures the ways of a comparison in turn, round after round, and prints the medians.</summary>
internal sealed class SideBySide(RepositoriesRun run, Action<string> print)
{
    public async Task MeasureAsync(Comparison comparison)
    {
        IReadOnlyList<Way> all = comparison.Floor is { } floor ? [.. comparison.Ways, floor] : comparison.Ways;
        var rounds = all.ToDictionary(way => way, _ => new List<Round>());
        // The first round is for the compiler and the caches.
        for (var round = 0; round <= run.Rounds; round++)
        {
            foreach (var way in all)
            {
                var measured = await RoundAsync(way, comparison.Callers, run.Measured);
                if (round > 0) rounds[way].Add(measured);
            }
        }

        await PrintAsync(comparison, all, rounds);
    }

    private async Task PrintAsync(Comparison comparison, IReadOnlyList<Way> all, Dictionary<Way, List<Round>> rounds)
    {
        var beyond = comparison.Floor is { } floor ? Median(rounds[floor], round => round.Bytes) : 0;
        var remarks = all.Any(way => way.Remark is not null);
        print("");
        print($"## {comparison.Title}");
        print("");
        print($"| by | {comparison.Unit}/s | min..max | times | B allocated for each | {(beyond > 0 ? "beyond the entity" : "")} | times |{(remarks ? " stored |" : "")}");
        print($"| --- | --: | --: | --: | --: | --: | --: |{(remarks ? " --- |" : "")}");
        var first = rounds[comparison.Ways[0]];
        foreach (var way in all)
        {
            var seen = rounds[way];
            double perSecond = Median(seen, round => round.PerSecond), bytes = Median(seen, round => round.Bytes);
            var remark = !remarks ? "" : way.Remark is null ? " |" : $" {await way.Remark()} |";
            print(string.Create(
                CultureInfo.InvariantCulture,
                $"| {way.Name} | {perSecond:N0} | {seen.Min(round => round.PerSecond):N0}..{seen.Max(round => round.PerSecond):N0} | {perSecond / Median(first, round => round.PerSecond):0.00}x | {bytes:N0} | {(beyond > 0 ? (bytes - beyond).ToString("N0", CultureInfo.InvariantCulture) : "")} | {(bytes - beyond) / (Median(first, round => round.Bytes) - beyond):0.00}x |{remark}"));
        }
    }

    private static async Task<Round> RoundAsync(Way way, int callers, TimeSpan measured)
    {
        GC.Collect();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var began = Stopwatch.GetTimestamp();
        var done = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(way, caller, callers, began, measured))));
        var elapsed = Stopwatch.GetElapsedTime(began);
        long units = done.Sum();
        return new Round(units / elapsed.TotalSeconds, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)units);
    }

    private static async Task<long> CallAsync(Way way, int caller, int callers, long began, TimeSpan measured)
    {
        long units = 0;
        for (var number = caller; Stopwatch.GetElapsedTime(began) < measured; number += callers) units += await way.OnceAsync(number);
        return units;
    }

    private static double Median(List<Round> rounds, Func<Round, double> figure)
    {
        var sorted = rounds.Select(figure).Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[sorted.Count / 2 - 1] + sorted[sorted.Count / 2]) / 2;
    }

    private sealed record Round(double PerSecond, double Bytes);
}
