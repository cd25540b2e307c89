namespace RedisToolkit.Client;

/// <summary>
/// A connection that one party has to itself for as long as that lives: opened, put to use, watched, and replaced when it ends.
/// </summary>
internal sealed class KeptConnection : IAsyncDisposable
{
    private readonly ConnectionContext _context;
    private readonly ConnectionOpener _opener;
    private readonly Func<int, IConnectionPlace> _place;
    private readonly IConnectionKeeper _keeper;
    private readonly int? _ringCapacity;
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;
    private RedisConnection? _current;
    private Heartbeat? _heartbeat;

    /// <param name="context">What the client's connections share.</param>
    /// <param name="place">Finds the server, given how many attempts have failed in a row.</param>
    /// <param name="keeper">Puts the connections to use.</param>
    /// <param name="ringCapacity">How many commands may be under way; null for the options' number.</param>
    public KeptConnection(ConnectionContext context, Func<int, IConnectionPlace> place, IConnectionKeeper keeper, int? ringCapacity)
    {
        _context = context;
        _opener = new ConnectionOpener(context);
        _place = place;
        _keeper = keeper;
        _ringCapacity = ringCapacity;
    }

    /// <summary>Gets the connection, if one is up.</summary>
    public RedisConnection? Current => Volatile.Read(ref _current);

    /// <summary>Begins to connect. To be called once.</summary>
    public void Start()
    {
        _context.Clock.Subscribe(Step);
        // Whoever happens to need it first does not lend it his execution context.
        using (ExecutionContext.SuppressFlow()) _running = Task.Run(() => RunAsync(_stopping.Token));
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        // What runs in there includes users' code (a listener, a provider of credentials): its end is not waited for without bound.
        await ((Task)_running.WaitAsync(_context.Options.ConnectTimeout, _context.Options.TimeProvider)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _context.Clock.Unsubscribe(Step);
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        int attempt = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            IConnectionPlace place = _place(attempt);
            RedisEndpoint endpoint = place.Likely;
            TimeSpan delay;
            try
            {
                endpoint = await place.LocateAsync(attempt, cancellationToken).ConfigureAwait(false);
                RedisConnection connection = await place.OpenAsync(endpoint, _keeper.Prepare, _ringCapacity, cancellationToken).ConfigureAwait(false);
                long opened = _context.Clock.Now;
                await ServeAsync(connection, cancellationToken).ConfigureAwait(false);
                if (cancellationToken.IsCancellationRequested) return;
                // One that broke as soon as it was up counts as a failed attempt: no storm of handshakes.
                if (_context.Clock.Now - opened > _context.Options.Reconnect.MaxDelay.TotalMilliseconds) attempt = 0;
                delay = DelayFor(attempt);
                _context.Log.Lost(connection, _context.Clock.Now - connection.OpenedAt, delay);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                delay = DelayFor(attempt);
                _context.ConnectFailed(endpoint, attempt, exception, delay);
                _keeper.Failed(endpoint, exception);
            }

            attempt++;
            await Task.Delay(delay, _context.Options.TimeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeAsync(RedisConnection connection, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using CancellationTokenRegistration closing = cancellationToken.UnsafeRegister(_ => connection.Break(Closed(connection)), null);
        connection.Pool = "listening";
        connection.IsHeld = true;
        Volatile.Write(ref _heartbeat, new Heartbeat(connection, _context));
        Volatile.Write(ref _current, connection);
        Task rotation = RotateAsync(connection, ended.Token);
        Task serving = _keeper.ServeAsync(connection, ended.Token);
        await Task.WhenAny(serving, connection.Ended).ConfigureAwait(false);
        if (serving.IsFaulted) connection.Break(serving.Exception.InnerException);
        await connection.Ended.ConfigureAwait(false);
        Volatile.Write(ref _current, null);
        Volatile.Write(ref _heartbeat, null);
        await ended.CancelAsync().ConfigureAwait(false);
        await rotation.ConfigureAwait(false);
        await serving.ConfigureAwait(false);
    }

    private TimeSpan DelayFor(int attempt) => _context.Options.Reconnect.DelayFor(attempt, Random.Shared.NextDouble());

    // In RESP2 a connection that subscribes may not sign in again; where its credentials end it, it is replaced with new ones.
    private Task RotateAsync(RedisConnection connection, CancellationToken ended) =>
        connection.CredentialsExpireAfter is { } life && connection.Greeting.Protocol >= 3
            ? CredentialRotation.RunAsync(connection, _context, _opener, life, ended)
            : Task.CompletedTask;

    private void Step(long now)
    {
        Volatile.Read(ref _current)?.Expire(now);
        Volatile.Read(ref _heartbeat)?.Step(now);
        _keeper.Step(now);
    }

    private static RedisConnectionException Closed(RedisConnection connection) =>
        new(ConnectionFailure.Disposed, connection.Endpoint.ToString(), $"The connection to {connection.Endpoint} was closed: it is no longer needed.", CommandOutcome.Unknown);
}

/// <summary>Puts the connections of a <see cref="KeptConnection"/> to use, one after the other.</summary>
internal interface IConnectionKeeper
{
    /// <summary>A connection is new; nothing was sent on it yet.</summary>
    void Prepare(RedisConnection connection);

    /// <summary>
    /// Makes a connection ready and uses it; may return before it ends. What it throws ends the connection, and counts as a failed attempt.
    /// </summary>
    /// <param name="connection">The connection, signed in.</param>
    /// <param name="ended">Is cancelled when the connection has ended.</param>
    Task ServeAsync(RedisConnection connection, CancellationToken ended);

    /// <summary>An attempt failed; there will be another.</summary>
    void Failed(RedisEndpoint endpoint, Exception exception);

    /// <summary>Looks for what is out of time.</summary>
    void Step(long now);
}
