namespace RedisToolkit.Client;

/// <content>Arming each connection, and what the server sends on it.</content>
internal sealed partial class TrackedConnection
{
    // On the reading side only: whether the listener has been told that this connection is armed.
    private bool _told;

    public void Prepare(RedisConnection connection)
    {
        connection.Pushes = this;
        connection.RoomListener = this;
    }

    public async Task ServeAsync(RedisConnection connection, CancellationToken ended)
    {
        if (connection.Greeting.Protocol < 3)
            throw new RedisTrackingUnavailableException($"{connection.Endpoint} speaks RESP2 on this connection, in which nothing can be announced. Set RedisClientOptions.Protocol to Auto or Resp3; a proxy that cannot speak RESP3 must be gone round.");
        TimeSpan timeout = _context.Options.CommandTimeout;
        try
        {
            _ = await new ConnectionCommands(connection, _context).ExecuteAsync(TrackingProof.CommandFor(_options), Replies.Done, ended).ConfigureAwait(false);
            var arming = new Arming(this);
            var proof = new TrackedCommand<TrackingProof>(
                RedisCommand.Create("CLIENT", "TRACKINGINFO"), TrackingProof.Reader, arming, asksToTrack: false, () => Epoch + 1, _context.Clock.DeadlineAfter(timeout), timeout);
            ValueTask<TrackingProof> proven = proof.Task;
            if (connection.TryEnqueue(proof) != EnqueueResult.Accepted) Fail(proof, connection.Cause ?? Disposed("The connection"));
            string? lack = (await proven.ConfigureAwait(false)).Lacks(_options);
            if (lack is not null)
                throw new RedisTrackingUnavailableException($"{connection.Endpoint} accepted CLIENT TRACKING ON, but CLIENT TRACKINGINFO says that tracking {lack}. Something between changes commands.");
        }
        catch (RedisException refusal) when (refusal is RedisServerException { IsTransient: false } or RedisCommandDisabledException or RedisReplyException)
        {
            throw new RedisTrackingUnavailableException(
                $"{connection.Endpoint} does not track keys for this connection: {refusal.Message} It takes CLIENT TRACKING and CLIENT TRACKINGINFO, which Redis has from 6.2 on, a user who may run them, and RedisClientOptions.CommandMap not to disable them.", refusal);
        }

        if (connection.IsBroken) return;
        Volatile.Write(ref _lastFailure, null);
        Volatile.Write(ref _hopeless, null);
        Volatile.Write(ref _armed, connection);
        // It may have ended before it was written there; then nobody else takes it away.
        if (connection.IsBroken) _ = Interlocked.CompareExchange(ref _armed, null, connection);
        _ = _firstArmed.TrySetResult();
        _line.HandOut();
    }

    public void Failed(RedisEndpoint endpoint, Exception exception)
    {
        RedisException failure = exception as RedisException
            ?? new RedisConnectionException(ConnectionFailure.Refused, endpoint.ToString(), $"Connecting to {endpoint} failed: {exception.Message}", CommandOutcome.NotSent, exception);
        Volatile.Write(ref _lastFailure, failure);
        if (failure is not (RedisTrackingUnavailableException or RedisConnectionException { IsTransient: false })) return;
        // Trying again is in vain until somebody changes something: nobody is left waiting meanwhile.
        Volatile.Write(ref _hopeless, failure);
        _ = _firstArmed.TrySetException(failure);
        _ = _firstArmed.Task.Exception;
        _line.HandOut();
    }

    public void Step(long now)
    {
        if (_line.Count == 0) return;
        _line.ForEach(pending =>
        {
            long use = pending.Use;
            if ((use & 1) == 0 && pending.Deadline <= now) _ = pending.TryAbandon(use, TimedOut(pending));
        });
        _line.HandOut();
    }

    public bool TakesArray(ReadOnlySpan<byte> frame) => false;

    public void OnPush(ReadOnlySpan<byte> frame)
    {
        // Before it is proven that the server tracks, nothing was read that could be invalid.
        if (!_told) return;
        var reader = new RespReader(frame);
        if (reader.ReadArrayHeader() < 2 || reader.NextKind != RespKind.BulkString || !reader.ReadSpan().SequenceEqual("invalidate"u8)) return;
        if (reader.TryReadNull())
        {
            _listener.OnFlush();
            return;
        }

        for (int left = reader.ReadArrayHeader(); left > 0; left--) _listener.OnInvalidated(reader.ReadSpan());
    }

    public void OnEnded()
    {
        Volatile.Write(ref _armed, null);
        if (!_told) return;
        _told = false;
        try
        {
            _listener.OnGap();
        }
        catch (Exception exception)
        {
            // The listener broke its promise. The engine goes on all the same: the commands that are owed must fail.
            _context.Log.ListenerFailed(exception);
        }
    }

    private RedisTimeoutException TimedOut(PendingReply pending)
    {
        RedisException? failure = Volatile.Read(ref _lastFailure);
        CommandOutcome outcome = pending.Repeats == 0 ? CommandOutcome.NotSent : CommandOutcome.Unknown;
        return new RedisTimeoutException(pending.CommandName, pending.Timeout, outcome, TimeoutDetails.Of(Volatile.Read(ref _armed), _context, _line.Count, failure?.Message), failure);
    }

    // Takes the proof while it is read, so that the listener hears of it in wire order with the pushes.
    private sealed class Arming(TrackedConnection owner) : ITrackedReplyObserver<TrackingProof>
    {
        public void OnReply(TrackingProof value, TrackedReply tracked)
        {
            if (value.Lacks(owner._options) is not null) return;
            Interlocked.Exchange(ref owner._epoch, tracked.Epoch);
            owner._told = true;
            owner._listener.OnArmed(tracked.Epoch);
        }
    }
}
