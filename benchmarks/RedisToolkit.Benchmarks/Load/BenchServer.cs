using System.Globalization;
using System.Text;
using RedisToolkit.Benchmarks.Clients;

namespace RedisToolkit.Benchmarks.Load;

/// <summary>A running server that a run puts load on.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    private readonly WireConnection _connection;

    private BenchServer(WireConnection connection) => _connection = connection;

    public required ServerAddress Address { get; init; }

    /// <summary>Gets name and version, for example <c>redis 8.0.2</c>.</summary>
    public required string Version { get; init; }

    /// <summary>Gets its process, if that runs on this machine where the driver can see it.</summary>
    public required int? ProcessId { get; init; }

    public Seeding Data => new(_connection);

    /// <exception cref="System.Net.Sockets.SocketException">Nothing listens there.</exception>
    public static async Task<BenchServer> ConnectAsync(ServerAddress address, CancellationToken cancellationToken)
    {
        var connection = await WireConnection.ConnectAsync(address, cancellationToken);
        var info = await connection.SendAsync(Wire.Command("INFO", "server"), cancellationToken);
        var facts = Encoding.UTF8.GetString(info).Split("\r\n")
            .Select(line => line.Split(':', 2))
            .Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0], parts => parts[1]);
        var processId = int.Parse(facts["process_id"], CultureInfo.InvariantCulture);
        return new BenchServer(connection)
        {
            Address = address,
            Version = facts.TryGetValue("valkey_version", out var valkey) ? $"valkey {valkey}" : $"redis {facts["redis_version"]}",
            ProcessId = IsServer(processId) ? processId : null,
        };
    }

    /// <exception cref="ArgumentException">The server is not a process of this machine.</exception>
    public void Place(Placement placement)
    {
        if (ProcessId is { } processId) CpuPlacement.PlaceServer(placement, processId);
        else if (placement != Placement.Free) throw new ArgumentException($"The server at {Address} is not a process of this machine: use --placement free.");
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    // A server in a container, or elsewhere, reports an id that means another process here, or none.
    private static bool IsServer(int processId)
    {
        var commandLine = $"/proc/{processId}/cmdline";
        if (!File.Exists(commandLine)) return false;
        var words = File.ReadAllText(commandLine);
        return words.Contains("redis", StringComparison.Ordinal) || words.Contains("valkey", StringComparison.Ordinal);
    }
}
