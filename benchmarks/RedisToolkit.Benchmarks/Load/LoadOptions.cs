using System.Globalization;
using RedisToolkit.Benchmarks.Clients;

namespace RedisToolkit.Benchmarks.Load;

/// <summary>Where the processes of a run may run.</summary>
internal enum Placement
{
    /// <summary>Wherever the system puts them.</summary>
    Free,

    /// <summary>Client and server share core 0: calls per second is the inverse of what both cost.</summary>
    OneCore,

    /// <summary>The server has core 0, the clients core 1.</summary>
    Split,
}

/// <summary>A run of the load driver, as asked for on the command line.</summary>
internal sealed record LoadOptions
{
    public static readonly string Help =
        $"""
        Options of load
          --clients a,b         {string.Join(", ", LoadClients.Names)}; all unless given
          --workloads a,b*      {string.Join(", ", Workload.All.Select(w => w.Name))}; all unless given
          --rounds 1..100       rounds per launch, clients in turn (5)
          --launches 1..20      times the clients' processes are started anew (3)
          --seconds 0.1..60     measured time of a round (0.8)
          --warm-up 0..60       seconds of load before it (0.3; the first round of a launch takes 1 more)
          --placement p         free, one-core or split (free)
          --server s            redis, valkey or redis7 to start one (redis); or host:port of one that runs
          --tls-server host:port --tls-authority file.pem    the TLS port of the one that runs
          --retries 0..20       how often a round is repeated when other processes took over 10 % of a core (3)
          --out file            where the results go; '-' for the console only (benchmarks/results/DATE-PLACEMENT.md)
        """;

    public string[] Clients { get; private init; } = LoadClients.Names;

    public Workload[] Workloads { get; private init; } = Workload.All;

    public int Rounds { get; private init; } = 5;

    public int Launches { get; private init; } = 3;

    public TimeSpan Measured { get; private init; } = TimeSpan.FromSeconds(0.8);

    public TimeSpan WarmUp { get; private init; } = TimeSpan.FromSeconds(0.3);

    public Placement Placement { get; private init; } = Placement.Free;

    public string Server { get; private init; } = "redis";

    public string? TlsServer { get; private init; }

    public string? TlsAuthority { get; private init; }

    public int Retries { get; private init; } = 3;

    public string? Out { get; private init; }

    public string CommandLine { get; private init; } = "";

    /// <exception cref="ArgumentException">An option is unknown, lacks its value or is out of range.</exception>
    public static LoadOptions Parse(string[] arguments)
    {
        var options = new LoadOptions { CommandLine = string.Join(' ', arguments) };
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var name = arguments[i];
            if (i + 1 == arguments.Length) throw new ArgumentException($"{name} needs a value.");
            options = options.With(name, arguments[i + 1]);
        }

        if (options.TlsServer is null != options.TlsAuthority is null)
            throw new ArgumentException("--tls-server and --tls-authority belong together: give both or neither.");
        return options.Placement == Placement.Split && Environment.ProcessorCount < 2
            ? throw new ArgumentException("--placement split needs 2 cores; this machine shows 1.")
            : options;
    }

    private LoadOptions With(string name, string value) => name switch
    {
        "--clients" => this with { Clients = KnownClients(value) },
        "--workloads" => this with { Workloads = Workload.Named(value.Split(',')) },
        "--rounds" => this with { Rounds = (int)Number(name, value, 1, 100) },
        "--launches" => this with { Launches = (int)Number(name, value, 1, 20) },
        "--seconds" => this with { Measured = TimeSpan.FromSeconds(Number(name, value, 0.1, 60)) },
        "--warm-up" => this with { WarmUp = TimeSpan.FromSeconds(Number(name, value, 0, 60)) },
        "--placement" => this with { Placement = ParsePlacement(value) },
        "--server" => this with { Server = value },
        "--tls-server" => this with { TlsServer = value },
        "--tls-authority" => this with { TlsAuthority = value },
        "--retries" => this with { Retries = (int)Number(name, value, 0, 20) },
        "--out" => this with { Out = value },
        _ => throw new ArgumentException($"There is no option {name}."),
    };

    private static string[] KnownClients(string value)
    {
        var names = value.Split(',');
        var unknown = names.Except(LoadClients.Names).FirstOrDefault();
        return unknown is null
            ? names
            : throw new ArgumentException($"There is no client '{unknown}'. There are: {string.Join(", ", LoadClients.Names)}.");
    }

    private static Placement ParsePlacement(string value) => value switch
    {
        "free" => Placement.Free,
        "one-core" => Placement.OneCore,
        "split" => Placement.Split,
        _ => throw new ArgumentException($"--placement is free, one-core or split, not '{value}'."),
    };

    private static double Number(string name, string value, double least, double most) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new ArgumentException($"{name} takes a number from {least} to {most}, not '{value}'.");
}
