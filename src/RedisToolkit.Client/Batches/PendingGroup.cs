using System.Threading.Tasks.Sources;

namespace RedisToolkit.Client;

/// <summary>Several commands in one write, with several replies: they keep one place in the ring until the last reply was read.</summary>
/// <param name="results">The commands and where their replies go.</param>
/// <param name="from">The first one.</param>
/// <param name="count">How many.</param>
/// <param name="what">What they are together, for messages: <c>batch</c>.</param>
internal abstract class PendingGroup(IReadOnlyList<BatchResult> results, int from, int count, string what) : PendingReply, IValueTaskSource, IValueTaskSource<bool>
{
    // Null once all is done: the ring keeps this object until its place there is used again, and is not to keep what callers have long forgotten.
    private IReadOnlyList<BatchResult>? _results = results;
    private ManualResetValueTaskSourceCore<bool> _core;
    private Exception? _error;
    private CancellationTokenRegistration _cancellation;
    private CancellationToken _token;

    public override string CommandName => count switch
    {
        0 => $"A {what} without commands",
        1 => $"A {what} of {FirstName}",
        _ => $"A {what} of {count} commands, beginning with {FirstName},",
    };

    public override bool Repeatable { get; } = AllRepeatable(results, from, count);

    /// <summary>Gets which of the commands decides on the server: one that has keys, if any has.</summary>
    public int LeadAt { get; init; }

    public override ref readonly RedisCommand Lead => ref _results![from + LeadAt].Command;

    /// <summary>Gets how many commands there are.</summary>
    protected int Count => count;

    /// <summary>Gets what ends the caller's wait, for what is sent in his name.</summary>
    protected CancellationToken Token => _token;

    /// <summary>Gets the result of what went well: whatever <see cref="Settle"/> was told last.</summary>
    public ValueTask<bool> Answer => new(this, _core.Version);

    /// <summary>Gets the same as <see cref="Answer"/>, where there is nothing to tell but errors.</summary>
    public ValueTask Done => new(this, _core.Version);

    /// <summary>Begins its one use. To be called before it is sent.</summary>
    public void Begin(long deadline, TimeSpan timeout, CancellationToken token)
    {
        BeginUse(deadline, timeout);
        if (!token.CanBeCanceled) return;
        _token = token;
        _cancellation = token.UnsafeRegister(static state => ((PendingGroup)state!).OnCancelled(), this);
    }

    public override void SetError(Exception error) => _error = error;

    public override void Complete(RedisConnection? from = null)
    {
        if (_error is null && from is not null && TryGoOn(from)) return;
        if (TrySettle())
        {
            Finish(_error);
            _results = null;
        }
        else
        {
            // Whoever settled it may still be at the results.
            Forget();
        }
    }

    public override bool TryAbandon(long use, Exception error)
    {
        if (!TrySettle(use)) return false;
        _core.RunContinuationsAsynchronously = true;
        Finish(error);
        return true;
    }

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            _cancellation.Dispose();
        }
    }

    void IValueTaskSource.GetResult(short token) => ((IValueTaskSource<bool>)this).GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _core.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    /// <summary>A command with its result; 0 is the first of this group.</summary>
    protected BatchResult At(int index) => _results![from + index];

    /// <summary>Spells the commands in their order; the error of one that cannot be spelled says which it is.</summary>
    protected void SpellAll(SendBuffer buffer, CommandSpelling spelling)
    {
        HashSet<LuaScript>? known = null;
        for (int i = 0; i < count; i++)
        {
            ref readonly RedisCommand command = ref At(i).Command;
            // The server may not know a script, and its refusal would come too late to keep the order: so its text goes along once.
            if (command.Header.Script is { } script && (known ??= []).Add(script)) CommandList.Spell(script.WithText(command), from + i, buffer, spelling);
            else CommandList.Spell(command, from + i, buffer, spelling);
        }
    }

    /// <summary>All replies are there: has what was refused with errors that redirect sent again.</summary>
    /// <returns>False if it is settled with what was read.</returns>
    protected abstract bool TryGoOn(RedisConnection from);

    /// <summary>Settles the single results. Called once, by whoever settled the whole.</summary>
    /// <param name="error">Why replies are missing; null if all were read.</param>
    /// <param name="answer">What to tell the caller, if there is no error.</param>
    /// <returns>What to throw to the caller.</returns>
    protected abstract Exception? Settle(Exception? error, out bool answer);

    /// <summary>All replies that will come are there, but the caller had left before: gives back what he does not see.</summary>
    protected abstract void Forget();

    // Not used again: the results belong to the caller.
    protected override void Recycle()
    {
    }

    // Asked for by whoever looks for passed deadlines, maybe just when all is done.
    private string FirstName => _results is { } all ? all[from].Command.Name : "what is done";

    private static bool AllRepeatable(IReadOnlyList<BatchResult> results, int from, int count)
    {
        for (int i = from; i < from + count; i++)
        {
            if (!results[i].Command.Repeatable) return false;
        }

        return true;
    }

    private void Finish(Exception? error)
    {
        error = Settle(error, out bool answer);
        if (error is null) _core.SetResult(answer);
        else _core.SetException(error);
    }

    private void OnCancelled() =>
        TryAbandon(Use, new OperationCanceledException($"The wait for a {what} was cancelled. If it had been sent, the server may still execute it.", _token));
}
