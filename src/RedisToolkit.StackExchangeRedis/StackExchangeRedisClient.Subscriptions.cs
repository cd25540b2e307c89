using RedisToolkit.Client;

namespace RedisToolkit.StackExchangeRedis;

/// <content>Messages.</content>
public sealed partial class StackExchangeRedisClient
{
    private readonly Subscriber _subscriptions;

    /// <inheritdoc/>
    /// <remarks>The multiplexer's own connection for messages carries them. See <c>docs/stackexchange-redis.md</c> for the order in which its versions hand them out.</remarks>
    public ValueTask<RedisSubscription> SubscribeAsync(IReadOnlyCollection<RedisArgument> channels, RedisSubscriptionOptions? options = null, CancellationToken cancellationToken = default) =>
        _subscriptions.SubscribeAsync(RedisSubscriptionKind.Channel, channels, options, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<RedisSubscription> SubscribePatternAsync(IReadOnlyCollection<RedisArgument> patterns, RedisSubscriptionOptions? options = null, CancellationToken cancellationToken = default) =>
        _subscriptions.SubscribeAsync(RedisSubscriptionKind.Pattern, patterns, options, cancellationToken);

    /// <summary>Throws: StackExchange.Redis has no shard channels in all the versions that this client works with.</summary>
    /// <param name="channels">The names.</param>
    /// <param name="options">How a slow reader would be treated.</param>
    /// <param name="cancellationToken">Not looked at.</param>
    /// <returns>Never.</returns>
    /// <exception cref="NotSupportedException">Always. Subscribe with a <see cref="RedisClient"/> beside the multiplexer.</exception>
    public ValueTask<RedisSubscription> SubscribeShardedAsync(IReadOnlyCollection<RedisArgument> channels, RedisSubscriptionOptions? options = null, CancellationToken cancellationToken = default) =>
        ValueTask.FromException<RedisSubscription>(Limits.ShardChannels());
}
