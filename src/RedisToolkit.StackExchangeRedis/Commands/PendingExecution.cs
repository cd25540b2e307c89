using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using RedisToolkit.Client;

namespace RedisToolkit.StackExchangeRedis;

/// <summary>One command with one reply. Reused, so that waiting for it allocates nothing beside what StackExchange.Redis does.</summary>
/// <typeparam name="T">What the reply becomes.</typeparam>
internal sealed class PendingExecution<T> : Execution, IValueTaskSource<T>
{
    private const int PerThread = 64;
    private const int MostShared = 1024;
    private static readonly ConcurrentQueue<PendingExecution<T>> Shared = new();

    // A few for each thread, one linked to the next: these need no synchronisation.
    [ThreadStatic]
    private static Execution? s_mine;
    [ThreadStatic]
    private static int s_mineCount;
    private static int s_sharedCount;
    private readonly Action _onDone;
    private ManualResetValueTaskSourceCore<T> _core;
    private CommandContext? _client;
    // Kept only of a script's call, which may have to be sent in another form.
    private RedisCommand _command;
    private LuaScript? _script;
    private bool _repeatable;
    private string _name = string.Empty;
    private Call _call;
    private ReplyReader<T>? _reader;
    private MultiplexerSlot? _slot;
    private Task? _task;
    private TimeSpan _timeout;
    private int _failures;
    private int _repeats;
    private Exception? _lastFailure;
    private T? _value;
    private Exception? _error;
    private CancellationTokenRegistration _cancellation;
    private CancellationToken _token;

    private PendingExecution() => _onDone = OnDone;

    /// <summary>Sends a command.</summary>
    /// <param name="client">What all commands of the client share.</param>
    /// <param name="command">The command.</param>
    /// <param name="call">The same, taken apart.</param>
    /// <param name="reader">The shape of its reply.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="token">Ends the wait.</param>
    public static ValueTask<T> SendAsync(
        CommandContext client, in RedisCommand command, in Call call, ReplyReader<T> reader, TimeSpan timeout, CancellationToken token)
    {
        PendingExecution<T> pending = Rent();
        pending._client = client;
        pending._script = command.Header.Script;
        if (pending._script is not null) pending._command = command;
        pending._repeatable = command.Repeatable;
        pending._name = command.Name;
        pending._call = call;
        pending._reader = reader;
        pending._timeout = timeout;
        pending.BeginUse(client.Clock.DeadlineAfter(timeout));
        // Taken before it is sent: afterwards the object may already be in its next use.
        var task = new ValueTask<T>(pending, pending._core.Version);
        if (token.CanBeCanceled)
        {
            pending._token = token;
            pending._cancellation = token.UnsafeRegister(static state => ((PendingExecution<T>)state!).OnCancelled(), pending);
        }

        client.Watch.Add(pending);
        pending.Attempt();
        return task;
    }

    public override void Execute()
    {
        if (IsSettled) Finish();
        else Attempt();
    }

    public override void OnOutOfTime(long use)
    {
        CommandContext? client = _client;
        MultiplexerSlot? slot = _slot;
        if (client is null || use != Use) return;
        CommandOutcome outcome = _lastFailure is RedisConnectionException { Outcome: CommandOutcome.NotSent } && RestsUntil > 0 ? CommandOutcome.NotSent : CommandOutcome.Unknown;
        RedisTimeoutDetails details = Faults.Details(slot?.Endpoint ?? "the multiplexer's server", slot?.IsConnected ?? false, slot?.InFlight ?? 0, _lastFailure?.Message);
        Abandon(use, new RedisTimeoutException(_name, _timeout, outcome, details, _lastFailure));
    }

