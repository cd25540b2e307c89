using System.Collections.Concurrent;

namespace RedisToolkit.Client;

/// <summary>How this client spells commands: with the names that its command map gives, within the sizes that its options allow.</summary>
internal sealed class CommandSpelling(RedisCommandMap map, int maxArgumentBytes)
{
    private readonly ConcurrentDictionary<CommandHeader, byte[]> _renamed = new();

    /// <summary>Gets a value indicating whether every command keeps its name.</summary>
    public bool IsPlain { get; } = map.Count == 0;

    public int MaxArgumentBytes { get; } = maxArgumentBytes;

    /// <exception cref="RedisCommandDisabledException">The command map disables it.</exception>
    public byte[] Of(CommandHeader header)
    {
        if (_renamed.TryGetValue(header, out byte[]? spelled)) return spelled;
        if (!map.TryGetName(header.Name, out string? name)) throw new RedisCommandDisabledException(header.Name);
        spelled = ReferenceEquals(name, header.Name) ? header.NameAsBulk : CommandHeader.SpellName(name);
        return _renamed.GetOrAdd(header, spelled);
    }
}
