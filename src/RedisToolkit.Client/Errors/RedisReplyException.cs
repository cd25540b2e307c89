namespace RedisToolkit.Client;

/// <summary>The server executed the command, but its reply has another shape than the one that was asked for.</summary>
public sealed class RedisReplyException : RedisException
{
    internal RedisReplyException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <inheritdoc/>
    public override CommandOutcome Outcome => CommandOutcome.Executed;

    /// <inheritdoc/>
    public override bool IsTransient => false;

    internal static RedisReplyException Shape(string expected, RespKind actual) =>
        new($"The reply is {Name(actual)} where {expected} was to be read. Pass the Replies shape that fits the command, or Replies.Any to look at it.");

    private static string Name(RespKind kind) => kind switch
    {
        RespKind.Null => "absent (null)",
        RespKind.SimpleString => "a status line",
        RespKind.BulkString => "a string",
        RespKind.Verbatim => "a verbatim string",
        RespKind.Integer => "an integer",
        RespKind.Double => "a double",
        RespKind.Boolean => "a boolean",
        RespKind.BigNumber => "a big number",
        RespKind.Error => "an error",
        RespKind.Array => "an array",
        RespKind.Map => "a map",
        RespKind.Set => "a set",
        _ => "a push",
    };
}
