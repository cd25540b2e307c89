namespace RedisToolkit.Conformance;

/// <summary>
/// What a client may be unable to do and still be an <see cref="Client.IRedisClient"/>. Whoever lists one is tested to be limited in
/// just that way; whoever does not is tested to do it.
/// </summary>
public enum Limit
{
    /// <summary>Refuses commands that block, before anything is sent.</summary>
    Blocking,

    /// <summary>Refuses <see cref="Client.IRedisClient.TrackAsync"/>.</summary>
    Tracking,

    /// <summary>Refuses <see cref="Client.IRedisClient.SubscribeShardedAsync"/>.</summary>
    ShardedSubscriptions,

    /// <summary>Refuses transactions with a <see cref="Client.Condition.That{T}"/>, before anything is sent.</summary>
    ArbitraryConditions,

    /// <summary>Cannot tell a status line from a string, nor a map from an array of pairs: both appear as the latter.</summary>
    ReplyKinds,

    /// <summary>Cannot read past an error within an array: the whole reply is that error.</summary>
    NestedErrors,

    /// <summary>Holds a whole value in memory before the first byte of it is copied.</summary>
    Streaming,

    /// <summary>Does not send a read again after a lost connection; it fails as a write does.</summary>
    Repeats,
}
