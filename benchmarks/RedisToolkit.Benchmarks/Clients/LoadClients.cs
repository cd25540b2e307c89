namespace RedisToolkit.Benchmarks.Clients;

/// <summary>The clients by their names on the command line.</summary>
internal static class LoadClients
{
    public const string Ours = "ours";
    public const string Baseline = "ser126";
    public const string Adapter = "adapter";
    public const string Floor = "raw";

    public static readonly string[] Names = [Ours, Baseline, Adapter, Floor];

    public static async Task<ILoadClient> ConnectAsync(string name, ServerAddress server, CancellationToken cancellationToken) =>
        name switch
        {
            Ours => await RedisToolkitLoadClient.ConnectAsync(server, cancellationToken),
            Baseline => await StackExchangeLoadClient.ConnectAsync(server),
            Adapter => await RedisToolkitLoadClient.OverMultiplexerAsync(server),
            Floor => await RawLoadClient.ConnectAsync(server, cancellationToken),
            _ => throw new ArgumentException($"There is no client '{name}'. There are: {string.Join(", ", Names)}."),
        };
}
