using System.Threading.Tasks.Sources;

namespace RedisToolkit.Client;

/// <summary>Several commands in one write, with as many replies: it keeps its place in the ring until the last of them was read.</summary>
/// <param name="results">The commands and where their replies go.</param>
/// <param name="from">The first one.</param>
/// <param name="count">How many, at least one.</param>
/// <param name="trusted">Whether a reply counts before the last one was read; not when markers behind them must come back first.</param>
internal sealed class PendingBatch(IReadOnlyList<BatchResult> results, int from, int count, bool trusted) : PendingReply, IValueTaskSource
{
    private const int Frozen = int.MinValue;
    private ManualResetValueTaskSourceCore<bool> _core;
    // How many replies were read into their results; with Frozen, how many the caller was left with. Replies read later are dropped.
    private int _answered;
    private int _frames;
    private Exception? _error;
    private CancellationTokenRegistration _cancellation;
    private CancellationToken _token;

    public override string CommandName => count == 1
        ? $"A batch of one command, {results[from].Command.Name},"
        : $"A batch of {count} commands, the first of which is {results[from].Command.Name},";

    public override bool Repeatable { get; } = AllRepeatable(results, from, count);

    /// <summary>Begins its one use. To be called before it is sent.</summary>
    public ValueTask Begin(long deadline, TimeSpan timeout, CancellationToken token)
    {
        BeginUse(deadline, timeout);
        var task = new ValueTask(this, _core.Version);
        if (!token.CanBeCanceled) return task;
        _token = token;
        _cancellation = token.UnsafeRegister(static state => ((PendingBatch)state!).OnCancelled(), this);
        return task;
    }

    public override void WriteTo(SendBuffer buffer, CommandSpelling spelling)
    {
        ForgetReplies();
        _frames = 0;
        for (int i = from; i < from + count; i++) CommandList.Spell(results[i].Command, i, buffer, spelling);
    }

    public override bool OnReply(ReadOnlySpan<byte> frame)
    {
        int at = _frames++;
        // The caller has left: the reply is his no more.
        if (Volatile.Read(ref _answered) == at)
        {
            BatchResult result = results[from + at];
            result.Read(frame);
            if (Interlocked.CompareExchange(ref _answered, at + 1, at) != at) result.Drop();
        }

        return _frames == count;
    }

    public override void SetError(Exception error) => _error = error;

    public override void Complete()
    {
        if (TrySettle()) Finish(_error);
    }

    public override bool TryAbandon(long use, Exception error)
    {
        if (!TrySettle(use)) return false;
        _core.RunContinuationsAsynchronously = true;
        Finish(error);
        return true;
    }

    void IValueTaskSource.GetResult(short token)
    {
        try
        {
            _ = _core.GetResult(token);
        }
        finally
        {
            _cancellation.Dispose();
        }
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    // Not used again: its results belong to the caller.
    protected override void Recycle()
    {
    }

    private static bool AllRepeatable(IReadOnlyList<BatchResult> results, int from, int count)
    {
        for (int i = from; i < from + count; i++)
        {
            if (!results[i].Command.Repeatable) return false;
        }

        return true;
    }

    // By whoever settled it, and only by him.
    private void Finish(Exception? error)
    {
        if (error is not null && !trusted) ForgetReplies();
        int answered = Interlocked.Or(ref _answered, Frozen);
        for (int i = 0; i < count; i++) results[from + i].Settle(i < answered ? null : error);
        if (error is null) _core.SetResult(true);
        else _core.SetException(error);
    }

    // Before it is sent again, or when what was read is not to be believed.
    private void ForgetReplies()
    {
        int answered = Volatile.Read(ref _answered);
        if (answered <= 0 || Interlocked.CompareExchange(ref _answered, 0, answered) != answered) return;
        for (int i = 0; i < answered; i++) results[from + i].Drop();
    }

    private void OnCancelled() => TryAbandon(Use, new OperationCanceledException($"The wait for {CommandName.TrimEnd(',')} was cancelled. If it had been sent, the server may still execute it.", _token));
}
