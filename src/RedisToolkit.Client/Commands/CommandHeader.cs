using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace RedisToolkit.Client;

/// <summary>What is the same in every use of a command: its name, spelled for the wire, and what the command table knows of it.</summary>
internal sealed class CommandHeader
{
    // Names come from code, hardly ever from data; should somebody make names of data, memory stays bounded.
    private const int MostUnknown = 1024;
    private static readonly ConcurrentDictionary<string, CommandHeader> ByName = new(StringComparer.OrdinalIgnoreCase);
    // Apart from the names, or a command could be called by the name that a subcommand has here only.
    private static readonly ConcurrentDictionary<string, CommandHeader> BySubcommand = new(StringComparer.OrdinalIgnoreCase);

    private readonly CommandInfo _info;

    private CommandHeader(string name, CommandInfo info, bool isUnknown = false)
    {
        Name = name;
        _info = info;
        IsUnknown = isUnknown;
        Split = SplitKinds.Of(info.Name);
        Scope = ClusterScopes.Of(info.Name);
        MayConcernSeveralNodes = Scope != ClusterScope.Node || info.Rule != KeyRule.None || info.FirstKey != info.LastKey;
        OperationName = info.Name.Replace('|', ' ');
        NameAsBulk = SpellName(name);
        IsSpecial = (info.Flags & (CommandFlags.Blocking | CommandFlags.BlocksWithOption | CommandFlags.ConnectionState)) != 0;
    }

    public string Name { get; }

    /// <summary>Gets the name with its subcommand, for measurements: <c>CLIENT LIST</c>.</summary>
    public string OperationName { get; }

    public CommandInfo Info => _info;

    /// <summary>Gets the same without a copy.</summary>
    public ref readonly CommandInfo InfoReference => ref _info;

    /// <summary>Gets a value indicating whether the command table does not have it.</summary>
    public bool IsUnknown { get; }

    /// <summary>Gets what it concerns in a cluster.</summary>
    public ClusterScope Scope { get; }

    /// <summary>Gets a value indicating whether a cluster's client has to look closer: it concerns several nodes, or may have several keys.</summary>
    public bool MayConcernSeveralNodes { get; }

    /// <summary>Gets how a cluster's client makes one command of it for each slot, if it may.</summary>
    public SplitKind Split { get; }

    /// <summary>Gets a value indicating whether it may block, or would change a shared connection: not to be sent like any other.</summary>
    public bool IsSpecial { get; }

    /// <summary>Gets the name as it goes on the wire, with its length in front.</summary>
    public byte[] NameAsBulk { get; }

    /// <summary>Gets the script that is called by its SHA-1; null for every other command.</summary>
    public LuaScript? Script { get; private init; }

    public static CommandHeader Of(string name)
    {
        if (ByName.TryGetValue(name, out CommandHeader? header)) return header;
        CheckName(name);
        string upper = name.ToUpperInvariant();
        bool known = CommandTable.TryGet(upper, out CommandInfo info);
        return Keep(ByName, upper, new CommandHeader(upper, known ? info : CommandInfo.Unknown(upper), isUnknown: !known));
    }

    /// <summary>Finds what is known of a command by its subcommand as well: <c>CLIENT</c> with <c>LIST</c>.</summary>
    public static CommandHeader Of(string name, ReadOnlySpan<RedisArgument> arguments)
    {
        CommandHeader header = Of(name);
        if ((header.Info.Flags & CommandFlags.Container) == 0 || arguments.IsEmpty) return header;
        string subcommand = arguments[0].TryGetText(out string? text) ? text : Encoding.UTF8.GetString(arguments[0].Bytes);
        if (!CommandTable.TryGet(header.Name, subcommand, out CommandInfo info) || info.Name == header.Name) return header;
        return BySubcommand.TryGetValue(info.Name, out CommandHeader? known) ? known : Keep(BySubcommand, info.Name, new CommandHeader(header.Name, info));
    }

    /// <summary>Makes the header of the calls of one script.</summary>
    public static CommandHeader OfScript(string name, LuaScript script) => new(name, Of(name).Info) { Script = script };

    private static CommandHeader Keep(ConcurrentDictionary<string, CommandHeader> headers, string key, CommandHeader header) =>
        headers.Count < MostUnknown ? headers.GetOrAdd(key, header) : header;

    public static byte[] SpellName(string name) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(name)}\r\n{name}\r\n"));

    private static void CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        foreach (char c in name)
        {
            if (c == '|') throw new ArgumentException($"A command's name does not contain its subcommand: pass '{name.Split('|')[0]}' as the name, and '{name.Split('|')[1]}' as the first argument.", nameof(name));
            if (char.IsWhiteSpace(c) || char.IsControl(c))
                throw new ArgumentException($"A command's name has no blanks: pass '{name.Split(' ')[0]}' as the name, and what follows as arguments.", nameof(name));
            if (!char.IsAscii(c)) throw new ArgumentException("A command's name is of ASCII characters only.", nameof(name));
        }
    }
}
