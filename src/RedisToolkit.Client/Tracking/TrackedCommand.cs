using System.Threading.Tasks.Sources;

namespace RedisToolkit.Client;

/// <summary>A command on a tracked connection: one reply, or two where the server must be asked to track it. Shows the reply to an observer while it is read.</summary>
/// <typeparam name="T">What the reply becomes.</typeparam>
internal sealed class TrackedCommand<T> : PendingReply, IValueTaskSource<T>
{
    private static readonly RedisCommand CachingYes = RedisCommand.Create("CLIENT", "CACHING", "YES");
    private readonly RedisCommand _command;
    private readonly ReplyReader<T> _reader;
    private readonly ITrackedReplyObserver<T>? _observer;
    private readonly Func<long> _epoch;
    private readonly bool _asksToTrack;
    private ManualResetValueTaskSourceCore<T> _core;
    private CancellationTokenRegistration _cancellation;
    private CancellationToken _token;
    private T? _value;
    private Exception? _error;
    private object? _bulk;
    private bool _asked;
    private bool _tracked;
    private bool _hasValue;

    public TrackedCommand(in RedisCommand command, ReplyReader<T> reader, ITrackedReplyObserver<T>? observer, bool asksToTrack, Func<long> epoch, long deadline, TimeSpan timeout)
    {
        _command = command;
        _reader = reader;
        _observer = observer;
        _asksToTrack = asksToTrack;
        _epoch = epoch;
        BeginUse(deadline, timeout);
    }

    public override string CommandName => _command.Name;

    public override bool Repeatable => _command.Repeatable;

    public override ref readonly RedisCommand Lead => ref _command;

    /// <summary>Gets the result, to be awaited once.</summary>
    public ValueTask<T> Task => new(this, _core.Version);

    /// <summary>Lets the token end the wait. To be called before it is sent.</summary>
    public void CancelWith(CancellationToken token)
    {
        _token = token;
        _cancellation = token.UnsafeRegister(static state => ((TrackedCommand<T>)state!).OnCancelled(), this);
    }

    public override void WriteTo(SendBuffer buffer, CommandSpelling spelling)
    {
        // Also when it is sent again on another connection, which answers from the beginning.
        _asked = !_asksToTrack;
        _tracked = !_asksToTrack;
        // Both together: what came between them would take the tracking that was asked for.
        if (_asksToTrack) CachingYes.WriteTo(buffer, spelling);
        _command.WriteTo(buffer, spelling);
    }

    public override bool OnReply(ReadOnlySpan<byte> frame)
    {
        var reader = new RespReader(frame);
        if (!_asked)
        {
            _asked = true;
            _tracked = !reader.TryReadError(out _);
            return false;
        }

        try
        {
            if (reader.TryReadError(out RedisServerException? refusal)) _error = refusal;
            else Show(_reader.Read(ref reader));
        }
        catch (RedisException exception)
        {
            _error = exception;
        }
        catch (Exception exception)
        {
            _error = new RedisReplyException($"Reading the reply to {CommandName} failed: {exception.Message}", exception);
        }

        return true;
    }

    public override bool TryBeginBulk(int length, out Memory<byte> memory)
    {
        memory = default;
        if (!_asked) return false;
        _bulk = _reader.BeginBulk(length, out memory);
        return _bulk is not null;
    }

    public override void EndBulk()
    {
        T value = _reader.EndBulk(_bulk!);
        _bulk = null;
        try
        {
            Show(value);
        }
        catch (Exception exception)
        {
            _error = new RedisReplyException($"Reading the reply to {CommandName} failed: {exception.Message}", exception);
        }
    }

    public override void SetError(Exception error) => _error = error;

    public override void Complete(RedisConnection? from = null)
    {
        bool settled = TrySettle();
        // The caller has left, or gets an error in its place: what it would have had to give back is given back here.
        if (_hasValue && (!settled || _error is not null)) _reader.Discard(_value!);
        if (!settled) return;
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
            _cancellation.Dispose();
            ReleaseByCaller();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    protected override void Recycle()
    {
        // These are sent where a cache missed; they are not used again.
    }

    // On the reading side, in wire order.
    private void Show(T value)
    {
        _value = value;
        _hasValue = true;
        if (_observer is not null && !IsSettled) _observer.OnReply(value, new TrackedReply(_epoch(), _tracked));
    }

    private void OnCancelled() => TryAbandon(Use, new OperationCanceledException($"The wait for {CommandName} was cancelled. If it had been sent, the server may still execute it.", _token));
}
