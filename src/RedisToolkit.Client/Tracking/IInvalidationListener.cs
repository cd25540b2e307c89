namespace RedisToolkit.Client;

/// <summary>
/// Is told what is no longer true of what was read through a <see cref="RedisTracking"/>. Called on the connection's reading side, one
/// call at a time, in wire order with the replies: what a call says holds for every reply that came before it.
/// </summary>
/// <remarks>
/// It must not block, must not wait for a command, and must not throw: while it runs, nothing else of this connection is read. If
/// it throws, the connection is given up, since what it cached can no longer be relied on; <see cref="OnGap"/> follows.
/// </remarks>
public interface IInvalidationListener
{
    /// <summary>A key was changed, deleted, expired or evicted, in whichever database of the server.</summary>
    /// <param name="key">The key's bytes, valid only during the call.</param>
    void OnInvalidated(ReadOnlySpan<byte> key);

    /// <summary>All keys may have changed: a database was flushed. Everything cached is to be dropped.</summary>
    void OnFlush();

    /// <summary>
    /// The connection was lost, and invalidations with it: everything cached is to be dropped, now. Called before any command of that
    /// connection fails, and before anything is read on the next one.
    /// </summary>
    void OnGap();

    /// <summary>The server has confirmed that it tracks, the first time and after each gap. Called before anything is read in the new epoch.</summary>
    /// <param name="epoch">The number of the connection, higher than all before.</param>
    void OnArmed(long epoch);
}

/// <summary>
/// Is shown a reply on the connection's reading side, in wire order: before any invalidation that the server sent after it is
/// reported. What is put into a cache here, and nowhere else, cannot overtake its own invalidation.
/// </summary>
/// <typeparam name="T">What the reply becomes.</typeparam>
/// <remarks>It must not block, must not wait for a command, and must not throw; if it throws, its command fails.</remarks>
public interface ITrackedReplyObserver<in T>
{
    /// <summary>A reply has come. Not called for a refusal, nor once the caller has left (cancelled, out of time).</summary>
    /// <param name="value">The value that the caller is about to get. It is his: of pooled bytes keep a copy only.</param>
    /// <param name="tracked">What the server promised about it.</param>
    void OnReply(T value, TrackedReply tracked);
}

/// <summary>What the server promised about a reply.</summary>
/// <param name="Epoch">The number of the connection it came on; see <see cref="RedisTracking.Epoch"/>.</param>
/// <param name="IsTracked">Whether changes of the keys it read are announced. False only if the server refused to track this one read; do not cache it then.</param>
public readonly record struct TrackedReply(long Epoch, bool IsTracked);
