namespace RedisToolkit.Client;

/// <summary>Connections that one party has to itself for a while: blocking commands would hold up everybody else on a shared one.</summary>
internal sealed class DedicatedPool(ConnectionContext context, ServerNode node) : IAsyncDisposable
{
    // One command at a time, and what goes with it.
    private const int RingCapacity = 64;
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _places = new(context.Options.MaxDedicatedConnections);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    // Each connection is in exactly one of these. The one used last is at the end.
    private readonly HashSet<DedicatedConnection> _inUse = [];
    private readonly List<DedicatedConnection> _idle = [];
    private bool _closed;
    private int _waiting;
    private RedisConnectionException? _lastFailure;

    /// <summary>Gets how many connections somebody holds.</summary>
    public int InUse
    {
        get
        {
            lock (_gate) return _inUse.Count;
        }
    }

    /// <summary>Gets how many are open and unused.</summary>
    public int Idle
    {
        get
        {
            lock (_gate) return _idle.Count;
        }
    }

    /// <summary>Takes an unused connection, or opens one.</summary>
    /// <param name="purpose">What for: shown to others who find none left.</param>
    /// <param name="wait">How long to wait for one to come free, or to come up.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RedisPoolExhaustedException">None came free in time.</exception>
    /// <exception cref="RedisTimeoutException">A new one did not come up in time.</exception>
    /// <exception cref="RedisConnectionException">No connection could be opened.</exception>
    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    public async ValueTask<DedicatedLease> LeaseAsync(string purpose, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (_stopping.IsCancellationRequested) throw Disposed(purpose);
        using var limit = new CancellationTokenSource(wait, context.Options.TimeProvider);
        using CancellationTokenSource any = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token, limit.Token);
        bool hasPlace = false;
        try
        {
            hasPlace = _places.Wait(0, CancellationToken.None) || await WaitForPlaceAsync(any.Token).ConfigureAwait(false);
            return new DedicatedLease(this, TakeIdle(purpose) ?? await OpenAsync(purpose, any.Token).ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            if (hasPlace) _places.Release();
            if (exception is not OperationCanceledException) throw;
            // Its own token, not the one that was linked to it.
            if (cancellationToken.IsCancellationRequested) throw new OperationCanceledException($"The wait for {purpose} was cancelled; it was not sent.", cancellationToken);
            if (_stopping.IsCancellationRequested) throw Disposed(purpose);
            if (!limit.IsCancellationRequested) throw;
            RedisConnectionException? failure = Volatile.Read(ref _lastFailure);
            if (hasPlace) throw new RedisTimeoutException(purpose, wait, CommandOutcome.NotSent, TimeoutDetails.Of(null, context, Volatile.Read(ref _waiting), failure?.Message ?? "no connection of its own came up in time"), failure);
            ClientMetrics.PoolTimedOut(node.CurrentServer);
            throw Exhausted(wait);
        }
    }

    public void Return(DedicatedConnection dedicated)
    {
        bool kept;
        lock (_gate)
        {
            // Not in use any more once the pool is closed: then it was closed with it.
            if (!_inUse.Remove(dedicated)) return;
            dedicated.Rest(context.Clock.Now);
            kept = dedicated.IsReusable;
            if (kept) _idle.Add(dedicated);
        }

        if (!kept) dedicated.Close("it is no longer needed");
        _places.Release();
    }

