using System.Collections.Concurrent;

namespace RedisToolkit.Client;

/// <content>Messages, invalidations, and what the server can do.</content>
public sealed partial class RedisClient
{
    private readonly Lazy<SubscriptionHub> _subscriptions;
    private readonly ConcurrentDictionary<TrackedConnection, byte> _trackings = new();

    private readonly Lazy<CapabilityProbes> _probes;

    /// <summary>Gets what the server said of itself; null while there is no connection.</summary>
    public RedisServerInfo? Server => _router.Any is { } connection
        ? new RedisServerInfo(connection.Endpoint, connection.Greeting.Server, connection.Greeting.Version, connection.Greeting.Mode, connection.Greeting.Role, connection.Greeting.Protocol)
        : null;

    /// <inheritdoc/>
    public ValueTask<RedisSubscription> SubscribeAsync(IReadOnlyCollection<RedisArgument> channels, RedisSubscriptionOptions? options = null, CancellationToken cancellationToken = default) =>
        _subscriptions.Value.SubscribeAsync(RedisSubscriptionKind.Channel, channels, options, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<RedisSubscription> SubscribePatternAsync(IReadOnlyCollection<RedisArgument> patterns, RedisSubscriptionOptions? options = null, CancellationToken cancellationToken = default) =>
        _subscriptions.Value.SubscribeAsync(RedisSubscriptionKind.Pattern, patterns, options, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<RedisSubscription> SubscribeShardedAsync(IReadOnlyCollection<RedisArgument> channels, RedisSubscriptionOptions? options = null, CancellationToken cancellationToken = default) =>
        _subscriptions.Value.SubscribeAsync(RedisSubscriptionKind.Shard, channels, options, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<RedisTracking> TrackAsync(RedisTrackingOptions? options, IInvalidationListener listener, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(listener);
        RedisTrackingOptions validated = (options ?? new RedisTrackingOptions()).Validated();
        cancellationToken.ThrowIfCancellationRequested();
        if (_cluster is not null)
            throw new RedisTrackingUnavailableException($"A cluster's client tracks nothing by itself: each node announces its own keys only. Call {nameof(GetPrimariesAsync)} and track on each of them, or go without a cache that relies on it.");
        var connection = new TrackedConnection(_context, _router, validated, listener, forgotten => _trackings.TryRemove(forgotten, out _));
        _trackings[connection] = 0;
        try
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
            await connection.StartAsync(cancellationToken).ConfigureAwait(false);
            return new RedisTracking(connection, _context, validated);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> SupportsAsync(RedisCapability capability, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(capability);
        return _probes.Value.SupportsAsync(capability, cancellationToken);
    }

    private async ValueTask DisposeListenersAsync()
    {
        await _subscriptions.Value.DisposeAsync().ConfigureAwait(false);
        foreach (TrackedConnection tracking in _trackings.Keys) await tracking.DisposeAsync().ConfigureAwait(false);
    }
}
