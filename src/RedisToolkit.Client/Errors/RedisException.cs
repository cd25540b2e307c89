namespace RedisToolkit.Client;

/// <summary>The base of everything that this client throws about a server, a connection or a reply.</summary>
public abstract class RedisException : Exception
{
    private protected RedisException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>Gets what is known about the command: whether it was sent, refused, executed, or none of these for certain.</summary>
    public abstract CommandOutcome Outcome { get; }

    /// <summary>Gets a value indicating whether the same call may well succeed a little later without anything being changed.</summary>
    public abstract bool IsTransient { get; }
}
