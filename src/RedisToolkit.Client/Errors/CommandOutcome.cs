namespace RedisToolkit.Client;

/// <summary>What is known about a command that failed.</summary>
public enum CommandOutcome
{
    /// <summary>No byte of the command left this process: the server did not execute it, and it may be sent again.</summary>
    NotSent,

    /// <summary>The server answered that it did not execute the command.</summary>
    Refused,

    /// <summary>The command may have reached the server, and may have been executed, or may still be.</summary>
    Unknown,

    /// <summary>The server executed the command; what failed came after it, such as reading the reply's shape.</summary>
    Executed,
}
