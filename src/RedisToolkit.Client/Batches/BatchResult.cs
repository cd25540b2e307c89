using System.Runtime.ExceptionServices;

namespace RedisToolkit.Client;

/// <summary>The result of one command of a <see cref="RedisBatch"/> or a <see cref="RedisTransaction"/>: there once that was executed.</summary>
public abstract class BatchResult
{
    // Copied once, into here; whoever spells it does so from here.
    private readonly RedisCommand _command;
    private Exception? _failure;
    private bool _isDone;

    private protected BatchResult(in RedisCommand command) => _command = command;

    /// <summary>Gets a value indicating whether the result is there, be it a value or an error.</summary>
    public bool IsDone => Volatile.Read(ref _isDone);

    /// <summary>Gets why this command has no value.</summary>
    /// <value>
    /// A <see cref="RedisServerException"/> if the server refused it, what <c>ExecuteAsync</c> threw if its reply never came; null if it
    /// succeeded, and as long as it was not executed.
    /// </value>
    public Exception? Error => IsDone ? _failure ?? Refusal : null;

    internal ref readonly RedisCommand Command => ref _command;

    /// <summary>Gets or sets what became of this command alone. Written on the reading side; not to be seen before <see cref="Settle"/>.</summary>
    internal Exception? Refusal { get; set; }

    /// <summary>Shows the command's name and the state of the result, never a value.</summary>
    /// <returns>For example <c>GET: done</c>.</returns>
    public override string ToString() => $"{_command.Name}: {(!IsDone ? "not executed yet" : Error is { } error ? error.Message : "done")}";

    /// <summary>Reads the command's reply, on the reading side. Does not throw.</summary>
    internal abstract void Read(ReadOnlySpan<byte> frame);

    /// <summary>Gives back what was read, since nobody will see it.</summary>
    internal abstract void Drop();

    /// <summary>Makes a result of the same command, to be executed by itself.</summary>
    internal abstract BatchResult Fork();

    /// <summary>Takes over what became of the fork, which is settled. This one is not settled yet.</summary>
    /// <returns>Why the fork was not executed to its end; null if there is an answer, be it a refusal.</returns>
    internal Exception? Adopt(BatchResult fork)
    {
        Refusal = fork.Refusal;
        TakeValue(fork);
        return fork._failure;
    }

    private protected abstract void TakeValue(BatchResult fork);

    /// <summary>From here on the result does not change: it is what was read, or the failure.</summary>
    internal void Settle(Exception? failure)
    {
        _failure = failure;
        Volatile.Write(ref _isDone, true);
    }

    private protected void RequireValue()
    {
        if (!IsDone)
            throw new InvalidOperationException($"The result of {_command.Name} is not there yet: pass its batch or transaction to ExecuteAsync and await that first.");
        if (Error is { } error) ExceptionDispatchInfo.Throw(error);
    }
}

/// <summary>The result of one command of a <see cref="RedisBatch"/> or a <see cref="RedisTransaction"/>: there once that was executed.</summary>
/// <typeparam name="T">What the reply becomes.</typeparam>
public sealed class BatchResult<T> : BatchResult
{
    private readonly ReplyReader<T> _reader;
    private T? _value;

    internal BatchResult(in RedisCommand command, ReplyReader<T> reader)
        : base(command) => _reader = reader;

    /// <summary>Gets the reply.</summary>
    /// <exception cref="InvalidOperationException">The batch or transaction was not executed yet, or the transaction's conditions did not hold.</exception>
    /// <exception cref="RedisServerException">The server refused this command.</exception>
    /// <exception cref="RedisException">No reply came, or it has another shape; <see cref="RedisException.Outcome"/> tells what is known.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled before the reply came.</exception>
    public T Value
    {
        get
        {
            RequireValue();
            return _value!;
        }
    }

    /// <summary>Takes a value that was found out without reading a reply.</summary>
    internal void Put(T value)
    {
        Refusal = null;
        _value = value;
    }

    internal override BatchResult Fork() => new BatchResult<T>(Command, _reader);

    private protected override void TakeValue(BatchResult fork) => _value = ((BatchResult<T>)fork)._value;

    internal override void Read(ReadOnlySpan<byte> frame)
    {
        Refusal = null;
        try
        {
            var reader = new RespReader(frame);
            reader.ThrowIfError();
            _value = _reader.Read(ref reader);
        }
        catch (RedisException exception)
        {
            Refusal = exception;
        }
        catch (Exception exception)
        {
            // A reader is user code: whatever it throws is the business of this command only.
            Refusal = new RedisReplyException($"Reading the reply to {Command.Name} failed: {exception.Message}", exception);
        }
    }

    internal override void Drop()
    {
        if (Refusal is null && _value is not null) _reader.Discard(_value);
        _value = default;
    }
}
