namespace RedisToolkit.Client;

/// <summary>What an error asks of whoever sent the command.</summary>
internal enum Redirect
{
    /// <summary>Nothing: it is the answer.</summary>
    None,

    /// <summary>To find the primary: this server is a replica.</summary>
    Primary,

    /// <summary>To send it to the node named, and whatever else belongs to that slot.</summary>
    Moved,

    /// <summary>To send this one to the node named, with <c>ASKING</c> before it.</summary>
    Ask,

    /// <summary>To send it again a little later: the server, the slot or the cluster is between two states.</summary>
    Later,
}

/// <summary>
/// The errors by which a server says that it executed nothing and that the command belongs elsewhere, or will be served later. Such a
/// command may be sent again whatever it does.
/// </summary>
internal static class Redirection
{
    public static Redirect Of(string code) => code switch
    {
        RedisErrorCode.ReadOnly => Redirect.Primary,
        RedisErrorCode.Moved => Redirect.Moved,
        RedisErrorCode.Ask => Redirect.Ask,
        RedisErrorCode.TryAgain or RedisErrorCode.ClusterDown or RedisErrorCode.Loading or RedisErrorCode.MasterDown => Redirect.Later,
        _ => Redirect.None,
    };

    public static bool Is(RedisServerException refusal) => Of(refusal.Code) != Redirect.None;

    /// <summary>Finds in the error with which <c>EXEC</c> itself was refused what it was refused for: <c>EXECABORT Transaction discarded because of: READONLY ...</c>.</summary>
    /// <returns>The error that redirects; null if it is another one.</returns>
    public static RedisServerException? OfExec(RedisServerException refusal)
    {
        const string Because = "because of: ";
        if (Is(refusal)) return refusal;
        if (refusal.Code != RedisErrorCode.ExecAbort) return null;
        int at = refusal.ServerMessage.IndexOf(Because, StringComparison.Ordinal);
        if (at < 0) return null;
        var cause = RedisServerException.FromReply(refusal.ServerMessage[(at + Because.Length)..]);
        return Is(cause) ? cause : null;
    }
}
