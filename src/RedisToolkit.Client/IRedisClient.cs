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
    /// <exception cref="RedisCrossSlotException">In a cluster, its keys lie in several slots, and its meaning does not allow to split it; nothing was sent.</exception>
    /// <exception cref="RedisSplitCommandException">In a cluster, it was split by slots, and failed for some of the keys.</exception>
    /// <exception cref="RedisServerException">The server refused the command.</exception>
    /// <exception cref="RedisReplyException">The reply has another shape.</exception>
    /// <exception cref="RedisConnectionException">There is no connection, or it broke; <see cref="RedisException.Outcome"/> tells what is known.</exception>
    /// <exception cref="RedisTimeoutException">The deadline passed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<T> ExecuteAsync<T>(RedisCommand command, ReplyReader<T> reply, CancellationToken cancellationToken = default);

    /// <summary>Sends a command whose reply is one string of any length, and writes that to a stream as it arrives.</summary>
    /// <param name="command">The command, such as <c>RedisStrings.GetBytes(key).Command</c>. Its timeout bounds the wait for each part.</param>
    /// <param name="destination">Where the bytes go. While it is slow, the server waits.</param>
    /// <param name="cancellationToken">Ends the copy; what was written stays written.</param>
    /// <returns>How many bytes there were, or null if the reply was absent.</returns>
    /// <remarks>It takes a connection of its own, see <see cref="RedisClientOptions.MaxDedicatedConnections"/>, and about 256 KiB of memory. It is never repeated.</remarks>
    /// <exception cref="RedisServerException">The server refused the command.</exception>
    /// <exception cref="RedisConnectionException">There is no connection, or it broke; a part may have been written.</exception>
    /// <exception cref="RedisTimeoutException">No further part came in time; a part may have been written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<long?> CopyToAsync(RedisCommand command, Stream destination, CancellationToken cancellationToken = default);

    /// <summary>Sends the commands of a batch in one write and reads their replies into its results.</summary>
    /// <param name="batch">The commands; executed once.</param>
    /// <param name="cancellationToken">Ends the wait. What was sent still takes effect; results that are there stay.</param>
    /// <returns>
    /// When all replies are there. What the server refused is in the single results. The deadline is that of the command which may
    /// take longest. After a lost connection, commands that only read are sent again.
    /// </returns>
    /// <exception cref="InvalidOperationException">The batch was executed already.</exception>
    /// <exception cref="ArgumentException">An argument cannot be sent; nothing was.</exception>
    /// <exception cref="RedisCrossSlotException">In a cluster, the keys of a command lie in several slots; nothing was sent.</exception>
    /// <exception cref="RedisConnectionException">There is no connection, or it broke; results that have no value carry the same error, with what is known of them.</exception>
    /// <exception cref="RedisTimeoutException">The deadline passed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask ExecuteAsync(RedisBatch batch, CancellationToken cancellationToken = default);

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

    /// <summary>Executes the commands of a transaction as one, or none of them.</summary>
    /// <param name="transaction">The conditions and commands; executed once.</param>
    /// <param name="cancellationToken">Ends the wait. What was sent may still take effect, as a whole or not at all.</param>
    /// <returns>
    /// True if the commands were executed; false, without any of them executed, if a condition did not hold or a key that it reads was
    /// changed meanwhile. Commands that failed while they were executed have their errors in the single results; the others took effect.
    /// </returns>
    /// <exception cref="InvalidOperationException">The transaction was executed already.</exception>
    /// <exception cref="ArgumentException">An argument cannot be sent; nothing was.</exception>
    /// <exception cref="RedisCrossSlotException">In a cluster, its keys and those of its conditions lie in several slots; nothing was sent.</exception>
    /// <exception cref="RedisServerException">The server refused a command when it was queued (code <c>EXECABORT</c>), or to check a condition; nothing was executed.</exception>
    /// <exception cref="RedisConnectionException">There is no connection, or it broke; <see cref="RedisException.Outcome"/> tells if <c>EXEC</c> may have been sent.</exception>
    /// <exception cref="RedisPoolExhaustedException">All <see cref="RedisClientOptions.MaxDedicatedConnections"/>, which conditions need one of, were in use for too long.</exception>
    /// <exception cref="RedisTimeoutException">The deadline passed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<bool> ExecuteAsync(RedisTransaction transaction, CancellationToken cancellationToken = default);

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

    /// <summary>Gets a client for each server that holds a part of the keys, for what concerns servers rather than keys: <c>SCAN</c>, <c>CONFIG</c>, <c>INFO</c>.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// Of a cluster, a client for each primary: what it is sent goes to that node and no other, and fails with
    /// <see cref="RedisErrorCode.Moved"/> for keys that the node does not serve. Else this client alone. They need not be disposed, and
    /// end with this client.
    /// </returns>
    /// <exception cref="RedisConnectionException">The cluster's slot map could not be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<IReadOnlyList<IRedisClient>> GetPrimariesAsync(CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<IReadOnlyList<IRedisClient>>(cancellationToken)
            : new ValueTask<IReadOnlyList<IRedisClient>>([this]);

    /// <summary>Finds out whether the server can do something, by trying it. The answer is remembered until a connection is new.</summary>
    /// <param name="capability">What: one of <see cref="RedisCapabilities"/>, or one of your own.</param>
    /// <param name="cancellationToken">Ends the wait; others who ask the same go on waiting.</param>
    /// <returns>False if the server does not know it, the user may not use it, or <see cref="RedisClientOptions.CommandMap"/> disables it.</returns>
    /// <exception cref="RedisConnectionException">There is no connection, or it broke; the next call tries again.</exception>
    /// <exception cref="RedisTimeoutException">No answer came in time; the next call tries again.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<bool> SupportsAsync(RedisCapability capability, CancellationToken cancellationToken = default);
}
