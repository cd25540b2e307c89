using System.Globalization;

namespace RedisToolkit.Benchmarks.Keyspace;

/// <summary>A run of the verb <c>keyspace</c>, as asked for on the command line.</summary>
internal sealed record KeyspaceRun
{
    public const string Help =
        """
        Options of keyspace
          --keys 1000..100000000   keys on the server; half of them are deleted (1000000)
          --callers 1..1000        callers that keep reading the other half (50)
          --rounds 1..20           deletions by each, in turn (3)
          --seconds 0.5..60        how long reading is measured before each deletion (3)
          --rate 0..10000000       keys that ours may delete in a second; 0 for no limit (0)
          --batch 1..10000         keys that ours deletes in a round trip, and looks at in a step (the package's own default)
          --server s               redis, valkey or redis7 (redis)
        """;

    public int Keys { get; private init; } = 1_000_000;

    public int Callers { get; private init; } = 50;

    public int Rounds { get; private init; } = 3;

    public TimeSpan Before { get; private init; } = TimeSpan.FromSeconds(3);

    public int? Rate { get; private init; }

    public int Batch { get; private init; } = new KeyspaceOptions().BatchSize;

    public string Server { get; private init; } = "redis";

    /// <exception cref="ArgumentException">An option is unknown, lacks its value or is out of range.</exception>
    public static KeyspaceRun Parse(string[] arguments)
    {
        var run = new KeyspaceRun();
        for (var i = 0; i < arguments.Length; i += 2)
        {
            if (i + 1 == arguments.Length) throw new ArgumentException($"{arguments[i]} needs a value.");
            run = run.With(arguments[i], arguments[i + 1]);
        }

        return run;
    }

    private KeyspaceRun With(string name, string value) => name switch
    {
        "--keys" => this with { Keys = (int)Number(name, value, 1000, 100_000_000) },
        "--callers" => this with { Callers = (int)Number(name, value, 1, 1000) },
        "--rounds" => this with { Rounds = (int)Number(name, value, 1, 20) },
        "--seconds" => this with { Before = TimeSpan.FromSeconds(Number(name, value, 0.5, 60)) },
        "--rate" => this with { Rate = Number(name, value, 0, 10_000_000) is var rate and > 0 ? (int)rate : null },
        "--batch" => this with { Batch = (int)Number(name, value, 1, 10_000) },
        "--server" => this with { Server = value },
        _ => throw new ArgumentException($"There is no option {name}."),
    };

    private static double Number(string name, string value, double least, double most) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new ArgumentException($"{name} takes a number from {least} to {most}, not '{value}'.");
}
