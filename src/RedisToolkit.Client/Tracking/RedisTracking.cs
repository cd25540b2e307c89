namespace RedisToolkit.Client;

/// <summary>
/// Reads that the server remembers, so that it announces when what was read has changed: the ground for a cache in this process.
/// Made by <see cref="IRedisClient.TrackAsync"/>; it has a connection of its own, and ends when it is disposed.
/// </summary>
/// <remarks>
/// <para>How stale a cache can be that is filled in <see cref="ITrackedReplyObserver{T}"/> and emptied by <see cref="IInvalidationListener"/>:
/// as long as an invalidation is under way, and, should the other end vanish without a word, at most
/// <see cref="RedisClientOptions.HeartbeatInterval"/> and <see cref="RedisClientOptions.HeartbeatTimeout"/> together, after which
/// <see cref="IInvalidationListener.OnGap"/> is called. <see cref="FenceAsync"/> shortens it to nothing for one reader.</para>
/// <para>Redis and Valkey announce neither <c>SWAPDB</c>, nor a key or a hash field that has expired and is not removed yet: bound
/// what is cached by its time to live. Announcements name keys without their database.</para>
/// <para>Only reads sent through this object are remembered. Do not use it for what is not to be cached; in
/// <see cref="RedisTrackingMode.OptIn"/> each of its reads asks for tracking.</para>
/// </remarks>
public sealed class RedisTracking : IAsyncDisposable
{
    private readonly TrackedConnection _connection;
    private readonly ConnectionContext _context;
    private readonly bool _optIn;

    internal RedisTracking(TrackedConnection connection, ConnectionContext context, RedisTrackingOptions options)
    {
        _connection = connection;
        _context = context;
        _optIn = options.Mode == RedisTrackingMode.OptIn;
        Options = options;
    }

    /// <summary>Gets what the server announces.</summary>
    public RedisTrackingOptions Options { get; }

    /// <summary>Gets the number of the connection that was last armed: 1 for the first, higher for each one after a gap.</summary>
    /// <value>What came in an earlier epoch was declared void by <see cref="IInvalidationListener.OnGap"/>.</value>
    public long Epoch => _connection.Epoch;

    /// <summary>Gets a value indicating whether invalidations are being received at present. Serve nothing from a cache while it is false.</summary>
    public bool IsArmed => _connection.IsArmed;

    /// <summary>Sends a read on the tracked connection.</summary>
    /// <typeparam name="T">What the reply becomes.</typeparam>
    /// <param name="command">The command; any that does not block and does not change the connection.</param>
    /// <param name="reply">The shape of its reply.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>The reply. Await it once. While no connection is armed it waits, within the command's deadline.</returns>
    /// <exception cref="ArgumentException">The command cannot be sent here; nothing was.</exception>
    /// <exception cref="RedisTrackingUnavailableException">After a lost connection the server does not track any more.</exception>
    /// <exception cref="RedisException">As <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</exception>
    public ValueTask<T> ExecuteAsync<T>(RedisCommand command, ReplyReader<T> reply, CancellationToken cancellationToken = default) =>
        SendAsync(command, reply, null, cancellationToken);

    /// <summary>Sends a read on the tracked connection, and shows its reply to an observer in wire order with the invalidations.</summary>
    /// <typeparam name="T">What the reply becomes.</typeparam>
    /// <param name="command">The command; any that does not block and does not change the connection.</param>
    /// <param name="reply">The shape of its reply.</param>
    /// <param name="observer">Is shown the reply on the reading side, before the caller gets it: the place to fill a cache.</param>
    /// <param name="cancellationToken">Ends the wait; the observer is then not called, unless the reply is being read just now.</param>
    /// <returns>The reply. Await it once. Exceptions are those of <see cref="ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public ValueTask<T> ExecuteAsync<T>(RedisCommand command, ReplyReader<T> reply, ITrackedReplyObserver<T> observer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return SendAsync(command, reply, observer, cancellationToken);
    }

    /// <summary>
    /// Waits until every invalidation has been reported that the server owes for writes acknowledged, to whomever, before this call:
    /// what is read from a cache afterwards is at least as new as those writes.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>When they have been reported, or <see cref="IInvalidationListener.OnGap"/> has been called in their place.</returns>
    /// <remarks><c>PING</c> on the tracked connection, whose order is total. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</remarks>
    public async ValueTask FenceAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            _ = await _connection.ExecuteAsync(_context.SignOfLife, Replies.Done, null, asksToTrack: false, cancellationToken).ConfigureAwait(false);
        }
        catch (RedisServerException)
        {
            // A refusal comes in order as well.
        }
    }

    /// <summary>Ends the tracking and closes its connection; <see cref="IInvalidationListener.OnGap"/> is called once more if it was armed.</summary>
    /// <returns>When it is closed.</returns>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private ValueTask<T> SendAsync<T>(in RedisCommand command, ReplyReader<T> reply, ITrackedReplyObserver<T>? observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reply);
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<T>(cancellationToken);
        if (command.Header.IsSpecial)
        {
            if (CommandTable.Refusal(command.Info) is { } refusal) throw new ArgumentException(refusal, nameof(command));
            if (command.Blocks) throw new ArgumentException($"{command.Name} was not sent: it blocks, and would hold up the invalidations of the tracked connection. Send it through the client.", nameof(command));
        }

        return _connection.ExecuteAsync(command, reply, observer, _optIn, cancellationToken);
    }
}
