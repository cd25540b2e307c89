namespace RedisToolkit.Client;

/// <summary>What a command without keys concerns, in a cluster.</summary>
internal enum ClusterScope : byte
{
    /// <summary>Its keys say which node; without keys, any node answers for all.</summary>
    Node,

    /// <summary>Every primary has a part of the answer, a number; they are added.</summary>
    Sum,

    /// <summary>Every primary has to do it, and answers the same.</summary>
    EveryPrimary,

    /// <summary>One node's answer would be taken for the whole, so it is refused.</summary>
    Refused,
}

/// <summary>What commands concern in a cluster, by name.</summary>
internal static class ClusterScopes
{
    public static ClusterScope Of(string name) => name switch
    {
        "DBSIZE" => ClusterScope.Sum,
        "FLUSHALL" or "FLUSHDB" or "SCRIPT|LOAD" or "SCRIPT|FLUSH" or "FUNCTION|LOAD" or "FUNCTION|DELETE" or "FUNCTION|FLUSH" or "FUNCTION|RESTORE" => ClusterScope.EveryPrimary,
        "SCAN" or "KEYS" => ClusterScope.Refused,
        _ => ClusterScope.Node,
    };

    public static ArgumentException Refusal(string name) => new(
        $"{name} was not sent: a node of a cluster knows its own keys only, and its cursors mean nothing to another node. Call {nameof(IRedisClient.GetPrimariesAsync)} and send it to each of them; RedisKeyspace does that for you.");
}
