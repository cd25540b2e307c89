namespace RedisToolkit.Client;

/// <summary>The client's command map disables this command; it was not sent.</summary>
public sealed class RedisCommandDisabledException : RedisException
{
    internal RedisCommandDisabledException(string command)
        : base($"{command} was not sent: RedisClientOptions.CommandMap disables it. Give it the name that the server knows it by, or remove it from the map.") => Command = command;

    internal RedisCommandDisabledException(string command, string message, Exception inner)
        : base(message, inner) => Command = command;

    /// <summary>Gets the command's name.</summary>
    public string Command { get; }

    /// <inheritdoc/>
    public override CommandOutcome Outcome => CommandOutcome.NotSent;

    /// <inheritdoc/>
    public override bool IsTransient => false;
}
