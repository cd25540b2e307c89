namespace RedisToolkit.Benchmarks.Load;

internal enum Job
{
    Get,
    GetPooled,
    Burst,
    Set,
    HashGetAll,
    MultiGet,
    Script,
}

/// <summary>What the callers of a round do, over and over, on one connection.</summary>
/// <param name="Name">Its name on the command line and in results.</param>
/// <param name="About">One line for the reader of results.</param>
/// <param name="Job">The call that is repeated.</param>
/// <param name="Callers">Async loops at work at once; each has one call under way.</param>
/// <param name="ValueBytes">Length of every value read or written.</param>
/// <param name="Tls">Whether the connection is encrypted.</param>
internal sealed record Workload(string Name, string About, Job Job, int Callers, int ValueBytes, bool Tls = false)
{
    public const int BurstLength = 1000;
    public const int MultiGetKeys = 100;
    public const int HashFields = 20;

    public static readonly Workload[] All =
    [
        new("get100-c1", "GET of 100 bytes, 1 caller", Job.Get, 1, 100),
        new("get100-c50", "GET of 100 bytes, 50 callers", Job.Get, 50, 100),
        new("get100-c500", "GET of 100 bytes, 500 callers", Job.Get, 500, 100),
        new("burst1000", "1000 GETs of 100 bytes are started, then all awaited; latency is of the whole burst", Job.Burst, 1, 100),
        new("set100-c50", "SET of 100 bytes, 50 callers", Job.Set, 50, 100),
        new("get10k-c50", "GET of 10,240 bytes, 50 callers", Job.Get, 50, 10_240),
        new("set10k-c50", "SET of 10,240 bytes, 50 callers", Job.Set, 50, 10_240),
        new("get1m-c1", "GET of 1,048,576 bytes, 1 caller", Job.Get, 1, 1_048_576),
        new("get1m-c4", "GET of 1,048,576 bytes, 4 callers", Job.Get, 4, 1_048_576),
        new("set1m-c1", "SET of 1,048,576 bytes, 1 caller", Job.Set, 1, 1_048_576),
        new("hgetall", "HGETALL of a hash of 20 fields of 20 bytes, 50 callers", Job.HashGetAll, 50, 20),
        new("mget100", "MGET of 100 keys of 100 bytes, 50 callers", Job.MultiGet, 50, 100),
        new("script", "EVALSHA of a script that returns its argument of 100 bytes, 50 callers", Job.Script, 50, 100),
        new("get100-c50-tls", "GET of 100 bytes over TLS, 50 callers", Job.Get, 50, 100, Tls: true),
        new(
            "get100-pooled-c50",
            "GET of 100 bytes into a pooled buffer, 50 callers; a client that has none does a plain GET",
            Job.GetPooled,
            50,
            100),
    ];

    /// <summary>Finds workloads by name; a name may end in <c>*</c>.</summary>
    /// <exception cref="ArgumentException">A name fits none.</exception>
    public static Workload[] Named(IEnumerable<string> names) => [.. names.SelectMany(Matching).Distinct()];

    private static IEnumerable<Workload> Matching(string name)
    {
        var found = All.Where(w => name.EndsWith('*') ? w.Name.StartsWith(name[..^1], StringComparison.Ordinal) : w.Name == name).ToList();
        return found.Count > 0
            ? found
            : throw new ArgumentException($"There is no workload '{name}'. There are: {string.Join(", ", All.Select(w => w.Name))}.");
    }
}
