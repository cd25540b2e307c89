using System.Buffers;
using System.Threading.Channels;

namespace RedisToolkit.Client;

/// <summary>
/// A reply of one long string that is handed on in parts: the connection is read only as fast as the parts are taken, so
/// that a value of any length costs two parts of memory. It needs a connection of its own.
/// </summary>
internal sealed class PartsReply : PendingReply
{
    // Two of them: one is being filled while the other is being written.
    private const int PartBytes = 128 * 1024;
    private readonly RedisCommand _command;
    private readonly Channel<Part> _filled = Channel.CreateUnbounded<Part>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _gate = new();
    private readonly Stack<byte[]> _free = new();
    private byte[] _filling = [];
    private int _fillingLength;
    private Action? _resume;
    private Exception? _error;
    private bool _left;

    public PartsReply(in RedisCommand command, long deadline, TimeSpan timeout)
    {
        _command = command;
        for (int i = 0; i < 2; i++) _free.Push(ArrayPool<byte>.Shared.Rent(PartBytes));
        BeginUse(deadline, timeout);
    }

    /// <summary>Gets the string's parts in order; ends with the reply, or with its error.</summary>
    public ChannelReader<Part> Filled => _filled.Reader;

    /// <summary>Gets a value indicating whether the reply was absent.</summary>
    public bool IsNull { get; private set; }

    public override string CommandName => _command.Name;

    public override bool Repeatable => false;

    public override bool TakesParts => true;

    public override void WriteTo(SendBuffer buffer, CommandSpelling spelling) => _command.WriteTo(buffer, spelling);

    public override bool OnReply(ReadOnlySpan<byte> frame)
    {
        var reader = new RespReader(frame);
        try
        {
            if (reader.TryReadError(out RedisServerException? refusal)) _error = refusal;
            else if (reader.TryReadNull()) IsNull = true;
            else if (reader.ReadSpan() is { Length: > 0 } whole) _ = _filled.Writer.TryWrite(new Part(whole.ToArray(), whole.Length));
        }
        catch (RedisException exception)
        {
            _error = exception;
        }

        return true;
    }

    public override bool TryBeginBulk(int length, out Memory<byte> memory)
    {
        lock (_gate) memory = Fill(_free.Pop(), length);
        return true;
    }

    public override bool TryNextPart(int left, Action resume, out Memory<byte> memory)
    {
        lock (_gate)
        {
            if (_fillingLength > 0) Publish();
            bool any = _free.TryPop(out byte[]? part);
            memory = any ? Fill(part!, left) : default;
            _resume = any ? null : resume;
            return any;
        }
    }

    public override void EndBulk()
    {
        lock (_gate) Publish();
    }

    public override void SetError(Exception error) => _error = error;

    public override void Complete(RedisConnection? from = null)
    {
        if (TrySettle()) _filled.Writer.TryComplete(_error);
    }

    public override bool TryAbandon(long use, Exception error)
    {
        if (!TrySettle(use)) return false;
        _filled.Writer.TryComplete(error);
        return true;
    }

    /// <summary>A part was written: its memory is filled again.</summary>
    public void GiveBack(Part part)
    {
        Action? resume;
        lock (_gate)
        {
            if (part.Bytes.Length >= PartBytes && !_left) _free.Push(part.Bytes);
            resume = Interlocked.Exchange(ref _resume, null);
        }

        resume?.Invoke();
    }

    /// <summary>The caller has gone: the connection is no longer read for him. It must have been closed before unless the reply has ended.</summary>
    public void Leave()
    {
        Action? resume;
        lock (_gate)
        {
            _left = true;
            resume = Interlocked.Exchange(ref _resume, null);
            // What is being filled just now may still be written to, and is left to the garbage collector.
            while (resume is null && _free.TryPop(out byte[]? part)) ArrayPool<byte>.Shared.Return(part);
            if (resume is not null) _free.Push(new byte[PartBytes]);
        }

        ReleaseByCaller();
        resume?.Invoke();
    }

    protected override void Recycle()
    {
        // Not used again: it is as rare as it is large.
    }

    private Memory<byte> Fill(byte[] part, int left)
    {
        _filling = part;
        _fillingLength = Math.Min(left, PartBytes);
        return part.AsMemory(0, _fillingLength);
    }

    private void Publish()
    {
        _ = _filled.Writer.TryWrite(new Part(_filling, _fillingLength));
        _filling = [];
        _fillingLength = 0;
    }

    internal readonly record struct Part(byte[] Bytes, int Length);
}
