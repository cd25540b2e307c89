namespace RedisToolkit.Client;

/// <content>Commands on keys, as the servers' manuals group them.</content>
internal static partial class CommandTable
{
    private static CommandInfo[][] DataGroups() =>
    [
        // Keys of every type
        OneKey(Read, "DUMP EXPIRETIME PEXPIRETIME PTTL SORT_RO TTL TYPE"),
        OneKey(Write, "EXPIRE EXPIREAT MOVE PERSIST PEXPIRE PEXPIREAT RESTORE RESTORE-ASKING"),
        Keys(Read, 1, -1, 1, "EXISTS TOUCH"),
        Keys(Write, 1, -1, 1, "DEL UNLINK"),
        Keys(Write, 1, 2, 1, "COPY RENAME RENAMENX"),
        Keys(Write, 1, 1, 1, "SORT", KeyRule.SortStore, 2),
        Keys(Write, 3, 3, 1, "MIGRATE", KeyRule.MigrateKeys, 6),
        Keys(Read, 2, 2, 1, "OBJECT|ENCODING OBJECT|FREQ OBJECT|IDLETIME OBJECT|REFCOUNT MEMORY|USAGE"),
        NoKeys(Read, "DBSIZE KEYS RANDOMKEY SCAN LOLWUT"),
        OneKey(Read, "CLUSTERSCAN"),    // the server calls its cursor a key, because it names a slot
        NoKeys(Write, "FLUSHALL FLUSHDB SWAPDB"),

        // Strings and bitmaps
        OneKey(Read, "GET GETRANGE STRLEN SUBSTR BITCOUNT BITFIELD_RO BITPOS GETBIT"),
        OneKey(Write, "APPEND DECR DECRBY DELIFEQ GETDEL GETEX GETSET INCR INCRBY INCRBYFLOAT PSETEX SET SETEX SETNX SETRANGE BITFIELD SETBIT"),
        Keys(Read, 1, -1, 1, "MGET"),
        Keys(Write, 1, -1, 2, "MSET MSETNX"),
        Keys(Write, 0, 0, 0, "MSETEX", KeyRule.NumPairsAt, 1),
        Keys(Read, 1, 2, 1, "LCS"),
        Keys(Write, 2, -1, 1, "BITOP"),

        // HyperLogLogs
        OneKey(Write, "PFADD"),
        Keys(Read, 1, -1, 1, "PFCOUNT"),
        Keys(Write, 1, -1, 1, "PFMERGE"),
        Keys(Write, 2, 2, 1, "PFDEBUG"),

        // Hashes
        OneKey(Read, "HEXISTS HEXPIRETIME HGET HGETALL HKEYS HLEN HMGET HPEXPIRETIME HPTTL HRANDFIELD HSCAN HSTRLEN HTTL HVALS"),
        OneKey(Write, "HDEL HEXPIRE HEXPIREAT HGETDEL HGETEX HINCRBY HINCRBYFLOAT HMSET HPERSIST HPEXPIRE HPEXPIREAT HSET HSETEX HSETNX"),

        // Lists
        OneKey(Read, "LINDEX LLEN LPOS LRANGE"),
        OneKey(Write, "LINSERT LPOP LPUSH LPUSHX LREM LSET LTRIM RPOP RPUSH RPUSHX"),
        Keys(Write, 1, 2, 1, "LMOVE RPOPLPUSH"),
        NumKeys(Write, 1, "LMPOP"),
        Keys(Write | CommandFlags.Blocking, 1, 2, 1, "BLMOVE BRPOPLPUSH"),
        Keys(Write | CommandFlags.Blocking, 1, -2, 1, "BLPOP BRPOP"),
        NumKeys(Write | CommandFlags.Blocking, 2, "BLMPOP"),

        // Sets
        OneKey(Read, "SCARD SISMEMBER SMEMBERS SMISMEMBER SRANDMEMBER SSCAN"),
        OneKey(Write, "SADD SPOP SREM"),
        Keys(Read, 1, -1, 1, "SDIFF SINTER SUNION"),
        Keys(Write, 1, -1, 1, "SDIFFSTORE SINTERSTORE SUNIONSTORE"),
        Keys(Write, 1, 2, 1, "SMOVE"),
        NumKeys(Read, 1, "SINTERCARD"),

        // Sorted sets
        OneKey(Read, "ZCARD ZCOUNT ZLEXCOUNT ZMSCORE ZRANDMEMBER ZRANGE ZRANGEBYLEX ZRANGEBYSCORE ZRANK ZREVRANGE ZREVRANGEBYLEX"),
        OneKey(Read, "ZREVRANGEBYSCORE ZREVRANK ZSCAN ZSCORE"),
        OneKey(Write, "ZADD ZINCRBY ZPOPMAX ZPOPMIN ZREM ZREMRANGEBYLEX ZREMRANGEBYRANK ZREMRANGEBYSCORE"),
        Keys(Write, 1, 2, 1, "ZRANGESTORE"),
        NumKeys(Read, 1, "ZDIFF ZINTER ZINTERCARD ZUNION"),
        NumKeys(Write, 1, "ZMPOP"),
        Keys(Write, 1, 1, 1, "ZDIFFSTORE ZINTERSTORE ZUNIONSTORE", KeyRule.NumKeysAt, 2),
        Keys(Write | CommandFlags.Blocking, 1, -2, 1, "BZPOPMAX BZPOPMIN"),
        NumKeys(Write | CommandFlags.Blocking, 2, "BZMPOP"),

        // Geographical indexes
        OneKey(Read, "GEODIST GEOHASH GEOPOS GEORADIUSBYMEMBER_RO GEORADIUS_RO GEOSEARCH"),
        OneKey(Write, "GEOADD"),
        Keys(Write, 1, 2, 1, "GEOSEARCHSTORE"),
        Keys(Write, 1, 1, 1, "GEORADIUS", KeyRule.GeoStore, 6),
        Keys(Write, 1, 1, 1, "GEORADIUSBYMEMBER", KeyRule.GeoStore, 5),

        // Streams
        OneKey(Read, "XLEN XPENDING XRANGE XREVRANGE"),
        OneKey(Write, "XACK XADD XAUTOCLAIM XCLAIM XDEL XSETID XTRIM"),
        Keys(Read | CommandFlags.BlocksWithOption, 0, 0, 0, "XREAD", KeyRule.AfterStreams, 1),
        Keys(Write | CommandFlags.BlocksWithOption, 0, 0, 0, "XREADGROUP", KeyRule.AfterStreams, 4),
        Keys(Read, 2, 2, 1, "XINFO|CONSUMERS XINFO|GROUPS XINFO|STREAM"),
        Keys(Write, 2, 2, 1, "XGROUP|CREATE XGROUP|CREATECONSUMER XGROUP|DELCONSUMER XGROUP|DESTROY XGROUP|SETID"),

        // Vector sets
        OneKey(Read, "VCARD VDIM VEMB VGETATTR VINFO VISMEMBER VLINKS VRANDMEMBER VSIM"),
        OneKey(Write, "VADD VREM VSETATTR"),

        // Scripts and functions: what they do is theirs to know, so the server calls them neither reading nor writing
        NumKeys(CommandFlags.None, 2, "EVAL EVALSHA FCALL"),
        NumKeys(Read, 2, "EVALSHA_RO EVAL_RO FCALL_RO"),
    ];
}
