using RedisToolkit.Benchmarks.Clients;
using RedisToolkit.Benchmarks.Load;

namespace RedisToolkit.Benchmarks.Micro;

/// <summary>The server that micro-benchmarks talk to: the one named with <c>--server</c>, else one started for each.</summary>
internal static class MicroServer
{
    public const string Variable = "REDISTOOLKIT_BENCHMARK_SERVER";

    public static Task<BenchServer> OpenAsync()
    {
        var server = Environment.GetEnvironmentVariable(Variable) ?? "redis";
        return BenchServer.IsFlavor(server, out var flavor)
            ? BenchServer.StartAsync(flavor, tls: false, CancellationToken.None)
            : BenchServer.ConnectAsync(ServerAddress.Parse(server), CancellationToken.None);
    }
}
