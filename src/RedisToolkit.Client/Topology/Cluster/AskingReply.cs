namespace RedisToolkit.Client;

/// <summary>
/// <c>ASKING</c> in front of a command that a node takes for this once only, since the command's slot is on its way there. What is answered to
/// it says nothing: the command's own reply does.
/// </summary>
internal sealed class AskingReply : PendingReply
{
    private static readonly RedisCommand Asking = RedisCommand.Create("ASKING");

    public AskingReply() => BeginUse(long.MaxValue, System.Threading.Timeout.InfiniteTimeSpan);

    public override string CommandName => Asking.Name;

    public override bool Repeatable => false;

    public override void WriteTo(SendBuffer buffer, CommandSpelling spelling) => Asking.WriteTo(buffer, spelling);

    public override bool OnReply(ReadOnlySpan<byte> frame) => true;

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
