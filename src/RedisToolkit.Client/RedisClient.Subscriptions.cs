namespace RedisToolkit.Client;

/// <content>Messages, invalidations, and what the server can do.</content>
public sealed partial class RedisClient
{
    private readonly Lazy<SubscriptionHub> _subscriptions;

    /// <inheritdoc/>
    public ValueTask<RedisSubscription> SubscribeAsync(IReadOnlyCollection<RedisArgument> channels, RedisSubscriptionOptions? options = null, CancellationToken cancellationToken = default) =>
        _subscriptions.Value.SubscribeAsync(RedisSubscriptionKind.Channel, channels, options, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<RedisSubscription> SubscribePatternAsync(IReadOnlyCollection<RedisArgument> patterns, RedisSubscriptionOptions? options = null, CancellationToken cancellationToken = default) =>
        _subscriptions.Value.SubscribeAsync(RedisSubscriptionKind.Pattern, patterns, options, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<RedisSubscription> SubscribeShardedAsync(IReadOnlyCollection<RedisArgument> channels, RedisSubscriptionOptions? options = null, CancellationToken cancellationToken = default) =>
        _subscriptions.Value.SubscribeAsync(RedisSubscriptionKind.Shard, channels, options, cancellationToken);

    private async ValueTask DisposeListenersAsync() => await _subscriptions.Value.DisposeAsync().ConfigureAwait(false);
}
