namespace RedisToolkit.Client;

/// <summary>
/// Something that some servers can do and others cannot, with a harmless command that shows which: it is tried, never guessed from a
/// version. Ask with <see cref="IRedisClient.SupportsAsync"/>; <see cref="RedisCapabilities"/> has the usual ones.
/// </summary>
public sealed class RedisCapability
{
    /// <summary>Makes a capability of your own.</summary>
    /// <param name="name">What people call it, for messages.</param>
    /// <param name="probe">
    /// A command that changes nothing and that needs the capability: on a key that is missing, or without some argument. Any reply
    /// means yes, but for an unknown command or subcommand, a syntax error, and a user who may not run it.
    /// </param>
    /// <exception cref="ArgumentException">The name is empty, or the command cannot be sent on a shared connection.</exception>
    public RedisCapability(string name, RedisCommand probe)
        : this(name, probe, changesNothing: false)
    {
    }

    internal RedisCapability(string name, RedisCommand probe, bool changesNothing)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (!changesNothing && CommandTable.Refusal(probe.Info) is { } refusal) throw new ArgumentException(refusal, nameof(probe));
        if (!changesNothing && probe.Blocks) throw new ArgumentException($"{probe.Name} blocks; a probe is a command that is answered at once.", nameof(probe));
        Name = name;
        Probe = probe;
    }

    /// <summary>Gets what people call it.</summary>
    public string Name { get; }

    /// <summary>Gets the command that shows whether the server can do it.</summary>
    public RedisCommand Probe { get; }

    /// <summary>Gets a value indicating whether the command's name alone is new: then any error but an unknown command shows that it is known.</summary>
    internal bool ShownByItsName { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
