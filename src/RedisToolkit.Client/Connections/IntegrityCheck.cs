using System.Security.Cryptography;

namespace RedisToolkit.Client;

/// <summary>
/// A marker behind a command that the server echoes. Replies carry no number that ties them to their commands; if something
/// between us and the server loses or adds one, only such a marker shows it. The command's reply is handed out only once its
/// marker came back right.
/// </summary>
internal sealed class IntegrityCheck : PendingReply
{
    private static readonly CommandHeader Echo = CommandHeader.Of("ECHO");
    private readonly byte[] _marker = RandomNumberGenerator.GetBytes(16);

    public override string CommandName => Echo.Name;

    public override bool Repeatable => false;

    public override void WriteTo(SendBuffer buffer, CommandSpelling spelling) => new RedisCommand(Echo, _marker).WriteTo(buffer, spelling);

    /// <exception cref="RedisProtocolException">Another reply came: from here on nothing on this connection can be trusted.</exception>
    public override bool OnReply(ReadOnlySpan<byte> frame)
    {
        var reader = new RespReader(frame);
        // A server that refuses the command may refuse its marker for the same reason; that proves nothing, in either direction.
        if (reader.NextKind == RespKind.Error && reader.TryReadError(out RedisServerException? refusal) && SaysNothing(refusal.Code)) return true;
        if (reader.NextKind != RespKind.BulkString || !reader.ReadSpan().SequenceEqual(_marker))
            throw new RedisProtocolException("The connection was closed: replies no longer match their commands (RedisClientOptions.VerifyReplies found it). Something between this client and the server loses or adds bytes.");
        return true;
    }

    private static bool SaysNothing(string code) =>
        code is RedisErrorCode.Busy or RedisErrorCode.Loading or RedisErrorCode.NoAuth or RedisErrorCode.NoPermission;

    public override void Complete(RedisConnection? from = null)
    {
    }

    public override void SetError(Exception error)
    {
    }

    public override bool TryAbandon(long use, Exception error) => false;

    protected override void Recycle()
    {
    }
}