    public void Step(long now)
    {
        DedicatedConnection[] all;
        lock (_gate)
        {
            if (_inUse.Count + _idle.Count == 0) return;
            all = [.. _inUse, .. _idle];
        }

        foreach (DedicatedConnection dedicated in all) dedicated.Step(now);
        long usedSince = now - (long)context.Options.DedicatedIdleTimeout.TotalMilliseconds;
        List<DedicatedConnection> gone;
        lock (_gate)
        {
            gone = _idle.FindAll(dedicated => !dedicated.IsSound || dedicated.IdleSince <= usedSince);
            if (gone.Count > 0) _ = _idle.RemoveAll(gone.Contains);
        }

        foreach (DedicatedConnection dedicated in gone) dedicated.Close("it was unused for RedisClientOptions.DedicatedIdleTimeout");
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        DedicatedConnection[] all;
        lock (_gate)
        {
            _closed = true;
            all = [.. _inUse, .. _idle];
            _inUse.Clear();
            _idle.Clear();
        }

        foreach (DedicatedConnection dedicated in all) dedicated.Close("the RedisClient was disposed");
        // Bounded: a holder who takes a long reply in parts may hold up its connection's end for as long as he likes.
        await Task.WhenAll(all.Select(dedicated => dedicated.Inner.Ended)).WaitAsync(EndPatience, context.Options.TimeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private DedicatedConnection? TakeIdle(string purpose)
    {
        lock (_gate)
        {
            int last = _idle.FindLastIndex(dedicated => dedicated.IsResponsive);
            if (last < 0) return null;
            DedicatedConnection dedicated = _idle[last];
            _idle.RemoveAt(last);
            Hold(dedicated, purpose);
            return dedicated;
        }
    }

    // Under the lock.
    private void Hold(DedicatedConnection dedicated, string purpose)
    {
        dedicated.Hold(purpose, context.Clock.Now);
        _ = _inUse.Add(dedicated);
    }

    private static ObjectDisposedException Disposed(string purpose) =>
        new(nameof(RedisClient), $"{purpose} was not sent: the RedisClient was disposed.");

    // Where the server may be elsewhere in a moment, that is waited for.
    private async Task<RedisConnection> DialAsync(CancellationToken cancellationToken)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                RedisEndpoint endpoint = await node.LocateAsync(attempt, cancellationToken).ConfigureAwait(false);
                return await node.OpenAsync(endpoint, prepare: null, RingCapacity, cancellationToken).ConfigureAwait(false);
            }
            catch (RedisConnectionException failure) when (node.Moves && failure.IsTransient)
            {
                Volatile.Write(ref _lastFailure, failure);
                await Task.Delay(context.Options.Reconnect.DelayFor(attempt, Random.Shared.NextDouble()), context.Options.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<DedicatedConnection> OpenAsync(string purpose, CancellationToken cancellationToken)
    {
        RedisConnection connection = await DialAsync(cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _lastFailure, null);
        var dedicated = new DedicatedConnection(connection, context);
        lock (_gate)
        {
            if (!_closed)
            {
                Hold(dedicated, purpose);
                return dedicated;
            }
        }

        dedicated.Close("the RedisClient was disposed");
        throw Disposed(purpose);
    }

    private async ValueTask<bool> WaitForPlaceAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private RedisPoolExhaustedException Exhausted(TimeSpan waited)
    {
        long now = context.Clock.Now;
        DedicatedConnection[] inUse;
        lock (_gate) inUse = [.. _inUse];
        string[] holders =
        [
            .. inUse.GroupBy(dedicated => dedicated.Purpose)
                .OrderByDescending(group => group.Count())
                .Select(group => $"{group.Key}: {group.Count()}, for up to {(now - group.Min(dedicated => dedicated.HeldSince)) / 1000.0:0.0} s"),
        ];
        int max = context.Options.MaxDedicatedConnections;
        return new RedisPoolExhaustedException(
            $"No connection of its own came free in {waited.TotalMilliseconds:0} ms: all {max} are in use ({string.Join("; ", holders)}), and {Volatile.Read(ref _waiting) + 1} callers wait. " +
            "Raise RedisClientOptions.MaxDedicatedConnections, block for shorter times, or run fewer blocking commands at once.",
            holders);
    }
}

/// <summary>A connection that one party holds until it disposes this.</summary>
internal readonly struct DedicatedLease(DedicatedPool pool, DedicatedConnection dedicated) : IDisposable
{
    public DedicatedConnection Connection => dedicated;

    public void Dispose() => pool.Return(dedicated);
}
