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
    private bool _redirected;
    // What became of each command that a server sent elsewhere, executed by itself since; null where the reply that was read counts.
    private BatchResult?[]? _again;

    public override void WriteTo(SendBuffer buffer, CommandSpelling spelling)
    {
        ForgetReplies();
        _frames = 0;
        _redirected = false;
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
            if (result.Refusal is RedisServerException refusal && Redirection.Is(refusal)) _redirected = true;
            if (Interlocked.CompareExchange(ref _answered, at + 1, at) != at) result.Drop();
        }

        return _frames == Count;
    }

    protected override bool TryGoOn(RedisConnection from)
    {
        if (!_redirected || IsSettled) return false;
        return Count == 1 ? TryGoOnAsItIs(from) : TryGoOnInParts(from);
    }

    protected override Exception? Settle(Exception? error, out bool answer)
    {
        answer = true;
        if (error is not null && !trusted) ForgetReplies();
        int answered = Interlocked.Or(ref _answered, Frozen);
        BatchResult?[]? again = Volatile.Read(ref _again);
        Exception? missing = error;
        for (int i = 0; i < Count; i++)
        {
            Exception? failure = i < answered ? null : error;
            if (again?[i] is { } part)
            {
                // With an error, the caller leaves while it is under way once more: what becomes of it is unknown.
                At(i).Refusal = null;
                failure = error ?? At(i).Adopt(part);
                missing ??= failure;
            }

            At(i).Settle(failure);
        }

        return missing;
    }

    // What came before the caller left is his, and what came after was dropped at once.
    protected override void Forget()
    {
        foreach (BatchResult? part in _again ?? []) part?.Drop();
    }

    private bool TryGoOnAsItIs(RedisConnection from)
    {
        var refusal = (RedisServerException)At(0).Refusal!;
        // First this: from here on, a caller who leaves is not left with a reply.
        if (Interlocked.CompareExchange(ref _answered, 0, 1) != 1) return false;
        At(0).Refusal = null;
        if (TryHandBack(refusal, from)) return true;
        At(0).Refusal = refusal;
        _ = Interlocked.CompareExchange(ref _answered, 1, 0);
        return false;
    }

    // Each by itself, in their order: one may be served elsewhere than another.
    private bool TryGoOnInParts(RedisConnection from)
    {
        if (Resubmitter is not { } router) return false;
        var again = new BatchResult?[Count];
        var refusals = new RedisServerException[Count];
        for (int i = 0; i < Count; i++)
        {
            if (At(i).Refusal is not RedisServerException refusal || !Redirection.Is(refusal)) continue;
            refusals[i] = refusal;
            again[i] = At(i).Fork();
        }

        Volatile.Write(ref _again, again);
        // Either a caller who leaves sees that they are sent again, or they are not.
        Interlocked.MemoryBarrier();
        if (IsSettled) return false;
        var parts = new List<ValueTask>();
        for (int i = 0; i < Count; i++)
        {
            if (again[i] is not { } fork) continue;
            var part = new PendingBatch([fork], 0, 1, trusted) { Resubmitter = router };
            parts.Add(part.Done);
            part.Begin(Deadline, Timeout, Token);
            if (!router.TryTakeBack(part, refusals[i], from)) part.Refuse(refusals[i]);
        }

        _ = FinishAsync(parts);
        return true;
    }

    // There is no other way, so the server's answer stands.
    private void Refuse(RedisServerException refusal)
    {
        At(0).Refusal = refusal;
        _answered = 1;
        Complete();
    }

    private async Task FinishAsync(List<ValueTask> parts)
    {
        foreach (ValueTask part in parts)
        {
            try
            {
                await part.ConfigureAwait(false);
            }
            catch (Exception)
            {
                // It is in the part's result, and the caller is told from there.
            }
        }

        Complete();
    }

    // Before it is sent again, or when what was read is not to be believed.
    private void ForgetReplies()
    {
        int answered = Volatile.Read(ref _answered);
        if (answered <= 0 || Interlocked.CompareExchange(ref _answered, 0, answered) != answered) return;
        for (int i = 0; i < answered; i++) At(i).Drop();
    }
}
