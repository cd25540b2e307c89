namespace RedisToolkit.Testing;

/// <summary>The server answered a command with an error.</summary>
public sealed class CommandException : Exception
{
    internal CommandException(string error)
        : base(error) => Code = error.Split(' ', 2)[0];

    /// <summary>Gets the first word of the error, for example <c>WRONGTYPE</c>, <c>NOAUTH</c> or <c>ERR</c>.</summary>
    public string Code { get; }
}
