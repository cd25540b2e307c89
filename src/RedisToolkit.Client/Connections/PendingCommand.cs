using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace RedisToolkit.Client;

/// <summary>One command with one reply. Reused, so that sending a command allocates nothing.</summary>
/// <typeparam name="T">What the reply becomes.</typeparam>
internal sealed class PendingCommand<T> : PendingReply, IValueTaskSource<T>
{
    /// <summary>The pool of this kind of command.</summary>
    public static readonly ReplyPool Pool = new();

    private ManualResetValueTaskSourceCore<T> _core;
    private RedisCommand _command;
    // Kept when the object is forgotten: whoever is late with a passed deadline still may ask for it.
    private string _name = string.Empty;
    private ReplyReader<T>? _reader;
    private T? _value;
    private Exception? _error;
    private object? _bulk;
    private CancellationTokenRegistration _cancellation;
    private CancellationToken _token;

    public override string CommandName => _name;

    public override bool Repeatable => _command.Repeatable;

    public override ref readonly RedisCommand Lead => ref _command;

    public static PendingCommand<T> Rent(in RedisCommand command, ReplyReader<T> reader, long deadline, TimeSpan timeout)
    {
        // The pool holds nothing else.
        PendingCommand<T> pending = Unsafe.As<PendingCommand<T>?>(reader.Pool.TryRent()) ?? new PendingCommand<T>();
        pending._command = command;
        pending._name = command.Name;
        pending._reader = reader;
        pending.BeginUse(deadline, timeout);
        return pending;
    }

    /// <summary>Gets the result. To be called before it is sent, since afterwards the object may already be in its next use.</summary>
    public ValueTask<T> Task => new(this, _core.Version);

    /// <summary>Lets the token end the wait. To be called before it is sent.</summary>
    public void CancelWith(CancellationToken token)
    {
        _token = token;
        _cancellation = token.UnsafeRegister(static state => ((PendingCommand<T>)state!).OnCancelled(), this);
    }

    public override void WriteTo(SendBuffer buffer, CommandSpelling spelling) => _command.WriteTo(buffer, spelling);

    public override bool OnReply(ReadOnlySpan<byte> frame)
    {
        var reader = new RespReader(frame);
        // One that is sent again may have had an answer that was not handed out.
        _error = null;
        try
        {
            // Attributes may stand before an error; the common reply has none.
            if (frame[0] is RespPrefix.SimpleError or RespPrefix.BulkError or RespPrefix.Attribute && reader.TryReadError(out RedisServerException? refusal)) _error = refusal;
            else _value = _reader!.Read(ref reader);
        }
        catch (RedisException exception)
        {
            _error = exception;
        }
        catch (Exception exception)
        {
            // A reader is user code: whatever it throws is the business of this command only.
            _error = new RedisReplyException($"Reading the reply to {CommandName} failed: {exception.Message}", exception);
        }

        return true;
    }

    public override bool TryBeginBulk(int length, out Memory<byte> memory)
    {
        _bulk = _reader!.BeginBulk(length, out memory);
        return _bulk is not null;
    }

    public override void EndBulk()
    {
        _value = _reader!.EndBulk(_bulk!);
        _bulk = null;
    }

    public override void SetError(Exception error) => _error = error;

    public override void Complete(RedisConnection? from = null)
    {
        if (_error is RedisServerException refusal && TryGoOn(refusal, from)) return;
        if (!TrySettle())
        {
            // The caller has left; what it would have had to give back is given back here.
            if (_error is null && _value is not null) Discard(_value);
            return;
        }

        if (_error is null) _core.SetResult(_value!);
        else _core.SetException(_error);
    }

    public override bool TryAbandon(long use, Exception error)
    {
        if (!TrySettle(use)) return false;
        _core.RunContinuationsAsynchronously = true;
        _core.SetException(error);
        return true;
    }

    T IValueTaskSource<T>.GetResult(short token)
    {
        if (_core.GetStatus(token) == ValueTaskSourceStatus.Pending)
            throw new InvalidOperationException("The result of a command was asked for before it was there. Await the ValueTask, or call AsTask() first.");
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            // Waits for a callback that runs just now, so that none can reach the next use of this object.
            _cancellation.Dispose();
            ReleaseByCaller();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    protected override void Recycle()
    {
        ReplyPool pool = _reader!.Pool;
        _core.Reset();
        _core.RunContinuationsAsynchronously = false;
        _command = default;
        _reader = null;
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>()) _value = default;
        _error = null;
        _bulk = null;
        _cancellation = default;
        _token = default;
        Resubmitter = null;
        pool.Return(this);
    }

    private void Discard(T value)
    {
        try
        {
            _reader!.Discard(value);
        }
        catch (Exception)
        {
            // A reader is user code, and its caller has left: there is nobody to tell, and the callers behind must not suffer.
        }
    }

    // The server has executed nothing, and says what would help.
    private bool TryGoOn(RedisServerException refusal, RedisConnection? from)
    {
        if (refusal.Code == RedisErrorCode.NoScript) return TrySendText();
        if (!Redirection.Is(refusal)) return false;
        _error = null;
        if (TryHandBack(refusal, from)) return true;
        _error = refusal;
        return false;
    }

    // The server does not know the script by its SHA-1, so it has executed nothing: the text goes to it now.
    private bool TrySendText()
    {
        if (_command.Header.Script is not { } script || Resubmitter is not { } router || IsSettled) return false;
        _error = null;
        _command = script.WithText(_command);
        HoldByEngine();
        router.Route(this);
        return true;
    }

    private void OnCancelled() => TryAbandon(Use, new OperationCanceledException($"The wait for {CommandName} was cancelled. If it had been sent, the server may still execute it.", _token));
}
