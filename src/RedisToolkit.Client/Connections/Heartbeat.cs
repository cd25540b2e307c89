namespace RedisToolkit.Client;

/// <summary>
/// Watches one connection for silence. A connection whose other end has gone without a word looks like one whose server is
/// slow; so after a while without a byte a PING is sent, and if nothing at all comes for long enough it is given up.
/// </summary>
internal sealed class Heartbeat(RedisConnection connection, ConnectionContext context)
{
    private readonly long _interval = (long)context.Options.HeartbeatInterval.TotalMilliseconds;
    private readonly long _patience = (long)context.Options.HeartbeatTimeout.TotalMilliseconds;
    private long _owedSince = context.Clock.Now;
    private long _silentSince = -1;
    private long _lastStep = context.Clock.Now;

    /// <summary>Gets or sets a value indicating whether the server is rightly silent: a blocking command is under way.</summary>
    public bool Blocked { get; set; }

    /// <summary>Gets a value indicating whether a reply is overdue: other connections are to be preferred.</summary>
    /// <remarks>Once it is, it stays so until a byte arrives: a pause of this process makes no stalled connection look better.</remarks>
    public bool IsSuspect => connection.Unanswered > 0 && (IsOverdue(context.Clock.Now) || connection.LastReceived == Volatile.Read(ref _silentSince));

    public void Step(long now)
    {
        // This process was paused, or its timers were: what arrived meanwhile has not been read yet.
        bool wasPaused = now - _lastStep > _interval;
        _lastStep = now;
        if (!wasPaused && connection.Unanswered > 0 && IsOverdue(now)) Volatile.Write(ref _silentSince, connection.LastReceived);
        if (connection.Unanswered == 0 || wasPaused || Blocked) _owedSince = now;
        if (connection.IsBroken || Blocked) return;

        long silence = now - Math.Max(connection.LastReceived, _owedSince);
        if (silence >= _patience)
        {
            ClientMetrics.HeartbeatLost(connection.Identity);
            connection.Break(Silent(silence));
        }
        else if (connection.Unanswered == 0 && now - connection.LastReceived >= _interval) Ping();
    }

    private bool IsOverdue(long now) => now - Math.Max(connection.LastReceived, _owedSince) > _interval + CoarseClock.StepMilliseconds;

    private void Ping()
    {
        PendingCommand<bool> ping = PendingCommand<bool>.Rent(context.SignOfLife, Replies.Done, long.MaxValue, context.Options.HeartbeatTimeout);
        _ = ObserveAsync(ping.Task);
        if (connection.TryEnqueue(ping) == EnqueueResult.Accepted) return;
        ping.SetError(connection.Cause ?? new RedisConnectionException(ConnectionFailure.Lost, connection.Endpoint.ToString(), "No room for a heartbeat.", CommandOutcome.NotSent));
        ping.Complete();
        ping.ReleaseByEngine();
    }

    private static async Task ObserveAsync(ValueTask<bool> ping)
    {
        try
        {
            _ = await ping.ConfigureAwait(false);
        }
        catch (RedisException)
        {
            // Any answer will do, a refusal too; that none comes is noticed by the silence.
        }
    }

    private RedisConnectionException Silent(long silence) => new(
        ConnectionFailure.Silent,
        connection.Endpoint.ToString(),
        $"Nothing arrived from {connection.Endpoint} for {silence} ms while {connection.Unanswered} replies were owed (RedisClientOptions.HeartbeatTimeout is {_patience} ms): its other end has gone, or it is stalled. The connection is replaced.",
        CommandOutcome.Unknown);
}
