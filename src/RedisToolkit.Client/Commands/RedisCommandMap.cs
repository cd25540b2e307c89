using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace RedisToolkit.Client;

/// <summary>
/// What a server calls its commands, where its operator has renamed or disabled some (<c>rename-command</c> in the server's configuration).
/// Immutable.
/// </summary>
public sealed class RedisCommandMap
{
    private readonly FrozenDictionary<string, string?> _names;

    private RedisCommandMap(FrozenDictionary<string, string?> names) => _names = names;

    /// <summary>Gets the map of a server that renames nothing.</summary>
    public static RedisCommandMap None { get; } = new(FrozenDictionary<string, string?>.Empty);

    /// <summary>Gets how many commands are renamed or disabled.</summary>
    public int Count => _names.Count;

    /// <summary>Makes a map.</summary>
    /// <param name="names">
    /// For each command, in any case, the name the server knows it by; null or an empty text if the server does not offer it.
    /// Commands that no server is known to have are fine: they may come from a module. A container and its subcommands share one name.
    /// </param>
    /// <exception cref="ArgumentException">A command has no name, a name is not printable ASCII without spaces, or a command is listed twice.</exception>
    public static RedisCommandMap Create(IEnumerable<KeyValuePair<string, string?>> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var map = new Dictionary<string, string?>(StringComparer.Ordinal);
        int entry = 0;
        foreach ((string command, string? sentAs) in names)
        {
            if (string.IsNullOrEmpty(command)) throw new ArgumentException($"Entry {entry} of the map names no command.", nameof(names));
            Check(entry, "the command's name", command);
            if (!string.IsNullOrEmpty(sentAs)) Check(entry, "the name it is sent by", sentAs);
            entry++;
            if (!map.TryAdd(command.ToUpperInvariant(), string.IsNullOrEmpty(sentAs) ? null : sentAs))
                throw new ArgumentException($"The command {command.ToUpperInvariant()} is listed twice.", nameof(names));
        }

        return map.Count is 0 ? None : new RedisCommandMap(map.ToFrozenDictionary(StringComparer.Ordinal));

        // Neither name is quoted: one that was made hard to guess is half a secret.
        static void Check(int entry, string what, string name)
        {
            int bad = name.AsSpan().IndexOfAnyExceptInRange('!', '~');
            if (bad >= 0)
                throw new ArgumentException(
                    $"Entry {entry} of the map: {what} has U+{(int)name[bad]:X4} at position {bad}; allowed is printable ASCII without " +
                    "spaces. Subcommands cannot be renamed: name the container alone.",
                    nameof(names));
        }
    }

    /// <summary>Gives the name to send.</summary>
    /// <param name="command">The command's own name, upper case, without a subcommand.</param>
    /// <param name="sentAs">The name the server knows it by; null if it is disabled.</param>
    /// <returns>False if the command is disabled.</returns>
    public bool TryGetName(string command, [NotNullWhen(true)] out string? sentAs)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (!_names.TryGetValue(command, out sentAs)) sentAs = command;
        return sentAs is not null;
    }

    /// <summary>Lists the changes: each command and the name it goes by, null for disabled.</summary>
    internal IEnumerable<KeyValuePair<string, string?>> Changes => _names;

    /// <inheritdoc/>
    public override string ToString() => $"{nameof(RedisCommandMap)} ({Count} renamed or disabled)";
}
