using System.Collections.Frozen;

namespace RedisToolkit.Client;

/// <summary>
/// Every command of Redis 7.0 and 8.0 and of Valkey 9.1: where its keys are, whether it reads, writes or blocks, and whether it may share a
/// connection. The facts are those of the servers' <c>COMMAND</c>; a test holds the table against their live replies.
/// </summary>
internal static partial class CommandTable
{
    private static readonly FrozenDictionary<string, CommandInfo> ByName =
        ((CommandInfo[][])[.. DataGroups(), .. ServerGroups()])
            .SelectMany(group => group)
            .ToFrozenDictionary(info => info.Name, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, CommandInfo>.AlternateLookup<ReadOnlySpan<char>> BySpan =
        ByName.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>All there is, in no order.</summary>
    internal static IReadOnlyCollection<CommandInfo> All => ByName.Values;

    /// <summary>Finds a command. Allocates nothing.</summary>
    /// <param name="name">The name in any case; a subcommand as <c>CLIENT|LIST</c>.</param>
    /// <param name="info">What is known of it.</param>
    /// <returns>False if the table does not have it.</returns>
    internal static bool TryGet(ReadOnlySpan<char> name, out CommandInfo info) => BySpan.TryGetValue(name, out info);

    /// <summary>Finds a command that may be a container: <c>CLIENT</c> with <c>LIST</c> is <c>CLIENT|LIST</c>. Allocates nothing.</summary>
    /// <param name="name">The name in any case.</param>
    /// <param name="firstArgument">What follows it, a subcommand or not; empty if nothing does.</param>
    /// <param name="info">What is known of it; of the container itself, of which nothing is assumed, if it has no such subcommand.</param>
    /// <returns>False if the table does not have <paramref name="name"/>.</returns>
    internal static bool TryGet(ReadOnlySpan<char> name, ReadOnlySpan<char> firstArgument, out CommandInfo info)
    {
        if (!BySpan.TryGetValue(name, out info)) return false;
        if ((info.Flags & CommandFlags.Container) == 0 || firstArgument.Length is 0 or > LongestSubcommand) return true;

        Span<char> both = stackalloc char[info.Name.Length + 1 + LongestSubcommand];
        name.CopyTo(both);
        both[name.Length] = '|';
        firstArgument.CopyTo(both[(name.Length + 1)..]);
        if (BySpan.TryGetValue(both[..(name.Length + 1 + firstArgument.Length)], out CommandInfo subcommand)) info = subcommand;
        return true;
    }

    private const int LongestSubcommand = 32;

    private const CommandFlags Read = CommandFlags.ReadOnly;
    private const CommandFlags Write = CommandFlags.Write;
    private const CommandFlags Harmless = CommandFlags.Harmless;
    private const CommandFlags State = CommandFlags.ConnectionState;
    private const CommandFlags PubSub = CommandFlags.PubSub;

    /// <summary>Commands whose one key is the first argument.</summary>
    private static CommandInfo[] OneKey(CommandFlags flags, string names) => Keys(flags, 1, 1, 1, names);

    /// <summary>Commands without keys.</summary>
    private static CommandInfo[] NoKeys(CommandFlags flags, string names) => Keys(flags, 0, 0, 0, names);

    private static CommandInfo[] Keys(
        CommandFlags flags, sbyte first, sbyte last, sbyte step, string names, KeyRule rule = KeyRule.None, sbyte ruleIndex = 0) =>
        [.. names.Split(' ').Select(name => new CommandInfo(name, flags, first, last, step, rule, ruleIndex))];

    /// <summary>Commands that say at a position how many keys follow.</summary>
    private static CommandInfo[] NumKeys(CommandFlags flags, sbyte at, string names) => Keys(flags, 0, 0, 0, names, KeyRule.NumKeysAt, at);

    /// <summary>A container and those of its subcommands that have no keys and are all alike.</summary>
    private static CommandInfo[] Of(string container, CommandFlags flags, string subcommands) =>
        NoKeys(flags, string.Join(' ', subcommands.Split(' ').Select(subcommand => $"{container}|{subcommand}")));
}
