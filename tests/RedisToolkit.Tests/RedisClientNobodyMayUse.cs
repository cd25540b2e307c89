namespace RedisToolkit.Tests;

/// <summary>Fails the test that sends anything: for input that is to be refused before.</summary>
internal sealed class RedisClientNobodyMayUse : IRedisClient
{
    public ValueTask<T> ExecuteAsync<T>(RedisCommand command, ReplyReader<T> reply, CancellationToken cancellationToken = default) => throw Used(command.Name);

    public ValueTask<long?> CopyToAsync(RedisCommand command, Stream destination, CancellationToken cancellationToken = default) => throw Used(command.Name);

    public ValueTask ExecuteAsync(RedisBatch batch, CancellationToken cancellationToken = default) => throw Used("a batch");

    public ValueTask<RedisSubscription> SubscribeAsync(IReadOnlyCollection<RedisArgument> channels, RedisSubscriptionOptions? options = null, CancellationToken cancellationToken = default) => throw Used("SUBSCRIBE");

    public ValueTask<RedisSubscription> SubscribePatternAsync(IReadOnlyCollection<RedisArgument> patterns, RedisSubscriptionOptions? options = null, CancellationToken cancellationToken = default) => throw Used("PSUBSCRIBE");

    public ValueTask<RedisSubscription> SubscribeShardedAsync(IReadOnlyCollection<RedisArgument> channels, RedisSubscriptionOptions? options = null, CancellationToken cancellationToken = default) => throw Used("SSUBSCRIBE");

    public ValueTask<bool> ExecuteAsync(RedisTransaction transaction, CancellationToken cancellationToken = default) => throw Used("a transaction");

    public ValueTask<RedisTracking> TrackAsync(RedisTrackingOptions? options, IInvalidationListener listener, CancellationToken cancellationToken = default) => throw Used("CLIENT TRACKING");

    public ValueTask<bool> SupportsAsync(RedisCapability capability, CancellationToken cancellationToken = default) => throw Used("a probe");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static Xunit.Sdk.XunitException Used(string what) => new($"{what} was sent.");
}
