namespace RedisToolkit.Testing;

/// <summary>Which server is started.</summary>
public enum RedisFlavor
{
    /// <summary>Redis 8.x: in Debian's packages, 8.0.</summary>
    Redis,

    /// <summary>Valkey 9.x: in Debian's packages, 9.1.</summary>
    Valkey,

    /// <summary>Redis 7.0, the old server: no time to live on hash fields, no <c>CLIENT SETINFO</c>, no <c>WAITAOF</c>.</summary>
    Redis7,
}
