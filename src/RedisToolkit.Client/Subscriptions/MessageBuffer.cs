namespace RedisToolkit.Client;

/// <summary>
/// What a subscription holds for its reader: messages, bounded in number, and gaps between them. The reading side of the connection
/// puts in and never waits; one reader takes out.
/// </summary>
internal sealed class MessageBuffer(int capacity, SlowReaderPolicy whenFull)
{
    private readonly Lock _gate = new();
    private RedisMessage[] _entries = new RedisMessage[16];
    private int _head;
    private int _count;
    private int _messages;
    private TaskCompletionSource? _arrival;
    private Exception? _error;
    private bool _ended;

    /// <summary>Puts a message in, or drops one as the policy says.</summary>
    /// <returns>False if the policy asks to end the subscription.</returns>
    public bool Offer(in RedisMessage message)
    {
        TaskCompletionSource? arrival;
        lock (_gate)
        {
            if (_ended) return true;
            if (_messages == capacity)
            {
                if (whenFull == SlowReaderPolicy.EndSubscription) return false;
                if (whenFull == SlowReaderPolicy.DropNewest)
                {
                    NoteGapBehind(RedisGapReason.ReaderTooSlow, 1);
                    return true;
                }

                DropOldest();
            }

            AddLast(message);
            arrival = TakeArrival();
        }

        arrival?.SetResult();
        return true;
    }

    /// <summary>Messages are missing behind what is there.</summary>
    public void OfferGap()
    {
        TaskCompletionSource? arrival;
        lock (_gate)
        {
            if (_ended) return;
            NoteGapBehind(RedisGapReason.ConnectionLost, null);
            arrival = TakeArrival();
        }

        arrival?.SetResult();
    }

    /// <summary>Takes nothing more; the reader gets what is there, and then the error, or the end if there is none.</summary>
    public void End(Exception? error)
    {
        TaskCompletionSource? arrival;
        lock (_gate)
        {
            if (_ended) return;
            _ended = true;
            _error = error;
            arrival = TakeArrival();
        }

        arrival?.SetResult();
    }

    /// <summary>Takes nothing more, and drops what is there: nobody wants to read any more.</summary>
    public void Close()
    {
        End(null);
        lock (_gate)
        {
            _entries = [];
            _head = _count = _messages = 0;
        }
    }

    public bool TryRead(out RedisMessage entry)
    {
        lock (_gate)
        {
            if (_count == 0)
            {
                entry = default;
                return false;
            }

            entry = TakeFirst();
            return true;
        }
    }

    /// <summary>Waits for something to read.</summary>
    /// <returns>False at the end.</returns>
    public async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task arrival;
            lock (_gate)
            {
                if (_count > 0) return true;
                if (_ended) return _error is null ? false : throw _error;
                // Its continuation is the reader's code, which the reading side must not run.
                _arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                arrival = _arrival.Task;
            }

            await arrival.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private TaskCompletionSource? TakeArrival()
    {
        TaskCompletionSource? arrival = _arrival;
        _arrival = null;
        return arrival;
    }

    // The oldest message goes. Gaps before and behind it become one with the gap that it leaves: of each reason one at most.
    private void DropOldest()
    {
        bool lost = false;
        long dropped = 1;
        TakeGaps(ref lost, ref dropped);
        _ = TakeFirst();
        TakeGaps(ref lost, ref dropped);
        AddFirst(new RedisMessage(RedisGapReason.ReaderTooSlow, dropped));
        if (lost) AddFirst(new RedisMessage(RedisGapReason.ConnectionLost, null));
    }

    private void TakeGaps(ref bool lost, ref long dropped)
    {
        while (_count > 0 && _entries[_head].Kind == RedisMessageKind.Gap)
        {
            RedisMessage gap = TakeFirst();
            lost |= gap.Reason == RedisGapReason.ConnectionLost;
            dropped += gap.Dropped ?? 0;
        }
    }

    // Gaps with no message between them become one of each reason: a connection that flaps does not fill the memory of one who does not read.
    private void NoteGapBehind(RedisGapReason reason, long? dropped)
    {
        for (int back = 1; back <= 2 && back <= _count; back++)
        {
            ref RedisMessage last = ref _entries[(_head + _count - back) % _entries.Length];
            if (last.Kind != RedisMessageKind.Gap) break;
            if (last.Reason != reason) continue;
            last = new RedisMessage(reason, last.Dropped + dropped);
            return;
        }

        AddLast(new RedisMessage(reason, dropped));
    }

    private void AddLast(in RedisMessage entry)
    {
        EnsureRoom();
        _entries[(_head + _count) % _entries.Length] = entry;
        _count++;
        if (entry.Kind == RedisMessageKind.Message) _messages++;
    }

    private void AddFirst(in RedisMessage entry)
    {
        EnsureRoom();
        _head = (_head + _entries.Length - 1) % _entries.Length;
        _entries[_head] = entry;
        _count++;
    }

    private RedisMessage TakeFirst()
    {
        RedisMessage entry = _entries[_head];
        _entries[_head] = default;
        _head = (_head + 1) % _entries.Length;
        _count--;
        if (entry.Kind == RedisMessageKind.Message) _messages--;
        return entry;
    }

    private void EnsureRoom()
    {
        if (_count < _entries.Length) return;
        var larger = new RedisMessage[_entries.Length * 2];
        for (int i = 0; i < _count; i++) larger[i] = _entries[(_head + i) % _entries.Length];
        _entries = larger;
        _head = 0;
    }
}
