namespace RedisToolkit.Client;

/// <summary>
/// A command that subscribes or unsubscribes, with a marker behind it. Such a command has no reply of its own: the server confirms
/// each name by a push, or refuses all of them with one error. The marker's reply tells that all of that has been said.
/// </summary>
internal sealed class SubscribeRequest : PendingReply
{
    private readonly RedisCommand _command;
    private readonly RedisCommand _marker;
    private readonly TaskCompletionSource<RedisServerException?> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _names;
    private int _confirmed;
    private RedisServerException? _refusal;
    private Exception? _error;

    public SubscribeRequest(in RedisCommand command, in RedisCommand marker, long deadline, TimeSpan timeout)
    {
        _command = command;
        _marker = marker;
        _names = command.ArgumentCount;
        BeginUse(deadline, timeout);
    }

    /// <summary>Gets a task with the server's refusal of all names, or null if it confirmed them.</summary>
    public Task<RedisServerException?> Outcome => _outcome.Task;

    public override string CommandName => _command.Name;

    public override bool Repeatable => false;

    /// <summary>A name was confirmed. On the reading side.</summary>
    public void NoteConfirmation() => _confirmed++;

    public override void WriteTo(SendBuffer buffer, CommandSpelling spelling)
    {
        _command.WriteTo(buffer, spelling);
        _marker.WriteTo(buffer, spelling);
    }

    public override bool OnReply(ReadOnlySpan<byte> frame)
    {
        // Once every name was confirmed, an error can only be about the marker, which some servers and users are refused.
        if (_refusal is not null || _confirmed >= _names) return true;
        var reader = new RespReader(frame);
        return !reader.TryReadError(out _refusal);
    }

    public override void Complete(RedisConnection? from = null)
    {
        if (!TrySettle()) return;
        if (_error is null) _outcome.SetResult(_refusal);
        else _outcome.SetException(_error);
    }

    public override void SetError(Exception error) => _error = error;

    public override bool TryAbandon(long use, Exception error)
    {
        if (!TrySettle(use)) return false;
        _outcome.SetException(error);
        return true;
    }

    protected override void Recycle()
    {
        // There are few of these; they are not used again.
    }
}
