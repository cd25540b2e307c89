namespace RedisToolkit.Client;

/// <summary>
/// What not every server in use can do. The probes name one key, <c>__redistoolkit:probe</c>, which is never written; a user whose
/// rules leave out that key, but not the command, is answered yes.
/// </summary>
public static class RedisCapabilities
{
    private const string Key = "__redistoolkit:probe";

    /// <summary>Gets: fields of a hash have a time to live of their own (<c>HPEXPIRE</c>, <c>HPTTL</c>, <c>HPERSIST</c>). Redis 7.4, Valkey 9.0.</summary>
    public static RedisCapability HashFieldExpiry { get; } = Known("hash field expiry", "HPEXPIRE", Key, 1000, "FIELDS", 1, "f");

    /// <summary>Gets: fields are read or written together with their time to live (<c>HGETEX</c>, <c>HSETEX</c>). Redis 8.0, Valkey 9.0.</summary>
    public static RedisCapability HashFieldGetAndExpire { get; } = Known("HGETEX and HSETEX", "HGETEX", Key, "FIELDS", 1, "f");

    /// <summary>Gets: fields are read and deleted in one step (<c>HGETDEL</c>). Redis 8.0, Valkey 9.1.</summary>
    public static RedisCapability HashFieldGetAndDelete { get; } = Known("HGETDEL", "HGETDEL", Key, "FIELDS", 1, "f");

    /// <summary>Gets: a string is written if it has a certain value (<c>SET … IFEQ</c>). Valkey 8.1, Redis 8.4.</summary>
    public static RedisCapability SetIfEqual { get; } = Known("SET IFEQ", "SET", Key, "v", "IFEQ", "v");

    /// <summary>Gets: a string is deleted if it has a certain value, by <c>DELIFEQ</c>. Valkey 9.0.</summary>
    public static RedisCapability DeleteIfEqual { get; } = Known("DELIFEQ", "DELIFEQ", Key, "v");

    /// <summary>Gets: a string is deleted if it has a certain value, by <c>DELEX</c>. Redis 8.4.</summary>
    public static RedisCapability DeleteWithCondition { get; } = Known("DELEX", "DELEX", Key, "IFEQ", "v");

    /// <summary>Gets: the server announces changes of keys that were read (<c>CLIENT TRACKING</c>), to connections that speak RESP3. Redis 6.0, Valkey 7.2.</summary>
    public static RedisCapability ClientTracking { get; } = Known("CLIENT TRACKING", "CLIENT", "TRACKING", "OFF");

    /// <summary>Gets: reads can be made that do not count as use of a key (<c>CLIENT NO-TOUCH</c>). Redis 7.2, Valkey 7.2.</summary>
    public static RedisCapability ClientNoTouch { get; } = Known("CLIENT NO-TOUCH", "CLIENT", "NO-TOUCH", "OFF");

    /// <summary>Gets: channels that stay within a shard (<c>SSUBSCRIBE</c>, <c>SPUBLISH</c>). Redis 7.0, Valkey 7.2.</summary>
    public static RedisCapability ShardedPubSub { get; } = Known("sharded pub/sub", "PUBSUB", "SHARDNUMSUB", Key);

    /// <summary>Gets: functions in libraries of the server (<c>FUNCTION</c>, <c>FCALL</c>). Redis 7.0, Valkey 7.2.</summary>
    public static RedisCapability Functions { get; } = Known("functions", "FCALL_RO", "__redistoolkit_probe", 0);

    /// <summary>Gets: entries of a stream are acknowledged and deleted in one step (<c>XACKDEL</c>). Redis 8.2.</summary>
    public static RedisCapability StreamAcknowledgeAndDelete { get; } = Known("XACKDEL", "XACKDEL", Key, "g", "IDS", 1, "0-1");

    /// <summary>Gets: waiting until writes are on disk (<c>WAITAOF</c>). Redis 7.2, Valkey 7.2.</summary>
    public static RedisCapability WaitForAppendOnlyFile { get; } = Known("WAITAOF", "WAITAOF", 0, 0, 1);

    /// <summary>Gets all of the above.</summary>
    public static IReadOnlyList<RedisCapability> All { get; } =
    [
        HashFieldExpiry, HashFieldGetAndExpire, HashFieldGetAndDelete, SetIfEqual, DeleteIfEqual, DeleteWithCondition, ClientTracking, ClientNoTouch,
        ShardedPubSub, Functions, StreamAcknowledgeAndDelete, WaitForAppendOnlyFile,
    ];

    // Some act on the connection, but only ask for the state that it is in; WAITAOF waits for nothing.
    private static RedisCapability Known(string name, string command, params ReadOnlySpan<RedisArgument> arguments) =>
        new(name, RedisCommand.Create(command, arguments), changesNothing: true) { ShownByItsName = command != "SET" };
}
