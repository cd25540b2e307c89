using System.Globalization;

namespace RedisToolkit.Benchmarks.Repositories;

/// <summary>A run of the verb <c>repositories</c>, as asked for on the command line.</summary>
internal sealed record RepositoriesRun
{
    public const string Help =
        """
        Options of repositories
          --only words      comparisons whose title has one of these words, separated by commas (all)
          --rounds 1..100   rounds of each way, in turn (7)
          --seconds 0.05..60  how long a round is measured (0.5)
          --server s        redis, valkey or redis7 (redis)
        """;

    public string[] Only { get; private init; } = [];

    public int Rounds { get; private init; } = 7;

    public TimeSpan Measured { get; private init; } = TimeSpan.FromSeconds(0.5);

    public string Server { get; private init; } = "redis";

    public string CommandLine { get; private init; } = "";

    public bool Has(string title) => Only.Length == 0 || Only.Any(word => title.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <exception cref="ArgumentException">An option is unknown, lacks its value or is out of range.</exception>
    public static RepositoriesRun Parse(string[] arguments)
    {
        var run = new RepositoriesRun { CommandLine = string.Join(' ', arguments) };
        for (var i = 0; i < arguments.Length; i += 2)
        {
            if (i + 1 == arguments.Length) throw new ArgumentException($"{arguments[i]} needs a value.");
            run = run.With(arguments[i], arguments[i + 1]);
        }

        return run;
    }

    private RepositoriesRun With(string name, string value) => name switch
    {
        "--only" => this with { Only = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) },
        "--rounds" => this with { Rounds = (int)Number(name, value, 1, 100) },
        "--seconds" => this with { Measured = TimeSpan.FromSeconds(Number(name, value, 0.05, 60)) },
        "--server" => this with { Server = value },
        _ => throw new ArgumentException($"There is no option {name}."),
    };

    private static double Number(string name, string value, double least, double most) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new ArgumentException($"{name} takes a number from {least} to {most}, not '{value}'.");
}