    public override void End(long use, Func<string, Exception> error) => Abandon(use, error(_name));

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
            Release();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    protected override void Recycle()
    {
        _core.Reset();
        _core.RunContinuationsAsynchronously = false;
        _client = null;
        if (_script is not null) _command = default;
        _script = null;
        _call = default;
        _reader = null;
        _slot = null;
        _task = null;
        _failures = _repeats = 0;
        _lastFailure = null;
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>()) _value = default;
        _error = null;
        _cancellation = default;
        _token = default;
        Return(this);
    }

    private static PendingExecution<T> Rent()
    {
        if (s_mine is { } mine)
        {
            s_mine = mine.Next;
            s_mineCount--;
            mine.Next = null;
            // The list holds nothing else.
            return Unsafe.As<PendingExecution<T>>(mine);
        }

        if (!Shared.TryDequeue(out PendingExecution<T>? shared)) return new PendingExecution<T>();
        Interlocked.Decrement(ref s_sharedCount);
        return shared;
    }

    private static void Return(PendingExecution<T> unused)
    {
        if (s_mineCount < PerThread)
        {
            unused.Next = s_mine;
            s_mine = unused;
            s_mineCount++;
            return;
        }

        // The threads that send are not always those that receive: what one has too many of, others fetch here.
        if (Interlocked.Increment(ref s_sharedCount) <= MostShared) Shared.Enqueue(unused);
        else Interlocked.Decrement(ref s_sharedCount);
    }

    private void Attempt()
    {
        Task task;
        try
        {
            // There was one when the command came, and there is one from then on.
            _slot = _client!.Source.Current!;
            _slot.Enter();
            task = _call.Begin(_slot.Database, _name);
        }
        catch (Exception exception)
        {
            task = Task.FromException(exception);
        }

        _task = task;
        if (task.IsCompleted) OnDone();
        else task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_onDone);
    }

    private void OnDone()
    {
        Task task = _task!;
        _slot!.Leave();
        if (task.IsCompletedSuccessfully)
        {
            // Else the caller has left, and nobody reads it.
            if (!IsSettled) Read(task);
            Finish();
            return;
        }

        // Looked at in any case, so that it does not count as unobserved.
        Exception failure = Ended.FailureOf(task);
        _error = Faults.Translate(failure, _name, _timeout, _slot.Endpoint);
        if (!TryGoOn(_error)) Finish();
    }

    private void Read(Task task)
    {
        try
        {
            _value = _call.Read(task, _reader!);
        }
        catch (RedisException exception)
        {
            _error = exception;
        }
        catch (Exception exception)
        {
            // A reader is user code: whatever it throws is the business of this command only.
            _error = new RedisReplyException($"Reading the reply to {_name} failed: {exception.Message}", exception);
        }
    }

    // Sends it in another form, or again a little later.
    private bool TryGoOn(Exception error)
    {
        if (IsSettled) return false;
        CommandContext client = _client!;
        if (error is RedisServerException { Code: RedisErrorCode.NoScript } && _script is { } script)
        {
            _error = null;
            _command = script.WithText(_command);
            _name = _command.Name;
            _call = new Call(_command, client.Options.MaxArgumentBytes);
            Attempt();
            return true;
        }

        if (!client.MayGoOn(error, _repeatable, ref _repeats) || client.Clock.Now >= Deadline) return false;
        _error = null;
        _lastFailure = error;
        // From here on it is the watch's.
        RestsUntil = client.Clock.Now + 1 + (long)client.Options.Repeat.DelayFor(_failures++, Random.Shared.NextDouble()).TotalMilliseconds;
        return true;
    }

    private void Finish()
    {
        _client!.Watch.Remove(this);
        if (!TrySettle(Use))
        {
            if (_error is null && _value is not null) Discard(_value);
        }
        else if (_error is null)
        {
            _core.SetResult(_value!);
        }
        else
        {
            _core.SetException(_error);
        }

        Release();
    }

    private void Discard(T value)
    {
        try
        {
            _reader!.Discard(value);
        }
        catch (Exception)
        {
            // A reader is user code, and its caller has left: there is nobody to tell.
        }
    }

    private void OnCancelled() =>
        Abandon(Use, new OperationCanceledException($"The wait for {_name} was cancelled. If it had been sent, the server may still execute it.", _token));

    private void Abandon(long use, Exception error)
    {
        if (!TrySettle(use)) return;
        _core.RunContinuationsAsynchronously = true;
        _core.SetException(error);
    }
}
