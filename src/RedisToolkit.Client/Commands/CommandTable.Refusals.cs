using System.Collections.Frozen;

namespace RedisToolkit.Client;

/// <content>What to do in place of a command that would change a shared connection for all who use it.</content>
internal static partial class CommandTable
{
    private const string Subscriptions = "subscribe with SubscribeAsync, whose subscription also unsubscribes and comes back after a lost connection";
    private const string Transactions = "use a transaction of the client, which sends MULTI, its commands and EXEC as one";
    private const string Watching = "use a transaction of the client with its watched keys, which holds a connection of its own";
    private const string SigningIn = "set RedisClientOptions.User and Password, or Credentials for those that change";
    private const string Tracking = "use the client's tracking of keys, which also tells when invalidations were lost";
    private const string Routing = "the client sends it itself where a cluster asks for it";
    private const string Servers = "it is spoken between servers";
    private const string Closing = "dispose the client, which waits for replies still owed";
    private const string NoApi = "it would act on other callers too; open a connection for it with the server's own command line";

    private static readonly FrozenDictionary<string, string> Instead = new Dictionary<string, string>
    {
        ["SUBSCRIBE"] = Subscriptions,
        ["PSUBSCRIBE"] = Subscriptions,
        ["SSUBSCRIBE"] = Subscriptions,
        ["UNSUBSCRIBE"] = Subscriptions,
        ["PUNSUBSCRIBE"] = Subscriptions,
        ["SUNSUBSCRIBE"] = Subscriptions,
        ["MULTI"] = Transactions,
        ["EXEC"] = Transactions,
        ["DISCARD"] = Transactions,
        ["WATCH"] = Watching,
        ["UNWATCH"] = Watching,
        ["SELECT"] = "set RedisClientOptions.Database, and make a client for each database",
        ["AUTH"] = SigningIn,
        ["HELLO"] = "set RedisClientOptions.Protocol, User, Password and ClientName",
        ["QUIT"] = Closing,
        ["RESET"] = Closing,
        ["ASKING"] = Routing,
        ["READONLY"] = Routing,
        ["READWRITE"] = Routing,
        ["MONITOR"] = NoApi,
        ["SYNC"] = Servers,
        ["PSYNC"] = Servers,
        ["REPLCONF"] = Servers,
        ["CLUSTER|SYNCSLOTS"] = Servers,
        ["SCRIPT|DEBUG"] = NoApi,
        ["CLIENT|SETNAME"] = "set RedisClientOptions.ClientName",
        ["CLIENT|SETINFO"] = "set RedisClientOptions.LibraryName",
        ["CLIENT|TRACKING"] = Tracking,
        ["CLIENT|CACHING"] = Tracking,
        ["CLIENT|REPLY"] = "it takes away replies that other callers await; await the reply, or leave it unawaited",
        ["CLIENT|CAPA"] = NoApi,
        ["CLIENT|IMPORT-SOURCE"] = NoApi,
        ["CLIENT|NO-EVICT"] = NoApi,
        ["CLIENT|NO-TOUCH"] = NoApi,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Says why a command is refused on a shared connection and what to use in its place; null if it is not refused.</summary>
    internal static string? Refusal(in CommandInfo info) =>
        (info.Flags & CommandFlags.ConnectionState) == 0
            ? null
            : $"{info.Name.Replace('|', ' ')} was not sent: it would change a connection that others share. In its place, {Instead[info.Name]}.";
}
