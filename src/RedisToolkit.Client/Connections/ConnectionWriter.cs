using System.Runtime.CompilerServices;

namespace RedisToolkit.Client;

/// <summary>What became of a command that was offered to a connection.</summary>
internal enum EnqueueResult
{
    /// <summary>It has its place in the ring, and its bytes will be sent.</summary>
    Accepted,

    /// <summary>The connection has as much under way as its bounds allow.</summary>
    Full,

    /// <summary>The connection is closed or closing.</summary>
    Closed,
}

/// <summary>
/// The sending half of a connection. Callers spell their commands one after the other into one buffer; what has piled up
/// while a send was under way leaves with the next one. There is no delay: a lone caller sends at once, on its own thread.
/// </summary>
internal sealed class ConnectionWriter : IThreadPoolWorkItem
{
    // What is gathered is sent as soon as it is this much, so that the server works on it while the rest is spelled. Below,
    // a system call for each command costs more than it gains.
    private const int CommandsWorthSending = 128;
    private const int BytesWorthSending = 64 * 1024;

    private enum FlushState
    {
        Idle,
        Queued,
        Running,
    }

    private readonly Lock _gate = new();
    private readonly RedisConnection _connection;
    private readonly InFlightRing _ring;
    private readonly CommandSpelling _spelling;
    private readonly Transport _transport;
    private readonly int _maxUnsentBytes;
    private readonly Action _onSent;
    private SendBuffer _gathering = new(SendBuffer.UsualCapacity);
    private SendBuffer _sending = new(SendBuffer.UsualCapacity);
    private ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter _send;
    private FlushState _flush;
    private bool _deferred;
    private int _gathered;
    private bool _closed;
    private long _spelled;
    private long _handedOver;

    public ConnectionWriter(RedisConnection connection, InFlightRing ring, Transport transport, CommandSpelling spelling, int maxUnsentBytes)
    {
        _connection = connection;
        _ring = ring;
        _transport = transport;
        _spelling = spelling;
        _maxUnsentBytes = maxUnsentBytes;
        _onSent = OnSent;
    }

    /// <summary>Gets how many bytes the socket has not taken yet.</summary>
    public long UnsentBytes => Volatile.Read(ref _spelled) - Volatile.Read(ref _handedOver);

    /// <summary>Gets how many bytes were given to the socket: what lies before may have been sent, what lies behind was not.</summary>
    public long HandedOver => Volatile.Read(ref _handedOver);

    /// <summary>Gets a value indicating whether commands wait for the end of the round of callers that is being resumed.</summary>
    public bool HasDeferred => Volatile.Read(ref _deferred);

    /// <summary>Gives a command its place in the ring and its bytes in the buffer, both or neither.</summary>
    /// <exception cref="ArgumentException">It cannot be spelled; nothing of it is left behind.</exception>
    public EnqueueResult TryEnqueue(PendingReply pending, PendingReply? check = null)
    {
        bool sendHere = false;
        PendingReply? before = pending.Asks ? new AskingReply() : null;
        int places = 1 + (check is null ? 0 : 1) + (before is null ? 0 : 1);
        lock (_gate)
        {
            if (_closed) return EnqueueResult.Closed;
            int mark = _gathering.Length;
            // A command that alone is larger than the bound goes when nothing else waits.
            if (_ring.Count + places > _ring.Capacity || (mark > 0 && UnsentBytes >= _maxUnsentBytes)) return EnqueueResult.Full;
            bool alone = _ring.Count == 0;
            try
            {
                before?.WriteTo(_gathering, _spelling);
                pending.WriteTo(_gathering, _spelling);
                pending.StartOffset = _spelled;
                if (before is not null) before.StartOffset = _spelled;
                check?.WriteTo(_gathering, _spelling);
            }
            catch
            {
                // Spelled halfway: as if it had never been. It has no place in the ring yet.
                _gathering.Truncate(mark);
                throw;
            }

            Volatile.Write(ref _spelled, _spelled + _gathering.Length - mark);
            if (before is not null) _ring.Add(before);
            _ring.Add(pending);
            if (check is not null) _ring.Add(check);
            _gathered++;
            if (_flush == FlushState.Running) return EnqueueResult.Accepted;
            sendHere = alone || _gathered >= CommandsWorthSending || _gathering.Length >= BytesWorthSending;
            if (!sendHere)
            {
                if (_flush == FlushState.Queued || _deferred) return EnqueueResult.Accepted;
                if (_connection.Resumer.IsResumingHere && _ring.HasAnswered)
                {
                    // This caller was just resumed, and others are about to be: their commands leave together. Should this
                    // thread get stuck in a caller's code, another one comes by and sends.
                    Volatile.Write(ref _deferred, true);
                    _connection.Resumer.EnsureHelp();
                    return EnqueueResult.Accepted;
                }
            }

            _flush = sendHere ? FlushState.Running : FlushState.Queued;
        }

        if (sendHere) SendGathered();
        else ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return EnqueueResult.Accepted;
    }

    /// <summary>Sends what was deferred, at the end of a round of resumed callers.</summary>
    public void FlushDeferred()
    {
        if (!HasDeferred) return;
        lock (_gate)
        {
            Volatile.Write(ref _deferred, false);
            if (_flush != FlushState.Idle || _gathering.Length == 0 || _closed) return;
            _flush = FlushState.Running;
        }

        SendGathered();
    }

    void IThreadPoolWorkItem.Execute()
    {
        lock (_gate)
        {
            if (_flush != FlushState.Queued) return;
            _flush = FlushState.Running;
        }

        SendGathered();
    }

    /// <summary>Takes no further command; what is spelled and not handed over will never be sent.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }
    }

    /// <summary>Takes no further command, if none is under way and none waits to be sent.</summary>
    public bool TryCloseIdle()
    {
        lock (_gate)
        {
            if (_ring.Count > 0 || _gathering.Length > 0) return false;
            _closed = true;
            return true;
        }
    }

    // Once only, however many others keep adding: a caller's own thread has its own work to do, and what is gathered while
    // the rest waits for its turn on the pool leaves in one go.
    private void SendGathered()
    {
        if (!TryTakeGathered()) return;
        try
        {
            ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter send = _transport.SendAsync(_sending.Memory).ConfigureAwait(false).GetAwaiter();
            if (!send.IsCompleted)
            {
                _send = send;
                send.UnsafeOnCompleted(_onSent);
                return;
            }

            send.GetResult();
        }
        catch (Exception exception)
        {
            _connection.Break(exception);
            return;
        }

        _sending.Clear();
        LeaveRestToPool();
    }

    private void OnSent()
    {
        try
        {
            _send.GetResult();
        }
        catch (Exception exception)
        {
            _connection.Break(exception);
            return;
        }

        _sending.Clear();
        SendGathered();
        _connection.RoomMade();
    }

    private bool TryTakeGathered()
    {
        lock (_gate)
        {
            if (_gathering.Length == 0 || _closed)
            {
                _flush = FlushState.Idle;
                return false;
            }

            (_gathering, _sending) = (_sending, _gathering);
            _gathered = 0;
            Volatile.Write(ref _deferred, false);
            Volatile.Write(ref _handedOver, _spelled);
            return true;
        }
    }

    private void LeaveRestToPool()
    {
        lock (_gate)
        {
            _flush = _gathering.Length == 0 || _closed ? FlushState.Idle : FlushState.Queued;
            if (_flush == FlushState.Idle) return;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
