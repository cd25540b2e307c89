namespace RedisToolkit;

/// <summary>Where the deadlines of fields are kept.</summary>
public enum HashFieldStorage
{
    /// <summary>With the server's own field expiry where it has one (Redis 7.4, Valkey 9.0); beside the hash where it has not.</summary>
    Automatic,

    /// <summary>Beside the hash on every server, so that what is written can go back to a server without field expiry.</summary>
    Portable,
}
