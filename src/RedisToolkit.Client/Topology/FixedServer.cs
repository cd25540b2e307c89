namespace RedisToolkit.Client;

/// <summary>A server at a known address, or at the first of several that answers. Whatever answers there is the server meant.</summary>
internal sealed class FixedServer(IReadOnlyList<RedisEndpoint> endpoints) : IServerSource
{
    public RedisEndpoint Likely => endpoints[0];

    public int Candidates => endpoints.Count;

    public bool Moves => false;

    public ValueTask<RedisEndpoint> LocateAsync(int attempt, CancellationToken cancellationToken) => new(endpoints[attempt % endpoints.Count]);

    public ValueTask VerifyAsync(RedisConnection connection, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
