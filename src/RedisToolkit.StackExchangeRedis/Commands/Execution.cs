namespace RedisToolkit.StackExchangeRedis;

/// <summary>
/// A command from the call until StackExchange.Redis has said what became of it. Two parties hold it: its caller, until the result
/// was fetched, and the task of StackExchange.Redis, which nobody can end early. Only when both have let go is the object used again.
/// </summary>
internal abstract class Execution : IThreadPoolWorkItem
{
    // Even while the result is open, odd once it is settled; rises by two with each use of the object. Whoever settles does
    // it for one use of the object only, and cannot hit the next one by being late.
    private long _use;
    private int _holders;
    private long _restsUntil;

    /// <summary>Gets or sets its neighbour: among those that wait, under the lock of its stripe of the watch; unused, in the list of its thread.</summary>
    public Execution? Next { get; set; }

    /// <inheritdoc cref="Next"/>
    public Execution? Previous { get; set; }

    /// <summary>Gets or sets which stripe of the watch it is in.</summary>
    public int Stripe { get; set; }

    /// <summary>Gets when the result must be there, on the client's coarse clock.</summary>
    public long Deadline { get; private set; }

    /// <summary>Gets or sets when it is sent again; 0 while it is under way.</summary>
    public long RestsUntil
    {
        get => Volatile.Read(ref _restsUntil);
        set => Volatile.Write(ref _restsUntil, value);
    }

    /// <summary>Gets a number that stands for this use of the object.</summary>
    public long Use => Volatile.Read(ref _use);

    public bool IsSettled => (Use & 1) != 0;

    /// <summary>Its deadline passed.</summary>
    public abstract void OnOutOfTime(long use);

    /// <summary>The client is disposed: nobody looks at deadlines any more.</summary>
    /// <param name="use">The use of the object that is meant.</param>
    /// <param name="error">Makes the error for a command of this name.</param>
    public abstract void End(long use, Func<string, Exception> error);

    /// <summary>It has rested long enough: sends it again.</summary>
    public abstract void Execute();

    protected void BeginUse(long deadline)
    {
        _holders = 2;
        _restsUntil = 0;
        // Before the use is open: whoever looks for passed deadlines reads the use first.
        Deadline = deadline;
        Volatile.Write(ref _use, (_use | 1) + 1);
    }

    protected bool TrySettle(long use) => (use & 1) == 0 && Interlocked.CompareExchange(ref _use, use + 1, use) == use;

    protected void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0) Recycle();
    }

    /// <summary>Both parties have let go: forget everything, and keep the object for another use.</summary>
    protected abstract void Recycle();
}
