namespace RedisToolkit.Client;

/// <summary>As many connections, or waiting commands, as the options allow are in use. The message says by whom.</summary>
public sealed class RedisPoolExhaustedException : RedisException
{
    internal RedisPoolExhaustedException(string message, IReadOnlyList<string> holders)
        : base(message) => Holders = holders;

    /// <summary>Gets who holds the connections: one line for each purpose, with how many and for how long.</summary>
    public IReadOnlyList<string> Holders { get; }

    /// <inheritdoc/>
    public override CommandOutcome Outcome => CommandOutcome.NotSent;

    /// <inheritdoc/>
    public override bool IsTransient => true;
}
