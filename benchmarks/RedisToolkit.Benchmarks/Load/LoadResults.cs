namespace RedisToolkit.Benchmarks.Load;

/// <summary>All rounds of a run, and what is made of them: per launch the median of its rounds, of launches the median.</summary>
internal sealed class LoadResults
{
    private readonly Dictionary<(string Workload, string Client), List<(int Launch, RoundResult Result)>> _rounds = [];

    /// <summary>Gets or sets how many rounds count although other processes were at work.</summary>
    public int Disturbed { get; set; }

    public bool AnyFailure => _rounds.Values.SelectMany(rounds => rounds).Any(round => round.Result.Failure is not null);

    public void Add(Workload workload, string client, int launch, RoundResult result)
    {
        if (!_rounds.TryGetValue((workload.Name, client), out var rounds)) _rounds[(workload.Name, client)] = rounds = [];
        rounds.Add((launch, result));
    }

    /// <summary>Whether the client has failed at this workload, or cannot do it: then there is no use in asking again.</summary>
    public bool Broken(Workload workload, string client) => Remark(workload, client) is not null;

    public string? Remark(Workload workload, string client) => _rounds.GetValueOrDefault((workload.Name, client))?
        .Select(round => round.Result.NotSupported ?? round.Result.Failure).FirstOrDefault(remark => remark is not null);

    /// <returns>Null when the client has no figures for this workload.</returns>
    public double? Median(Workload workload, string client, Func<RoundResult, double> figure)
    {
        if (Broken(workload, client) || !_rounds.TryGetValue((workload.Name, client), out var rounds)) return null;
        return Median(rounds.GroupBy(round => round.Launch, round => figure(round.Result)).Select(launch => Median(launch)));
    }

    /// <summary>The least and the most calls per second of any single round.</summary>
    public (double Min, double Max) Range(Workload workload, string client)
    {
        var rounds = _rounds[(workload.Name, client)].Select(round => round.Result.PerSecond).ToList();
        return (rounds.Min(), rounds.Max());
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
