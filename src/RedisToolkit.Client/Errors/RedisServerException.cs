namespace RedisToolkit.Client;

/// <summary>The server answered with an error. Its first word is kept in <see cref="Code"/>.</summary>
public sealed class RedisServerException : RedisException
{
    internal RedisServerException(string code, string message, string? mend, Exception? inner = null)
        : base(mend is null ? message : $"{message} ({mend})", inner)
    {
        Code = code;
        ServerMessage = message;
    }

    /// <summary>Gets the error's code word, such as <c>ERR</c>, <c>WRONGTYPE</c>, <c>OOM</c> or <c>READONLY</c>; see <see cref="RedisErrorCode"/>.</summary>
    public string Code { get; }

    /// <summary>Gets the error as the server sent it, code word included; only the arguments that it quotes of a command it does not know are left out.</summary>
    public string ServerMessage { get; }

    /// <inheritdoc/>
    /// <value><see cref="CommandOutcome.Refused"/>. A script that failed halfway keeps the writes that it had made.</value>
    public override CommandOutcome Outcome => CommandOutcome.Refused;

    /// <inheritdoc/>
    public override bool IsTransient => RedisErrorCode.IsTransient(Code);

    internal static RedisServerException FromReply(string text, Exception? inner = null)
    {
        // What follows are the arguments, and they may be secret: a server without AUTH would quote the password.
        int quoted = text.IndexOf(", with args beginning with:", StringComparison.Ordinal);
        if (quoted >= 0) text = text[..quoted];
        string code = RedisErrorCode.Of(text);
        return new RedisServerException(code, text, RedisErrorCode.MendOf(code, text), inner);
    }
}
