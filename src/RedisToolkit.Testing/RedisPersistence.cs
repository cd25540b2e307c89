namespace RedisToolkit.Testing;

/// <summary>What of its data a server keeps on disk.</summary>
public enum RedisPersistence
{
    /// <summary>Nothing: a killed server comes back empty.</summary>
    None,

    /// <summary>Every write, before it is answered (<c>appendonly yes</c>, <c>appendfsync always</c>): a killed server comes back with its data.</summary>
    AppendOnly,
}
