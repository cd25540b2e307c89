namespace RedisToolkit.Testing;

/// <summary>How many servers are started, and how they hang together.</summary>
public enum RedisTopology
{
    /// <summary>One server.</summary>
    Standalone,

    /// <summary>A primary and its replicas, all attached and in step.</summary>
    Replicated,

    /// <summary>A primary, its replicas, and sentinels that watch them and know one another.</summary>
    Sentinel,

    /// <summary>A cluster: primaries that share the 16,384 slots evenly, each with its replicas.</summary>
    Cluster,
}
