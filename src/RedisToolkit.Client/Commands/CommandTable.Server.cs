namespace RedisToolkit.Client;

/// <content>Commands to the server, about connections, and between servers.</content>
internal static partial class CommandTable
{
    private static CommandInfo[][] ServerGroups() =>
    [
        NoKeys(CommandFlags.Container, "ACL CLIENT CLUSTER COMMANDLOG CONFIG FUNCTION LATENCY MEMORY MODULE OBJECT PUBSUB SCRIPT SLOWLOG XGROUP XINFO"),
        NoKeys(CommandFlags.Container | Harmless, "COMMAND"),     // the one that also works alone

        // Connections
        NoKeys(Harmless, "ECHO PING"),
        NoKeys(State, "ASKING AUTH HELLO QUIT READONLY READWRITE RESET SELECT"),
        NoKeys(CommandFlags.Blocking, "WAIT WAITAOF"),
        Of("CLIENT", Harmless, "GETNAME GETREDIR HELP ID INFO LIST TRACKINGINFO"),
        Of("CLIENT", CommandFlags.None, "KILL PAUSE UNBLOCK UNPAUSE"),
        Of("CLIENT", State, "CACHING CAPA IMPORT-SOURCE NO-EVICT NO-TOUCH REPLY SETINFO SETNAME TRACKING"),

        // Transactions
        NoKeys(State, "DISCARD EXEC MULTI UNWATCH"),
        Keys(State, 1, -1, 1, "WATCH"),

        // Messages
        NoKeys(State | PubSub, "PSUBSCRIBE PUNSUBSCRIBE SUBSCRIBE UNSUBSCRIBE"),
        Keys(State | PubSub, 1, -1, 1, "SSUBSCRIBE SUNSUBSCRIBE"),
        NoKeys(PubSub, "PUBLISH"),
        OneKey(PubSub, "SPUBLISH"),
        Of("PUBSUB", Harmless | PubSub, "CHANNELS NUMPAT NUMSUB SHARDCHANNELS SHARDNUMSUB"),
        Of("PUBSUB", Harmless, "HELP"),

        // Scripts and functions
        Of("SCRIPT", Harmless, "EXISTS HELP LOAD SHOW"),
        Of("SCRIPT", CommandFlags.None, "FLUSH KILL"),
        Of("SCRIPT", State, "DEBUG"),
        Of("FUNCTION", Harmless, "DUMP HELP LIST STATS"),
        Of("FUNCTION", Write, "DELETE FLUSH LOAD RESTORE"),
        Of("FUNCTION", CommandFlags.None, "KILL"),

        // What a server tells of itself
        NoKeys(Harmless, "INFO LASTSAVE ROLE TIME"),
        Of("COMMAND", Harmless, "COUNT DOCS GETKEYS GETKEYSANDFLAGS HELP INFO LIST"),
        Of("MEMORY", Harmless, "DOCTOR HELP MALLOC-STATS STATS"),
        Of("MEMORY", CommandFlags.None, "PURGE"),
        Of("LATENCY", Harmless, "DOCTOR GRAPH HELP HISTOGRAM HISTORY LATEST"),
        Of("LATENCY", CommandFlags.None, "RESET"),
        Of("SLOWLOG", Harmless, "GET HELP LEN"),
        Of("SLOWLOG", CommandFlags.None, "RESET"),
        Of("COMMANDLOG", Harmless, "GET HELP LEN"),
        Of("COMMANDLOG", CommandFlags.None, "RESET"),
        Of("OBJECT", Harmless, "HELP"),
        Of("XGROUP", Harmless, "HELP"),
        Of("XINFO", Harmless, "HELP"),

        // Administration
        NoKeys(CommandFlags.None, "BGREWRITEAOF BGSAVE DEBUG FAILOVER PFSELFTEST REPLICAOF SAVE SHUTDOWN SLAVEOF"),
        Of("ACL", Harmless, "CAT DRYRUN GENPASS GETUSER HELP LIST USERS WHOAMI"),
        Of("ACL", CommandFlags.None, "DELUSER LOAD LOG SAVE SETUSER"),
        Of("CONFIG", Harmless, "GET HELP"),
        Of("CONFIG", CommandFlags.None, "RESETSTAT REWRITE SET"),
        Of("MODULE", Harmless, "HELP LIST"),
        Of("MODULE", CommandFlags.None, "LOAD LOADEX UNLOAD"),

        // Clusters
        Of("CLUSTER", Harmless, "COUNT-FAILURE-REPORTS COUNTKEYSINSLOT GETKEYSINSLOT GETSLOTMIGRATIONS HELP INFO KEYSLOT LINKS MYID MYSHARDID NODES"),
        Of("CLUSTER", Harmless, "REPLICAS SHARDS SLAVES SLOT-STATS SLOTS"),
        Of("CLUSTER", CommandFlags.None, "ADDSLOTS ADDSLOTSRANGE BUMPEPOCH CANCELSLOTMIGRATIONS DELSLOTS DELSLOTSRANGE FAILOVER FLUSHSLOTS FORGET"),
        Of("CLUSTER", CommandFlags.None, "MEET MIGRATESLOTS REPLICATE RESET SAVECONFIG SET-CONFIG-EPOCH SETSLOT"),
        Of("CLUSTER", Write, "FLUSHSLOT"),

        // Streams of commands in place of replies: between servers, and for onlookers
        NoKeys(State, "MONITOR PSYNC REPLCONF SYNC"),
        Of("CLUSTER", State, "SYNCSLOTS"),
    ];
}
