using RedisToolkit.Benchmarks.Clients;

namespace RedisToolkit.Benchmarks.Load;

/// <summary>The servers of a run: one, and when a workload wants TLS another one that speaks it.</summary>
internal sealed class BenchServers : IAsyncDisposable
{
    private BenchServers(BenchServer plain, BenchServer? encrypted) => (Plain, Encrypted) = (plain, encrypted);

    public BenchServer Plain { get; }

    /// <summary>Gets the one that speaks TLS; null when the run has none.</summary>
    public BenchServer? Encrypted { get; }

    public static async Task<BenchServers> OpenAsync(LoadOptions options, CancellationToken cancellationToken)
    {
        var plain = BenchServer.IsFlavor(options.Server, out var flavor)
            ? await BenchServer.StartAsync(flavor, tls: false, cancellationToken)
            : await BenchServer.ConnectAsync(ServerAddress.Parse(options.Server), cancellationToken);
        try
        {
            return new BenchServers(plain, await OpenEncryptedAsync(options, cancellationToken));
        }
        catch
        {
            await plain.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives the server a workload runs against; null when it wants TLS and the run has no such server.</summary>
    public BenchServer? For(Workload workload) => workload.Tls ? Encrypted : Plain;

    public async Task PrepareAsync(LoadOptions options, CancellationToken cancellationToken)
    {
        Plain.Place(options.Placement);
        Encrypted?.Place(options.Placement);
        await Plain.Data.SeedAsync(options.Workloads.Where(workload => !workload.Tls), cancellationToken);
        if (Encrypted is not null) await Encrypted.Data.SeedAsync(options.Workloads.Where(workload => workload.Tls), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Plain.DisposeAsync();
        if (Encrypted is not null) await Encrypted.DisposeAsync();
    }

    private static async Task<BenchServer?> OpenEncryptedAsync(LoadOptions options, CancellationToken cancellationToken)
    {
        if (!options.Workloads.Any(workload => workload.Tls)) return null;
        if (options.TlsServer is { } address)
            return await BenchServer.ConnectAsync(ServerAddress.Parse(address, options.TlsAuthority), cancellationToken);
        return BenchServer.IsFlavor(options.Server, out var flavor)
            ? await BenchServer.StartAsync(flavor, tls: true, cancellationToken)
            : null;
    }
}
