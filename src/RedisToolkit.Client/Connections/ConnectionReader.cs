using System.Runtime.CompilerServices;

namespace RedisToolkit.Client;

/// <summary>
/// The receiving half of a connection: takes bytes, finds whole replies in them, and gives each to the command whose turn it
/// is. Callers are resumed only after the next receive is under way, so that their code never stands between the socket and us.
/// </summary>
internal sealed class ConnectionReader
{
    // Below this a copy is cheaper than the extra receive.
    private const int DirectFrom = 32 * 1024;
    // An announced length is believed up to here; beyond, only once a quarter of it has arrived.
    private const int BelievedLength = 1024 * 1024;
    private readonly RedisConnection _connection;
    private readonly InFlightRing _ring;
    private readonly Transport _transport;
    private readonly RespScanner _scanner;
    private readonly ReceiveBuffer _buffer;
    private readonly Action _onReceived;
    private ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter _receive;
    private readonly Action _onPartReady;
    private Memory<byte> _direct;
    private bool _directOpen;
    // What is to come behind the memory that _direct still has.
    private int _directLeft;

    public ConnectionReader(RedisConnection connection, InFlightRing ring, Transport transport, RespLimits limits)
    {
        _connection = connection;
        _ring = ring;
        _transport = transport;
        _scanner = new RespScanner(limits);
        _buffer = new ReceiveBuffer(limits.MaxBytes);
        _onReceived = OnReceived;
        _onPartReady = OnPartReady;
    }

    /// <summary>Gets how many bytes are there of a reply that is not whole yet.</summary>
    public int PartialBytes => _buffer.Length;

    /// <summary>Receives until the connection ends.</summary>
    public void Start()
    {
        if (!TryReceiveUntilPending())
        {
            _connection.ReadingEnded();
            return;
        }

        _connection.Resumer.Run();
    }

    // True when a receive is under way, false when the connection has ended.
    private bool TryReceiveUntilPending()
    {
        try
        {
            while (true)
            {
                // Whoever takes the parts of a long string goes on when there is room for the next.
                if (_directOpen && _direct.IsEmpty && _directLeft > 0 && !TryNextPart()) return true;
                ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter receive =
                    _transport.ReceiveAsync(_direct.IsEmpty ? _buffer.Free() : _direct).ConfigureAwait(false).GetAwaiter();
                if (!receive.IsCompleted)
                {
                    _receive = receive;
                    receive.UnsafeOnCompleted(_onReceived);
                    return true;
                }

                if (!Take(receive.GetResult())) return false;
                // More may follow at once for long; the callers do not wait for that.
                if (_ring.HasAnswered) _connection.Resumer.RunOnPool();
            }
        }
        catch (Exception exception)
        {
            _connection.Break(exception);
            return false;
        }
    }

    private void OnReceived()
    {
        bool more = false;
        try
        {
            more = Take(_receive.GetResult());
        }
        catch (Exception exception)
        {
            _connection.Break(exception);
        }

        if (more) Start();
        else _connection.ReadingEnded();
    }

    private bool Take(int bytes)
    {
        if (bytes == 0)
        {
            _connection.Break(null);
            return false;
        }

        _connection.NoteReceived(bytes);
        if (_direct.IsEmpty)
        {
            _buffer.Received(bytes);
        }
        else
        {
            _direct = _direct[bytes..];
            if (!_direct.IsEmpty || _directLeft > 0) return true;
        }

        ReadReplies();
        return !_connection.IsBroken;
    }

    private void ReadReplies()
    {
        while (true)
        {
            if (_directOpen)
            {
                if (!TryEndDirect()) return;
                continue;
            }

            ReadOnlySpan<byte> unread = _buffer.Unread;
            if (unread.IsEmpty) return;
            if (!_scanner.TryScan(unread, out int length))
            {
                if (unread[0] == RespPrefix.BulkString && TryBeginDirect(unread)) continue;
                return;
            }

            ReadOnlySpan<byte> frame = unread[..length];
            if (!_connection.TryTakePush(frame) && !Answer(frame)) return;
            _buffer.Consume(length);
        }
    }

    private bool Answer(ReadOnlySpan<byte> frame)
    {
        if (_ring.Next is not { } pending)
        {
            _connection.Break(Unasked(frame));
            return false;
        }

        if (pending.OnReply(frame)) _connection.Answered(pending);
        return true;
    }

    // A long string that is a whole reply is received where it will be kept.
    private bool TryBeginDirect(ReadOnlySpan<byte> unread)
    {
        int header = unread.IndexOf((byte)'\n') + 1;
        int length = _scanner.LeastLength - header - 2;
        if (header == 0 || length < DirectFrom) return false;
        int arrived = unread.Length - header;
        if (arrived >= length || _ring.Next is not { } pending) return false;
        if (length > BelievedLength && arrived < length / 4 && !pending.TakesParts) return false;
        if (!pending.TryBeginBulk(length, out Memory<byte> memory) || memory.Length < arrived) return false;
        unread[header..].CopyTo(memory.Span);
        _buffer.Consume(unread.Length);
        _scanner.Reset();
        _direct = memory[arrived..];
        _directLeft = length - memory.Length;
        _directOpen = true;
        return true;
    }

    private bool TryNextPart()
    {
        if (!_ring.Next!.TryNextPart(_directLeft, _onPartReady, out Memory<byte> memory)) return false;
        _direct = memory;
        _directLeft -= memory.Length;
        return true;
    }

    private void OnPartReady() => Start();

    private bool TryEndDirect()
    {
        if (!_direct.IsEmpty || _directLeft > 0 || _buffer.Length < 2) return false;
        if (!_buffer.Unread.StartsWith("\r\n"u8)) throw RedisProtocolException.At(0, "a string does not end with CRLF where its length says");
        _buffer.Consume(2);
        _directOpen = false;
        PendingReply pending = _ring.Next!;
        pending.EndBulk();
        _connection.Answered(pending);
        return true;
    }

    // Servers say goodbye unasked, for instance when they have too many clients.
    private static RedisException Unasked(ReadOnlySpan<byte> frame)
    {
        var reader = new RespReader(frame);
        return reader.TryReadError(out RedisServerException? error)
            ? error
            : new RedisProtocolException("The connection was closed: a reply arrived that no command waits for. If this is a Redis or Valkey port, something between adds bytes.");
    }
}
