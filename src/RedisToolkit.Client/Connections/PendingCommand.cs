using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace RedisToolkit.Client;

/// <summary>One command with one reply. Reused, so that sending a command allocates nothing.</summary>
/// <typeparam name="T">What the reply becomes.</typeparam>
internal sealed class PendingCommand<T> : PendingReply, IValueTaskSource<T>
{
    private ManualResetValueTaskSourceCore<T> _core;
    private RedisCommand _command;
    private ReplyReader<T>? _reader;
    private T? _value;
    private Exception? _error;
    private object? _bulk;
    private CancellationTokenRegistration _cancellation;
    private CancellationToken _token;

    public override string CommandName => _command.Name;

    public override bool Repeatable => _command.Repeatable;

    public static PendingCommand<T> Rent(in RedisCommand command, ReplyReader<T> reader, long deadline, TimeSpan timeout)
    {
        PendingCommand<T> pending = ObjectPool<PendingCommand<T>>.TryRent() ?? new PendingCommand<T>();
        pending._command = command;
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
        try
        {
            if (reader.NextKind == RespKind.Error)
            {
                _ = reader.TryReadError(out RedisServerException? refusal);
                _error = refusal;
            }
            else
            {
                _value = _reader!.Read(ref reader);
            }
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

    public override void Complete()
    {
        if (_error is RedisServerException { Code: RedisErrorCode.NoScript } && TrySendText()) return;
        if (!TrySettle())
        {
            // The caller has left; what it would have had to give back is given back here.
            if (_error is null && _value is not null) _reader!.Discard(_value);
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
        ObjectPool<PendingCommand<T>>.Return(this);
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
