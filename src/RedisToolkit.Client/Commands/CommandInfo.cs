namespace RedisToolkit.Client;

/// <summary>What a command does, as far as sending it asks.</summary>
[Flags]
internal enum CommandFlags
{
    None = 0,

    /// <summary>Reads keys or the keyspace: sending it twice does no harm, and a replica may answer. As the server's flag <c>readonly</c>.</summary>
    ReadOnly = 1,

    /// <summary>May change data. As the server's flag <c>write</c>.</summary>
    Write = 2,

    /// <summary>Holds up its connection until something happens, so it needs one of its own.</summary>
    Blocking = 4,

    /// <summary>The same, but only with the option <c>BLOCK</c>: see <see cref="CommandKeyFinder.Blocks"/>.</summary>
    BlocksWithOption = 8,

    /// <summary>Publishes, subscribes or tells about subscriptions. As the server's flag <c>pubsub</c>.</summary>
    PubSub = 16,

    /// <summary>Changes its connection for every command after it, so it is refused on a shared one: see <see cref="CommandTable.Refusal"/>.</summary>
    ConnectionState = 32,

    /// <summary>Neither reads nor writes keys, and sending it twice does the same as once: <c>PING</c>, <c>TIME</c>, <c>CONFIG GET</c>.</summary>
    Harmless = 64,

    /// <summary>Is nothing without a subcommand; those are in the table as <c>CLIENT|LIST</c>.</summary>
    Container = 128,
}

/// <summary>Where keys stand that no fixed range describes.</summary>
internal enum KeyRule : byte
{
    /// <summary>The fixed range is all there is.</summary>
    None,

    /// <summary>Their number stands at <see cref="CommandInfo.RuleIndex"/> and they follow it, besides those of the fixed range.</summary>
    NumKeysAt,

    /// <summary>As <see cref="NumKeysAt"/>, with a value after each.</summary>
    NumPairsAt,

    /// <summary>The first half of what follows <c>STREAMS</c>.</summary>
    AfterStreams,

    /// <summary>Besides the fixed range, those after <c>STORE</c> and <c>STOREDIST</c>, from <see cref="CommandInfo.RuleIndex"/> on.</summary>
    GeoStore,

    /// <summary>Besides the fixed range, the one after <c>STORE</c>, past the arguments of <c>LIMIT</c>, <c>GET</c> and <c>BY</c>.</summary>
    SortStore,

    /// <summary>The third argument, or, where that is empty, all that follows <c>KEYS</c>.</summary>
    MigrateKeys,
}

/// <summary>
/// What is known of a command. Positions count as the server's <c>COMMAND</c> does: 0 is the command's name, and a subcommand is 1.
/// </summary>
/// <param name="Name">The name in capitals, <c>CLIENT|LIST</c> for a subcommand.</param>
/// <param name="Flags">What it does.</param>
/// <param name="FirstKey">The position of the first key; 0 if no fixed range has keys.</param>
/// <param name="LastKey">The position of the last key, -1 for the last argument, -2 for the one before it.</param>
/// <param name="Step">From one key to the next; 0 if there are none.</param>
/// <param name="Rule">Where further keys stand.</param>
/// <param name="RuleIndex">The position that the rule is about.</param>
internal readonly record struct CommandInfo(
    string Name,
    CommandFlags Flags,
    sbyte FirstKey = 0,
    sbyte LastKey = 0,
    sbyte Step = 0,
    KeyRule Rule = KeyRule.None,
    sbyte RuleIndex = 0)
{
    /// <summary>Whether sending it twice does the same as once.</summary>
    internal bool SafeToRepeat => (Flags & (CommandFlags.ReadOnly | CommandFlags.Harmless)) != 0;

    /// <summary>
    /// A command that the table does not have, of a module or a newer server: nothing is assumed of it, least of all that it may be repeated.
    /// </summary>
    internal static CommandInfo Unknown(string name) => new(name, CommandFlags.None);
}
