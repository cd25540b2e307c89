using RedisToolkit.Client;
using Ser = StackExchange.Redis;

namespace RedisToolkit.StackExchangeRedis;

/// <summary>
/// Several multiplexers to the same servers, for those to whom one connection is too narrow: large values, or more callers than
/// one socket's thread can serve. The least busy one that is connected is chosen for each command; one that stays without a
/// connection is replaced. Safe for any number of callers at once.
/// </summary>
/// <remarks>Commands of one caller may overtake each other, unless each is awaited before the next: they may go over different connections.</remarks>
/// <example>
/// <code>
/// await using MultiplexerPool pool = await MultiplexerPool.ConnectAsync("localhost:6379", new MultiplexerPoolOptions { Count = 4 });
/// await using StackExchangeRedisClient redis = StackExchangeRedisClient.Create(pool);
/// </code>
/// </example>
public sealed class MultiplexerPool : IAsyncDisposable
{
    private readonly Func<CancellationToken, Task<Ser.IConnectionMultiplexer>> _factory;
    private readonly CancellationTokenSource _disposing = new();
    private readonly PoolMember[] _members;
    private readonly Lock _gate = new();
    private Task _care = Task.CompletedTask;
    private int _turn;
    private bool _disposed;

    private MultiplexerPool(Func<CancellationToken, Task<Ser.IConnectionMultiplexer>> factory, MultiplexerPoolOptions options)
    {
        _factory = factory;
        Options = options;
        _members = new PoolMember[options.Count];
    }

    /// <summary>Somebody took the place of a multiplexer: its member, and the one that has left.</summary>
    internal event Action<PoolMember, Ser.IConnectionMultiplexer>? Replaced;

    /// <summary>Gets the options in use.</summary>
    public MultiplexerPoolOptions Options { get; }

    /// <summary>Gets how many multiplexers are connected at present.</summary>
    public int ConnectedCount => _members.Count(static member => member.Multiplexer.IsConnected);

    internal IReadOnlyList<PoolMember> Members => _members;

