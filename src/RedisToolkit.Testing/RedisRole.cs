namespace RedisToolkit.Testing;

/// <summary>What a node was started as. A failover changes what it is; ask it with <c>ROLE</c>.</summary>
public enum RedisRole
{
    /// <summary>It takes writes.</summary>
    Primary,

    /// <summary>It follows a primary.</summary>
    Replica,

    /// <summary>It watches a primary and holds no data.</summary>
    Sentinel,
}
