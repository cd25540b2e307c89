using System.Collections.Concurrent;

namespace RedisToolkit.Client;

/// <summary>Connections that one party has to itself for a while: blocking commands would hold up everybody else on a shared one.</summary>
internal sealed class DedicatedPool(ConnectionContext context, ConnectionOpener opener, Func<RedisEndpoint> endpoint) : IAsyncDisposable
{
    // One command at a time, and what goes with it.
    private const int RingCapacity = 64;
    private readonly SemaphoreSlim _places = new(context.Options.MaxDedicatedConnections);
    private readonly ConcurrentDictionary<DedicatedConnection, byte> _inUse = new();
    private readonly ConcurrentStack<DedicatedConnection> _idle = new();
    private readonly CancellationTokenSource _stopping = new();
    private int _waiting;

    /// <summary>Gets how many connections somebody holds.</summary>
    public int InUse => _inUse.Count;

    /// <summary>Gets how many are open and unused.</summary>
    public int Idle => _idle.Count;

    /// <summary>Takes an unused connection, or opens one.</summary>
    /// <param name="purpose">What for: shown to others who find none left.</param>
    /// <param name="wait">How long to wait for one to come free.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RedisPoolExhaustedException">None came free in time.</exception>
    /// <exception cref="RedisConnectionException">No connection could be opened.</exception>
    public async ValueTask<DedicatedLease> LeaseAsync(string purpose, TimeSpan wait, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, typeof(RedisClient));
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        if (!_places.Wait(0, CancellationToken.None)) await WaitForPlaceAsync(wait, either.Token, cancellationToken).ConfigureAwait(false);
        try
        {
            DedicatedConnection dedicated = TakeIdle() ?? await OpenAsync(either.Token).ConfigureAwait(false);
            dedicated.Hold(purpose, context.Clock.Now);
            _inUse[dedicated] = 0;
            return new DedicatedLease(this, dedicated);
        }
        catch
        {
            _places.Release();
            throw;
        }
    }

    public void Return(DedicatedConnection dedicated)
    {
        if (!_inUse.TryRemove(dedicated, out _)) return;
        dedicated.Rest(context.Clock.Now);
        if (!dedicated.IsReusable || _stopping.IsCancellationRequested) dedicated.Close("it is no longer needed");
        else _idle.Push(dedicated);
        _places.Release();
    }

    public void Step(long now)
    {
        foreach ((DedicatedConnection dedicated, _) in _inUse) dedicated.Step(now);
        if (_idle.IsEmpty) return;
        long life = (long)context.Options.DedicatedIdleTimeout.TotalMilliseconds;
        var kept = new List<DedicatedConnection>();
        while (_idle.TryPop(out DedicatedConnection? dedicated))
        {
            dedicated.Step(now);
            if (dedicated.IdleSince + life <= now) dedicated.Close("it was unused for RedisClientOptions.DedicatedIdleTimeout");
            else if (dedicated.IsReusable) kept.Add(dedicated);
        }

        for (int i = kept.Count - 1; i >= 0; i--) _idle.Push(kept[i]);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        foreach ((DedicatedConnection dedicated, _) in _inUse) dedicated.Close("the RedisClient was disposed");
        while (_idle.TryPop(out DedicatedConnection? dedicated)) dedicated.Close("the RedisClient was disposed");
    }

    private DedicatedConnection? TakeIdle()
    {
        while (_idle.TryPop(out DedicatedConnection? dedicated))
        {
            if (dedicated.IsReusable) return dedicated;
            dedicated.Close("it broke while unused");
        }

        return null;
    }

    private async Task<DedicatedConnection> OpenAsync(CancellationToken cancellationToken)
    {
        RedisConnection connection = await opener.OpenAsync(endpoint(), prepare: null, RingCapacity, cancellationToken).ConfigureAwait(false);
        return new DedicatedConnection(connection, context);
    }

    private async Task WaitForPlaceAsync(TimeSpan wait, CancellationToken either, CancellationToken callers)
    {
        using var limit = new CancellationTokenSource(wait, context.Options.TimeProvider);
        using CancellationTokenSource any = CancellationTokenSource.CreateLinkedTokenSource(either, limit.Token);
        Interlocked.Increment(ref _waiting);
        try
        {
            await _places.WaitAsync(any.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!callers.IsCancellationRequested && limit.IsCancellationRequested)
        {
            ClientMetrics.PoolTimedOut(new ServerIdentity(endpoint(), ServerGreeting.Unknown, context.Options.Database));
            throw Exhausted(wait);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private RedisPoolExhaustedException Exhausted(TimeSpan waited)
    {
        long now = context.Clock.Now;
        string[] holders =
        [
            .. _inUse.Keys.GroupBy(dedicated => dedicated.Purpose)
                .OrderByDescending(group => group.Count())
                .Select(group => $"{group.Key}: {group.Count()}, for up to {(now - group.Min(dedicated => dedicated.HeldSince)) / 1000.0:0.0} s"),
        ];
        int max = context.Options.MaxDedicatedConnections;
        return new RedisPoolExhaustedException(
            $"No connection of its own came free in {waited.TotalMilliseconds:0} ms: all {max} are in use ({string.Join("; ", holders)}), and {Volatile.Read(ref _waiting)} callers wait. " +
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