    /// <summary>Connects all multiplexers of a pool.</summary>
    /// <param name="configuration">As StackExchange.Redis reads it: <c>localhost:6379,password=…</c>.</param>
    /// <param name="options">How many there are, and when they are replaced; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the wait; those that are connected already are closed.</param>
    /// <returns>The pool.</returns>
    /// <exception cref="RedisOptionsException">An option is out of its range; the message lists all that are.</exception>
    /// <exception cref="RedisConnectionException">A multiplexer could not be connected; none is left open.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task<MultiplexerPool> ConnectAsync(string configuration, MultiplexerPoolOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(configuration);
        return ConnectAsync(async _ => await Ser.ConnectionMultiplexer.ConnectAsync(configuration, null).ConfigureAwait(false), options, cancellationToken);
    }

    /// <summary>Connects all multiplexers of a pool.</summary>
    /// <param name="configuration">The settings of each of them; a copy is taken.</param>
    /// <param name="options">How many there are, and when they are replaced; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the wait; those that are connected already are closed.</param>
    /// <returns>The pool.</returns>
    /// <exception cref="RedisOptionsException">An option is out of its range; the message lists all that are.</exception>
    /// <exception cref="RedisConnectionException">A multiplexer could not be connected; none is left open.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task<MultiplexerPool> ConnectAsync(Ser.ConfigurationOptions configuration, MultiplexerPoolOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        Ser.ConfigurationOptions copy = configuration.Clone();
        return ConnectAsync(async _ => await Ser.ConnectionMultiplexer.ConnectAsync(copy.Clone(), null).ConfigureAwait(false), options, cancellationToken);
    }

    /// <summary>Connects all multiplexers of a pool, each made by a factory.</summary>
    /// <param name="factory">Makes one multiplexer; called for each member, and again to replace one. Its token is cancelled when the pool is disposed.</param>
    /// <param name="options">How many there are, and when they are replaced; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the wait; those that are connected already are closed.</param>
    /// <returns>The pool.</returns>
    /// <exception cref="RedisOptionsException">An option is out of its range; the message lists all that are.</exception>
    /// <exception cref="RedisConnectionException">A multiplexer could not be made; none is left open.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<MultiplexerPool> ConnectAsync(
        Func<CancellationToken, Task<Ser.IConnectionMultiplexer>> factory, MultiplexerPoolOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(factory);
        var pool = new MultiplexerPool(factory, (options ?? new MultiplexerPoolOptions()).Validated());
        try
        {
            Task[] making = [.. Enumerable.Range(0, pool._members.Length).Select(pool.MakeMemberAsync)];
            await Task.WhenAll(making).WaitAsync(cancellationToken).ConfigureAwait(false);
            pool._care = pool.CareAsync();
            return pool;
        }
        catch (Exception exception)
        {
            await pool.DisposeAsync().ConfigureAwait(false);
            if (exception is OperationCanceledException && cancellationToken.IsCancellationRequested) throw new OperationCanceledException("The pool was not connected: the token was cancelled.", cancellationToken);
            throw new RedisConnectionException(ConnectionFailure.Refused, "the pool's server", $"A multiplexer of the pool could not be connected: {exception.Message}", CommandOutcome.NotSent, exception);
        }
    }

    /// <summary>Chooses a multiplexer: among those that are connected, the one with the fewest commands under way. Allocates nothing.</summary>
    /// <returns>The multiplexer. It belongs to the pool: ask anew for each piece of work, and do not dispose it.</returns>
    /// <exception cref="ObjectDisposedException">The pool was disposed.</exception>
    public Ser.IConnectionMultiplexer GetMultiplexer()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
        PoolMember member = Choose();
        // Until it is looked at again, so that not all who ask in the meantime get the same one.
        member.Expect(1);
        return member.Multiplexer;
    }

    /// <summary>Closes all multiplexers; each waits for the replies that it is owed, as its own settings say.</summary>
    /// <returns>When all is closed.</returns>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
        }

        await _disposing.CancelAsync().ConfigureAwait(false);
        await _care.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_members.Where(static member => member is not null).Select(static member => Closing.CloseAsync(member.Multiplexer))).ConfigureAwait(false);
    }

    /// <summary>Chooses the member for the next command.</summary>
    internal PoolMember Choose()
    {
        PoolMember[] members = _members;
        // Begins at another one each time, so that equals take turns.
        int first = (int)((uint)Interlocked.Increment(ref _turn) % (uint)members.Length);
        PoolMember best = members[first];
        for (int i = 1; i < members.Length; i++)
        {
            PoolMember other = members[(first + i) % members.Length];
            if (other.IsBetterThan(best)) best = other;
        }

        return best;
    }

    private async Task MakeMemberAsync(int index)
    {
        Ser.IConnectionMultiplexer multiplexer = await MakeAsync().ConfigureAwait(false);
        bool late;
        lock (_gate)
        {
            late = _disposed;
            if (!late) _members[index] = new PoolMember(multiplexer);
        }

        if (late) await Closing.CloseAsync(multiplexer).ConfigureAwait(false);
    }

    private async Task<Ser.IConnectionMultiplexer> MakeAsync() =>
        await _factory(_disposing.Token).ConfigureAwait(false) ?? throw new InvalidOperationException("The factory of the MultiplexerPool returned null; it is to return a multiplexer.");

    private async Task CareAsync()
    {
        var replacing = new Task[_members.Length];
        Array.Fill(replacing, Task.CompletedTask);
        using var timer = new PeriodicTimer(Options.CheckInterval, Options.TimeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(_disposing.Token).ConfigureAwait(false))
            {
                for (int i = 0; i < _members.Length; i++)
                {
                    PoolMember member = _members[i];
                    if (member.Look(Options.TimeProvider) > Options.ReplaceAfter && replacing[i].IsCompleted) replacing[i] = ReplaceAsync(member);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The pool is disposed.
        }

        await Task.WhenAll(replacing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ReplaceAsync(PoolMember member)
    {
        Ser.IConnectionMultiplexer fresh;
        try
        {
            fresh = await MakeAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The server is still away. It is tried again when the member has been looked at once more.
            return;
        }

        bool keep;
        Ser.IConnectionMultiplexer old = member.Multiplexer;
        lock (_gate)
        {
            // One that is not connected either would be no gain, and the old one may have come back meanwhile.
            keep = !_disposed && fresh.IsConnected && !old.IsConnected;
            if (keep) member.Put(fresh);
        }

        if (keep) Replaced?.Invoke(member, old);
        await Closing.CloseAsync(keep ? old : fresh).ConfigureAwait(false);
    }
}
