namespace RedisToolkit.Client;

/// <summary>A batch, or a part of a long one, under way: as many replies as commands.</summary>
/// <param name="results">The commands and where their replies go.</param>
/// <param name="from">The first one.</param>
/// <param name="count">How many, at least one.</param>
/// <param name="trusted">Whether a reply counts before the last one was read; not when markers behind them must come back first.</param>
internal sealed class PendingBatch(IReadOnlyList<BatchResult> results, int from, int count, bool trusted) : PendingGroup(results, from, count, "batch")
{
    private const int Frozen = int.MinValue;
    // How many replies were read into their results; with Frozen, how many the caller was left with. Replies read later are dropped.
    private int _answered;
    private int _frames;

    public override void WriteTo(SendBuffer buffer, CommandSpelling spelling)
    {
        ForgetReplies();
        _frames = 0;
        SpellAll(buffer, spelling);
    }

    public override bool OnReply(ReadOnlySpan<byte> frame)
    {
        int at = _frames++;
        // Else the caller has left, and only the frame's place counts.
        if (Volatile.Read(ref _answered) == at)
        {
            BatchResult result = At(at);
            result.Read(frame);
            if (Interlocked.CompareExchange(ref _answered, at + 1, at) != at) result.Drop();
        }

        return _frames == Count;
    }

    protected override Exception? Settle(Exception? error, out bool answer)
    {
        answer = true;
        if (error is not null && !trusted) ForgetReplies();
        int answered = Interlocked.Or(ref _answered, Frozen);
        for (int i = 0; i < Count; i++) At(i).Settle(i < answered ? null : error);
        return error;
    }

    // What came before the caller left is his, and what came after was dropped at once.
    protected override void Forget()
    {
    }

    // Before it is sent again, or when what was read is not to be believed.
    private void ForgetReplies()
    {
        int answered = Volatile.Read(ref _answered);
        if (answered <= 0 || Interlocked.CompareExchange(ref _answered, 0, answered) != answered) return;
        for (int i = 0; i < answered; i++) At(i).Drop();
    }
}
