namespace RedisToolkit.Testing;

/// <summary>No server could be found, or the one found did not come up. The message says what was tried and the last lines it logged.</summary>
public sealed class RedisServerStartException : Exception
{
    /// <summary>Makes an exception with a message.</summary>
    public RedisServerStartException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and its cause.</summary>
    public RedisServerStartException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
