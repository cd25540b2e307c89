using System.Globalization;
using System.Text;
using RedisToolkit.Benchmarks.Clients;
using RedisToolkit.Testing;

namespace RedisToolkit.Benchmarks.Load;

/// <summary>A server that load is put on: one that runs already, or one started for this.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    private readonly WireConnection _connection;
    private readonly RedisServer? _started;

    private BenchServer(WireConnection connection, RedisServer? started) => (_connection, _started) = (connection, started);

    public required ServerAddress Address { get; init; }

    /// <summary>Gets name and version, for example <c>redis 8.0.2</c>.</summary>
    public required string Version { get; init; }

    /// <summary>Gets its process, if that runs on this machine where the driver can see it.</summary>
    public required int? ProcessId { get; init; }

    public Seeding Data => new(_connection);

    /// <summary>Tells a flavour that can be started (<c>redis</c>, <c>valkey</c>, <c>redis7</c>) from an address.</summary>
    public static bool IsFlavor(string server, out RedisFlavor flavor)
    {
        var name = Enum.GetNames<RedisFlavor>().FirstOrDefault(name => name.Equals(server, StringComparison.OrdinalIgnoreCase));
        flavor = name is null ? default : Enum.Parse<RedisFlavor>(name);
        return name is not null;
    }

    /// <exception cref="RedisServerStartException">No server of that flavour was found, or it did not come up.</exception>
    public static async Task<BenchServer> StartAsync(RedisFlavor flavor, bool tls, CancellationToken cancellationToken)
    {
        var options = new RedisServerOptions { Flavor = flavor, Tls = tls ? RedisTls.ServerCertificate : RedisTls.None };
        var started = await RedisServer.StartAsync(options, cancellationToken);
        try
        {
            var address = new ServerAddress(started.Host, started.Port, started.Certificates?.AuthorityPath);
            return await ConnectAsync(address, started, cancellationToken);
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="System.Net.Sockets.SocketException">Nothing listens there.</exception>
    public static Task<BenchServer> ConnectAsync(ServerAddress address, CancellationToken cancellationToken) =>
        ConnectAsync(address, null, cancellationToken);

    /// <exception cref="ArgumentException">The server is not a process of this machine.</exception>
    public void Place(Placement placement)
    {
        if (ProcessId is { } processId) CpuPlacement.PlaceServer(placement, processId);
        else if (placement != Placement.Free)
            throw new ArgumentException($"{Address} is not a process of this machine: use --placement free.");
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        if (_started is not null) await _started.DisposeAsync();
    }

    private static async Task<BenchServer> ConnectAsync(ServerAddress address, RedisServer? started, CancellationToken cancellationToken)
    {
        var connection = await WireConnection.ConnectAsync(address, cancellationToken);
        var info = await connection.SendAsync(Wire.Command("INFO", "server"), cancellationToken);
        var facts = Encoding.UTF8.GetString(info).Split("\r\n")
            .Select(line => line.Split(':', 2))
            .Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0], parts => parts[1]);
        var processId = int.Parse(facts["process_id"], CultureInfo.InvariantCulture);
        return new BenchServer(connection, started)
        {
            Address = address,
            Version = facts.TryGetValue("valkey_version", out var valkey) ? $"valkey {valkey}" : $"redis {facts["redis_version"]}",
            ProcessId = IsServer(processId) ? processId : null,
        };
    }

    // A server in a container, or elsewhere, reports an id that means another process here, or none.
    private static bool IsServer(int processId)
    {
        var commandLine = $"/proc/{processId}/cmdline";
        if (!File.Exists(commandLine)) return false;
        var words = File.ReadAllText(commandLine);
        return words.Contains("redis", StringComparison.Ordinal) || words.Contains("valkey", StringComparison.Ordinal);
    }
}
