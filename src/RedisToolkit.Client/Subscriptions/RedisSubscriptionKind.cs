namespace RedisToolkit.Client;

/// <summary>What the names of a subscription stand for.</summary>
public enum RedisSubscriptionKind
{
    /// <summary>Channels (<c>SUBSCRIBE</c>): in a cluster, every node passes on what is published anywhere.</summary>
    Channel,

    /// <summary>Glob patterns of channels' names (<c>PSUBSCRIBE</c>): <c>news.*</c>.</summary>
    Pattern,

    /// <summary>Shard channels (<c>SSUBSCRIBE</c>): in a cluster, only the nodes of the name's slot have them. Redis 7.0, Valkey 7.2.</summary>
    Shard,
}
