namespace RedisToolkit.Client;

/// <summary>A transaction under way: <c>MULTI</c>, its commands and <c>EXEC</c> in one write; a reply to each, the last one with all results.</summary>
/// <param name="results">The commands and where their replies go.</param>
internal sealed class PendingTransaction(IReadOnlyList<BatchResult> results) : PendingGroup(results, 0, results.Count, "transaction")
{
    private static readonly RedisCommand Multi = RedisCommand.Create("MULTI");
    private static readonly RedisCommand Exec = RedisCommand.Create("EXEC");
    private int _frames;
    private int _refused;
    private RedisServerException? _multiRefused;
    private Exception? _failure;
    private bool _executed;
    // Why nothing was executed, if another server or another moment would.
    private RedisServerException? _redirect;

    public override void WriteTo(SendBuffer buffer, CommandSpelling spelling)
    {
        Forget();
        _frames = 0;
        _refused = 0;
        _multiRefused = null;
        Multi.WriteTo(buffer, spelling);
        SpellAll(buffer, spelling);
        Exec.WriteTo(buffer, spelling);
    }

    public override bool OnReply(ReadOnlySpan<byte> frame)
    {
        int at = _frames++;
        if (at == 0) _ = new RespReader(frame).TryReadError(out _multiRefused);
        else if (at <= Count) ReadQueued(At(at - 1), frame);
        else ReadExec(frame);
        return at > Count;
    }

    protected override Exception? Settle(Exception? error, out bool answer)
    {
        answer = false;
        if (error is not null)
        {
            for (int i = 0; i < Count; i++) At(i).Settle(error);
            return error;
        }

        answer = _executed && _failure is null;
        Exception? missing = _executed ? null : _failure ?? Changed();
        for (int i = 0; i < Count; i++) At(i).Settle(At(i).Refusal is null ? missing : null);
        return _failure;
    }

    protected override void Forget()
    {
        for (int i = 0; i < Count; i++)
        {
            if (_executed) At(i).Drop();
            At(i).Refusal = null;
        }

        _executed = false;
        _failure = null;
        _redirect = null;
    }

    protected override bool TryGoOn(RedisConnection from)
    {
        if (_redirect is not { } redirect) return false;
        // As a whole: nothing of it was executed.
        Exception? failure = _failure;
        RedisServerException?[] refusals = [.. Enumerable.Range(0, Count).Select(i => (RedisServerException?)At(i).Refusal)];
        Forget();
        if (TryHandBack(redirect, from)) return true;
        for (int i = 0; i < Count; i++) At(i).Refusal = refusals[i];
        _failure = failure;
        return false;
    }

    private static InvalidOperationException Changed() => new("The transaction was not executed: a key that it watches was changed by somebody else. Execute it anew to try again.");

    private void ReadQueued(BatchResult result, ReadOnlySpan<byte> frame)
    {
        // There is no transaction, so this is the reply to the command itself.
        if (_multiRefused is not null) result.Read(frame);
        else if (new RespReader(frame).TryReadError(out RedisServerException? refusal)) Refuse(result, refusal);
    }

    private void Refuse(BatchResult result, RedisServerException refusal)
    {
        result.Refusal = refusal;
        _refused++;
    }

    private void ReadExec(ReadOnlySpan<byte> frame)
    {
        var reader = new RespReader(frame);
        if (_multiRefused is { } multi)
        {
            _executed = true;
            _failure = new RedisServerException(multi.Code, multi.ServerMessage, "MULTI was refused, so the commands were executed one by one, not as a transaction; the single results tell how. Allow this user MULTI and EXEC.");
        }
        else if (reader.TryReadError(out RedisServerException? abort))
        {
            _failure = Aborted(abort);
            _redirect = Redirection.OfExec(abort) ?? FirstRedirect();
        }
        else if (!reader.TryReadNull())
        {
            ReadResults(ref reader);
        }
    }

    private void ReadResults(ref RespReader reader)
    {
        int count = reader.ReadArrayHeader();
        if (count != Count - _refused)
        {
            _failure = new RedisReplyException($"EXEC answered {count} results to {Count - _refused} commands.");
            return;
        }

        _executed = true;
        for (int i = 0; i < Count; i++)
        {
            // Each by itself: a reader that fails halfway must not shift those behind it.
            if (At(i).Refusal is null) At(i).Read(reader.TakeElement());
        }
    }

    private RedisServerException? FirstRedirect()
    {
        for (int i = 0; i < Count; i++)
        {
            if (At(i).Refusal is RedisServerException refusal && Redirection.Is(refusal)) return refusal;
        }

        return null;
    }

    private RedisServerException Aborted(RedisServerException abort)
    {
        for (int i = 0; i < Count; i++)
        {
            if (At(i).Refusal is { } refusal)
                return new RedisServerException(abort.Code, abort.ServerMessage, $"Nothing was executed. Command {i + 1} of {Count}, {At(i).Command.Name}, was refused: {refusal.Message}", refusal);
        }

        return abort;
    }
}
