namespace RedisToolkit.Client;

/// <content>What becomes of its shared connections, and how it leaves its server.</content>
internal sealed partial class ServerNode : ISlotOwner
{
    // How long a server that was left may take to answer what it was still sent: refusals, mostly, and those come at once.
    private static readonly TimeSpan RetirementPatience = TimeSpan.FromSeconds(1);
    private bool _retired;
    private Retirement? _retirement;

    // A server that was left, whose connections are closed when they are answered.
    private sealed record Retirement(RedisEndpoint Endpoint, long Since, long Until, Func<RedisConnection, RedisConnectionException> Reason)
    {
        public bool Concerns(RedisConnection connection) => connection.OpenedAt <= Since && connection.Endpoint.Equals(Endpoint);
    }

    public void Prepare(RedisConnection connection)
    {
        connection.RoomListener = this;
        _connections.Add(connection);
    }

    public void ConnectionReady(ConnectionSlot slot, RedisConnection connection)
    {
        _heartbeats[Array.IndexOf(_slots, slot)] = new Heartbeat(connection, _context);
        Volatile.Write(ref _lastFailure, null);
        Volatile.Write(ref _hopeless, null);
        Interlocked.Increment(ref _generation);
        _context.Log.Connected(connection);
        _watcher?.Connected(this, connection);
        _firstAttempt.TrySetResult();
        _line.HandOut();
    }

    public void ConnectionLost(ConnectionSlot slot, RedisConnection connection, TimeSpan delay)
    {
        _heartbeats[Array.IndexOf(_slots, slot)] = null;
        if (_stopping.IsCancellationRequested) return;
        _context.Log.Lost(connection, _context.Clock.Now - connection.OpenedAt, delay);
        _watcher?.Lost(this, connection);
        _line.HandOut();
    }

    public void ConnectFailed(ConnectionSlot slot, RedisEndpoint endpoint, Exception exception, int attempt, TimeSpan delay)
    {
        RedisConnectionException failure = exception as RedisConnectionException
            ?? new RedisConnectionException(ConnectionFailure.Refused, endpoint.ToString(), $"Connecting to {endpoint} failed: {exception.Message}", CommandOutcome.NotSent, exception);
        _context.ConnectFailed(endpoint, attempt, failure, delay);
        Volatile.Write(ref _lastFailure, failure);
        _watcher?.ConnectFailed(this, failure);
        if (attempt + 1 < _source.Candidates) return;
        FirstAttemptFailed(failure);
        if (!RedisConnectionException.NeedsMending(failure.Failure)) return;
        Volatile.Write(ref _hopeless, failure);
        _line.HandOut();
    }

    /// <summary>
    /// Leaves the server at once: its connections end, those that somebody has to himself too, and new ones are opened where the source
    /// says. What was not sent and what may be repeated goes on there; of the rest it is unknown whether it was executed.
    /// </summary>
    /// <param name="reason">Why, for the commands that fail.</param>
    /// <param name="except">Where connections may stay; null for nowhere.</param>
    public void Leave(Func<RedisConnection, RedisConnectionException> reason, RedisEndpoint? except = null)
    {
        // What retires already is given its time: such a server refuses what it has, and that is better known than unknown.
        Retirement? retirement = Volatile.Read(ref _retirement);
        _connections.BreakIdle(connection => !connection.Endpoint.Equals(except), reason);
        _connections.Break(connection => !connection.Endpoint.Equals(except) && retirement?.Concerns(connection) != true, reason);
        foreach (ConnectionSlot slot in _slots) slot.Hurry();
    }

    /// <summary>
    /// Leaves the server that answered on a connection, since it said that it is no longer the one meant. What is under way is still
    /// answered, since such a server refuses without harm; then all connections to it end.
    /// </summary>
    public void LeaveGently(RedisConnection from, Func<RedisConnection, RedisConnectionException> reason)
    {
        long now = _context.Clock.Now;
        var retirement = new Retirement(from.Endpoint, now, _context.Clock.DeadlineAfter(RetirementPatience), reason);
        if (Volatile.Read(ref _retirement)?.Concerns(from) == true) return;
        Volatile.Write(ref _retirement, retirement);
        foreach (ConnectionSlot slot in _slots)
        {
            if (slot.Current is { } current && retirement.Concerns(current)) _ = slot.TryRetire(current);
        }

        // Whoever holds one learns by himself whether its server still serves him, and nobody gets it after him.
        _connections.MarkLeft(retirement.Concerns);
        _connections.BreakIdle(connection => retirement.Concerns(connection) && !connection.IsHeld, reason);
    }

    /// <summary>The node is no longer part of what the client talks to: what waits is routed anew, and its connections end when they are answered.</summary>
    public async ValueTask RetireAsync(Func<RedisConnection, RedisConnectionException> reason)
    {
        Volatile.Write(ref _retired, true);
        _line.HandOut();
        long until = _context.Clock.DeadlineAfter(RetirementPatience);
        while (_context.Clock.Now < until && _slots.Any(slot => slot.Current is { Load: > 0 }))
            await Task.Delay(TimeSpan.FromMilliseconds(5), _context.Options.TimeProvider).ConfigureAwait(false);
        _connections.Break(static _ => true, reason);
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _dedicated.DisposeAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _context.Clock.Unsubscribe(Step);
        _line.HandOut();
        FirstAttemptFailed(Disposed("No connection was opened"));
        _stopping.Dispose();
    }

    private void StepRetirement(long now)
    {
        if (Volatile.Read(ref _retirement) is not { } retirement) return;
        foreach (ConnectionSlot slot in _slots)
        {
            if (slot.Retiring is not { } retiring) continue;
            retiring.Expire(now);
            _ = retiring.TryBreakIdle(retirement.Reason(retiring));
        }

        if (now < retirement.Until) return;
        _ = Interlocked.CompareExchange(ref _retirement, null, retirement);
        _connections.Break(retirement.Concerns, retirement.Reason);
    }
}

/// <summary>Is told what becomes of a node's shared connections.</summary>
internal interface INodeWatcher
{
    void Connected(ServerNode node, RedisConnection connection);

    void Lost(ServerNode node, RedisConnection connection);

    void ConnectFailed(ServerNode node, RedisConnectionException failure);
}
