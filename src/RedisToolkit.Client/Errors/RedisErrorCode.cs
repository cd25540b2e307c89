namespace RedisToolkit.Client;

/// <summary>The code words with which Redis and Valkey begin their errors, and what mends them.</summary>
public static class RedisErrorCode
{
    /// <summary>An error without a code word of its own.</summary>
    public const string Error = "ERR";

    /// <summary>The key holds another type than the command works on.</summary>
    public const string WrongType = "WRONGTYPE";

    /// <summary>The server wants a password first.</summary>
    public const string NoAuth = "NOAUTH";

    /// <summary>The user name or the password is wrong, or the user is disabled.</summary>
    public const string WrongPassword = "WRONGPASS";

    /// <summary>The user may not run this command, or not on this key or channel.</summary>
    public const string NoPermission = "NOPERM";

    /// <summary>The server does not speak the protocol version that was asked for.</summary>
    public const string NoProtocol = "NOPROTO";

    /// <summary>The script is not in the server's cache.</summary>
    public const string NoScript = "NOSCRIPT";

    /// <summary>The server has reached its memory limit and evicts nothing more.</summary>
    public const string OutOfMemory = "OOM";

    /// <summary>The server is a replica, which takes no writes.</summary>
    public const string ReadOnly = "READONLY";

    /// <summary>The server is still reading its data set from disk.</summary>
    public const string Loading = "LOADING";

    /// <summary>A script or function has been running for longer than the server allows.</summary>
    public const string Busy = "BUSY";

    /// <summary>The server refuses writes because it could not persist or replicate earlier ones.</summary>
    public const string Misconfigured = "MISCONF";

    /// <summary>Too few replicas are attached for a write.</summary>
    public const string NoReplicas = "NOREPLICAS";

    /// <summary>A replica has lost its primary and serves no stale data.</summary>
    public const string MasterDown = "MASTERDOWN";

    /// <summary>The keys of one command lie in different slots.</summary>
    public const string CrossSlot = "CROSSSLOT";

    /// <summary>The key's slot is served by another node.</summary>
    public const string Moved = "MOVED";

    /// <summary>The key's slot is being moved to another node.</summary>
    public const string Ask = "ASK";

    /// <summary>Some of the keys have been moved to another node, others not yet.</summary>
    public const string TryAgain = "TRYAGAIN";

    /// <summary>The cluster does not serve this slot at present.</summary>
    public const string ClusterDown = "CLUSTERDOWN";

    /// <summary>A transaction was dropped because one of its commands was refused while it was queued.</summary>
    public const string ExecAbort = "EXECABORT";

    /// <summary>A blocked command was ended by the server.</summary>
    public const string Unblocked = "UNBLOCKED";

    /// <summary>The stream has no such consumer group, or does not exist.</summary>
    public const string NoGroup = "NOGROUP";

    /// <summary>The consumer group exists already.</summary>
    public const string BusyGroup = "BUSYGROUP";

    internal static bool IsTransient(string code) => code is
        Loading or Busy or TryAgain or ClusterDown or MasterDown or ReadOnly or OutOfMemory or NoReplicas or Misconfigured or Unblocked;

    /// <summary>The text up to the first blank, if it is a word in capitals; else <c>ERR</c>.</summary>
    internal static string Of(string text)
    {
        int blank = text.IndexOf(' ', StringComparison.Ordinal);
        ReadOnlySpan<char> word = blank < 0 ? text : text.AsSpan(0, blank);
        if (word.IsEmpty || word.Length > 64 || !char.IsAsciiLetterUpper(word[0])) return Error;
        foreach (char c in word)
        {
            if (!char.IsAsciiLetterUpper(c) && !char.IsAsciiDigit(c) && c is not '_' and not '-') return Error;
        }

        return word.ToString();
    }

    internal static string? MendOf(string code, string text) => code switch
    {
        WrongType => "The key holds a value of another type; TYPE tells which. Read it with that type's commands, or use another key.",
        NoAuth => "Set RedisClientOptions.Password, and User where the server has users.",
        WrongPassword => "Check RedisClientOptions.User and Password; the user may also be disabled on the server.",
        NoPermission => "The user's rules do not allow this; ACL GETUSER shows them, and ACL LOG what was refused.",
        OutOfMemory => "The server reached its 'maxmemory' and its policy evicts nothing; free memory, give keys a time to live, or set 'maxmemory-policy'.",
        ReadOnly => "This server is a replica; connect to its primary.",
        Loading => "The server is still reading its data from disk; it answers when that is done.",
        Busy => "A script or function on the server has been running for too long; SCRIPT KILL or FUNCTION KILL ends it if it has not written yet.",
        Misconfigured => "The server refuses writes since it could not save its data; its log says why.",
        NoReplicas => "Fewer replicas are attached than 'min-replicas-to-write' asks for.",
        Moved or Ask =>
            "Another node of the cluster serves the key. A client goes there by itself if RedisClientOptions.Cluster is set (in a connection string, cluster=true); for one that has it set, the nodes disagreed until its deadline.",
        CrossSlot => "Give the keys a common {hash tag} so that they share a slot.",
        Error when text.Contains("max number of clients", StringComparison.Ordinal) =>
            "The server reached its 'maxclients'; lower RedisClientOptions.ConnectionsPerEndpoint or MaxDedicatedConnections, or raise it there.",
        Error when text.Contains("invalid bulk length", StringComparison.Ordinal) =>
            "An argument is longer than the server's 'proto-max-bulk-len', and it closed the connection; raise that, or lower RedisClientOptions.MaxArgumentBytes to it.",
        Error when text.Contains("unknown command", StringComparison.OrdinalIgnoreCase) =>
            "The server is older than this command, its module is not loaded, or the command was renamed there: see RedisClientOptions.CommandMap.",
        Error when text.Contains("DB index", StringComparison.Ordinal) || text.Contains("SELECT is not allowed", StringComparison.Ordinal) =>
            "Set RedisClientOptions.Database to a number below the server's 'databases'; a cluster has only database 0.",
        _ => null,
    };
}
