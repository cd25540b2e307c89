using RedisToolkit.Benchmarks.Clients;

namespace RedisToolkit.Benchmarks.Micro;

/// <summary>The server that micro-benchmarks talk to.</summary>
internal static class MicroServer
{
    public const string Variable = "REDISTOOLKIT_BENCHMARK_SERVER";

    /// <exception cref="InvalidOperationException">No server is named.</exception>
    public static ServerAddress Address => Environment.GetEnvironmentVariable(Variable) is { } address
        ? ServerAddress.Parse(address)
        : throw new InvalidOperationException($"Say where the server is: bdn --server host:port, or {Variable}=host:port.");
}
