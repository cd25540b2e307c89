using System.Text.Json;
using System.Text.Json.Serialization;

namespace RedisToolkit.Benchmarks.Load;

/// <summary>What one client did in one round. Crosses from the worker to the driver as one line of JSON.</summary>
/// <param name="Operations">Commands answered; each of a burst counts.</param>
/// <param name="Seconds">From the first call to the last answer.</param>
/// <param name="P50">Median latency in microseconds, as the caller sees it.</param>
/// <param name="P99">Latency in microseconds that 99 of 100 calls did not exceed.</param>
/// <param name="P999">Latency in microseconds that 999 of 1000 calls did not exceed.</param>
/// <param name="BytesPerOperation">Allocated on the worker's managed heap, values included.</param>
/// <param name="ClientCpu">Microseconds of processor time the worker spent per operation; all its threads.</param>
/// <param name="Gen0">Collections of the youngest generation, or an older one.</param>
/// <param name="Gen1">Collections of the middle generation, or the oldest.</param>
/// <param name="Gen2">Collections of the oldest generation.</param>
/// <param name="ServerCpu">The same of the server; not a number when its process cannot be seen from here.</param>
/// <param name="Foreign">Cores that neither the worker nor the server but others kept busy; 0 when the server cannot be seen.</param>
/// <param name="NotSupported">Why the client cannot do this workload; then there are no figures.</param>
/// <param name="Failure">Why the round broke off; then there are no figures.</param>
internal sealed record RoundResult(
    long Operations = 0,
    double Seconds = 0,
    double P50 = 0,
    double P99 = 0,
    double P999 = 0,
    double BytesPerOperation = 0,
    double ClientCpu = 0,
    int Gen0 = 0,
    int Gen1 = 0,
    int Gen2 = 0,
    double ServerCpu = 0,
    double Foreign = 0,
    string? NotSupported = null,
    string? Failure = null)
{
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    [JsonIgnore]
    public double PerSecond => Operations / Seconds;

    public string ToLine() => JsonSerializer.Serialize(this, Json);

    public static RoundResult Parse(string line) => JsonSerializer.Deserialize<RoundResult>(line, Json)
        ?? throw new InvalidDataException("A worker answered with an empty line.");
}
