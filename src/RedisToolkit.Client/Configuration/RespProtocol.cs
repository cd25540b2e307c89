namespace RedisToolkit.Client;

/// <summary>The version of the serialization protocol that a connection speaks.</summary>
public enum RespProtocol
{
    /// <summary>RESP3, and RESP2 with servers that refuse <c>HELLO 3</c>.</summary>
    Auto,

    /// <summary>RESP2: every server. Without pushes, so invalidations need a second connection.</summary>
    Resp2,

    /// <summary>RESP3 or no connection. Redis 6.0, Valkey 7.2.</summary>
    Resp3,
}
