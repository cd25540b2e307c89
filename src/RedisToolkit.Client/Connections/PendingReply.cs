namespace RedisToolkit.Client;

/// <summary>
/// A command, or several that travel as one, from the call until its reply has been taken off the wire. It is in exactly one
/// place at a time: waiting for a connection, or in the in-flight ring of one.
/// </summary>
/// <remarks>
/// Two parties hold it: its caller, until the result was fetched, and the engine, until the reply was read or is known never
/// to come. Only when both have let go may the object be used again. A caller that gives up (cancelled, out of time) settles
/// the result and goes; the engine still takes the reply off the wire in its turn, so that no later reply is mistaken for it.
/// </remarks>
internal abstract class PendingReply
{
    // Even while the result is open, odd once it is settled; rises by two with each use of the object. Whoever settles does
    // it for one use of the object only, and cannot hit the next one by being late.
    private long _use;
    private int _holders;

    /// <summary>Gets the command's name, for messages.</summary>
    public abstract string CommandName { get; }

    /// <summary>Gets a value indicating whether it may be sent again when it may have been executed.</summary>
    public abstract bool Repeatable { get; }

    /// <summary>Gets when the result must be there, on the client's coarse clock.</summary>
    public long Deadline { get; private set; }

    /// <summary>Gets how long the caller allowed.</summary>
    public TimeSpan Timeout { get; private set; }

    /// <summary>Gets or sets where it lies in the bytes of its connection; tells after a loss if any of it had left.</summary>
    public long StartOffset { get; set; }

    /// <summary>Gets or sets how often it has been sent again.</summary>
    public int Repeats { get; set; }

    /// <summary>Gets or sets a value indicating whether <c>ASKING</c> has to go before it: its slot is on its way to the node that it is sent to.</summary>
    public bool Asks { get; set; }

    /// <summary>Gets or sets how often a server sent it elsewhere, or asked for patience.</summary>
    public int Redirects { get; set; }

    /// <summary>Gets the command by which it is routed: of several, the first.</summary>
    public virtual ref readonly RedisCommand Lead => throw new InvalidOperationException($"{CommandName} belongs to one connection; it is not routed.");

    /// <summary>Gets or sets who sends it again after a loss; null if nobody does.</summary>
    public IResubmitter? Resubmitter { get; set; }

    /// <summary>Gets or sets the next one in a pool's stack, while this one is unused.</summary>
    public PendingReply? NextUnused { get; set; }

    /// <summary>Gets a number that stands for this use of the object.</summary>
    public long Use => Volatile.Read(ref _use);

    public bool IsSettled => (Use & 1) != 0;

    /// <summary>Spells it for the wire.</summary>
    /// <exception cref="ArgumentException">It cannot be spelled. What was written must be taken back.</exception>
    public abstract void WriteTo(SendBuffer buffer, CommandSpelling spelling);

    /// <summary>Takes one whole reply, on the reading side, in wire order. Must not throw.</summary>
    /// <returns>Whether this was the last reply it waits for.</returns>
    public abstract bool OnReply(ReadOnlySpan<byte> frame);

    /// <summary>Offers memory for a long string that is about to arrive; see <see cref="ReplyReader{T}.BeginBulk"/>.</summary>
    public virtual bool TryBeginBulk(int length, out Memory<byte> memory)
    {
        memory = default;
        return false;
    }

    /// <summary>Gets a value indicating whether a long string is taken in parts, so that its length does not matter to memory.</summary>
    public virtual bool TakesParts => false;

    /// <summary>The memory last offered is full, and more of the string follows.</summary>
    /// <param name="left">How many bytes follow.</param>
    /// <param name="resume">To be called, once, when there is memory again, if there is none now.</param>
    /// <param name="memory">Where to put the next part.</param>
    /// <returns>False if the connection is not to be read until <paramref name="resume"/> is called.</returns>
    public virtual bool TryNextPart(int left, Action resume, out Memory<byte> memory) => throw new InvalidOperationException("This reply is not taken in parts.");

    /// <summary>The bytes of <see cref="TryBeginBulk"/> are all there: this was the reply.</summary>
    public virtual void EndBulk()
    {
    }

    /// <summary>Resumes the caller with what <see cref="OnReply"/> or <see cref="SetError"/> noted. Runs the caller's code.</summary>
    /// <param name="from">The connection on which it was answered; null if it was not.</param>
    public abstract void Complete(RedisConnection? from = null);

    /// <summary>Notes an error in place of a reply; the caller is resumed by <see cref="Complete"/>.</summary>
    public abstract void SetError(Exception error);

    /// <summary>Settles with an error at once, unless it is settled; the caller is resumed on another thread.</summary>
    /// <param name="use">The use of the object that is meant.</param>
    /// <param name="error">The error.</param>
    /// <returns>Whether it was this call that settled it.</returns>
    public abstract bool TryAbandon(long use, Exception error);

    /// <summary>The engine, about to let go of it, takes hold of it once more: it is sent in another form.</summary>
    protected void HoldByEngine() => Interlocked.Increment(ref _holders);

    /// <summary>
    /// Lets whoever routes it send it again after an error that redirects: it was not executed. To be called while it is being completed,
    /// when nothing of the reply is left in it.
    /// </summary>
    /// <returns>False if the error is to be the caller's.</returns>
    protected bool TryHandBack(RedisServerException refusal, RedisConnection? from)
    {
        if (from is null || Resubmitter is not { } router || IsSettled) return false;
        // Before: it may be answered again before the router comes back.
        HoldByEngine();
        if (router.TryTakeBack(this, refusal, from)) return true;
        ReleaseByEngine();
        return false;
    }

    /// <summary>The engine lets go of it.</summary>
    public void ReleaseByEngine() => Release();

    protected void BeginUse(long deadline, TimeSpan timeout)
    {
        _holders = 2;
        Repeats = 0;
        Redirects = 0;
        Asks = false;
        // Before the use is open: whoever looks for passed deadlines reads the use first.
        Deadline = deadline;
        Timeout = timeout;
        Volatile.Write(ref _use, (_use | 1) + 1);
    }

    protected bool TrySettle(long use) => (use & 1) == 0 && Interlocked.CompareExchange(ref _use, use + 1, use) == use;

    protected bool TrySettle() => TrySettle(Use);

    protected void ReleaseByCaller() => Release();

    /// <summary>Both parties have let go: forget everything, and keep the object for another use.</summary>
    protected abstract void Recycle();

    private void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0) Recycle();
    }
}

/// <summary>Finds another way for what a broken connection left undone.</summary>
internal interface IResubmitter
{
    /// <summary>Takes it over, if there is time left; it then has the engine's hold on it.</summary>
    bool TryResubmit(PendingReply pending, bool wasSent, Exception reason);

    /// <summary>Sends a command, now or when there is a connection with room for it, within its deadline; settles it in any case.</summary>
    void Route(PendingReply pending);

    /// <summary>Takes it over after an error that redirects (see <see cref="Redirection"/>), if there is a way and time left; it then has the engine's hold on it.</summary>
    /// <param name="pending">What was refused, and not executed.</param>
    /// <param name="refusal">The error; of a transaction, the one that aborted it.</param>
    /// <param name="from">The connection on which it came.</param>
    bool TryTakeBack(PendingReply pending, RedisServerException refusal, RedisConnection from);
}
