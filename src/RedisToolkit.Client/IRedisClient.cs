namespace RedisToolkit.Client;

/// <summary>
/// Sends commands to a Redis or Valkey server. Everything in RedisToolkit is written against this; it is safe for any number
/// of callers at once, and one instance serves a whole application.
/// </summary>
public interface IRedisClient : IAsyncDisposable
{
    /// <summary>Sends a command and reads its reply.</summary>
    /// <typeparam name="T">What the reply becomes.</typeparam>
    /// <param name="command">The command.</param>
    /// <param name="reply">The shape of its reply.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect; its late reply is dropped and disturbs nobody.</param>
    /// <returns>The reply. Await it once.</returns>
    /// <exception cref="ArgumentException">An argument cannot be sent; nothing was.</exception>
    /// <exception cref="RedisServerException">The server refused the command.</exception>
    /// <exception cref="RedisReplyException">The reply has another shape.</exception>
    /// <exception cref="RedisConnectionException">There is no connection, or it broke; <see cref="RedisException.Outcome"/> tells what is known.</exception>
    /// <exception cref="RedisTimeoutException">The deadline passed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<T> ExecuteAsync<T>(RedisCommand command, ReplyReader<T> reply, CancellationToken cancellationToken = default);

    /// <summary>Subscribes to channels. All subscriptions of a client share one connection, which carries nothing else.</summary>
    /// <param name="channels">1 or more names; any text or bytes.</param>
    /// <param name="options">How a slow reader is treated; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the wait; then nothing is subscribed to.</param>
    /// <returns>The subscription, once the server has confirmed every name: what is published from now on arrives.</returns>
    /// <exception cref="ArgumentException">There is no name, or one cannot be sent, or an option is out of its range.</exception>
    /// <exception cref="RedisServerException">The server refused a name (code <c>NOPERM</c>).</exception>
    /// <exception cref="RedisConnectionException">There is no connection, and trying again is in vain until a setting is changed.</exception>
    /// <exception cref="RedisTimeoutException">The names were not confirmed within <see cref="RedisClientOptions.CommandTimeout"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <remarks><c>SUBSCRIBE</c>, O(N) in the names. Redis 2.0, Valkey 7.2.</remarks>
    ValueTask<RedisSubscription> SubscribeAsync(IReadOnlyCollection<RedisArgument> channels, RedisSubscriptionOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Subscribes to all channels whose names match glob patterns: <c>news.*</c>, <c>h?llo</c>, <c>h[ae]llo</c>.</summary>
    /// <param name="patterns">1 or more patterns; any text or bytes.</param>
    /// <param name="options">How a slow reader is treated; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the wait; then nothing is subscribed to.</param>
    /// <returns>The subscription. Exceptions are those of <see cref="SubscribeAsync"/>.</returns>
    /// <remarks><c>PSUBSCRIBE</c>, O(N) in the patterns; each pattern makes every later <c>PUBLISH</c> dearer. Redis 2.0, Valkey 7.2.</remarks>
    ValueTask<RedisSubscription> SubscribePatternAsync(IReadOnlyCollection<RedisArgument> patterns, RedisSubscriptionOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Subscribes to shard channels, whose messages stay within one shard of a cluster.</summary>
    /// <param name="channels">1 or more names; any text or bytes.</param>
    /// <param name="options">How a slow reader is treated; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the wait; then nothing is subscribed to.</param>
    /// <returns>The subscription. Exceptions are those of <see cref="SubscribeAsync"/>.</returns>
    /// <remarks><c>SSUBSCRIBE</c>, O(N) in the names. Redis 7.0, Valkey 7.2.</remarks>
    ValueTask<RedisSubscription> SubscribeShardedAsync(IReadOnlyCollection<RedisArgument> channels, RedisSubscriptionOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Opens a connection on which the server remembers what is read, and announces when it has changed.</summary>
    /// <param name="options">What is announced; null for the defaults.</param>
    /// <param name="listener">Who is told, in wire order with the replies.</param>
    /// <param name="cancellationToken">Ends the wait; then nothing is tracked.</param>
    /// <returns>The tracking, once the server has proven that it is on.</returns>
    /// <exception cref="RedisOptionsException">An option is out of its range.</exception>
    /// <exception cref="RedisTrackingUnavailableException">The server or its rules do not allow it, or the connection speaks RESP2.</exception>
    /// <exception cref="RedisConnectionException">There is no connection, and trying again is in vain until a setting is changed.</exception>
    /// <exception cref="RedisTimeoutException">It was not on within <see cref="RedisClientOptions.ConnectTimeout"/> and <see cref="RedisClientOptions.CommandTimeout"/> together.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <remarks><c>CLIENT TRACKING</c> and <c>CLIENT TRACKINGINFO</c>, RESP3. Redis 6.2, Valkey 7.2.</remarks>
    ValueTask<RedisTracking> TrackAsync(RedisTrackingOptions? options, IInvalidationListener listener, CancellationToken cancellationToken = default);

    /// <summary>Finds out whether the server can do something, by trying it. The answer is remembered until a connection is new.</summary>
    /// <param name="capability">What: one of <see cref="RedisCapabilities"/>, or one of your own.</param>
    /// <param name="cancellationToken">Ends the wait; others who ask the same go on waiting.</param>
    /// <returns>False if the server does not know it, the user may not use it, or <see cref="RedisClientOptions.CommandMap"/> disables it.</returns>
    /// <exception cref="RedisConnectionException">There is no connection, or it broke; the next call tries again.</exception>
    /// <exception cref="RedisTimeoutException">No answer came in time; the next call tries again.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<bool> SupportsAsync(RedisCapability capability, CancellationToken cancellationToken = default);
}
