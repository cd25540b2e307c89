namespace RedisToolkit.Client;

/// <summary>One of the shared connections to a server: opened, watched, and replaced when it ends, for as long as its node lives.</summary>
internal sealed class ConnectionSlot
{
    private readonly ConnectionContext _context;
    private readonly ConnectionOpener _opener;
    private readonly IServerSource _source;
    private readonly ISlotOwner _owner;
    private readonly int _number;
    private RedisConnection? _current;
    private RedisConnection? _retiring;
    private CancellationTokenSource? _attempt;
    private long _opened;

    public ConnectionSlot(ConnectionContext context, ConnectionOpener opener, IServerSource source, ISlotOwner owner, int number)
    {
        _context = context;
        _opener = opener;
        _source = source;
        _owner = owner;
        _number = number;
    }

    /// <summary>Gets the connection, if there is one that takes commands.</summary>
    public RedisConnection? Current => Volatile.Read(ref _current);

    /// <summary>Gets the connection that takes no more commands and is closed when those under way are answered.</summary>
    public RedisConnection? Retiring => Volatile.Read(ref _retiring);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        int attempt = 0;
        int next = _number;
        while (!cancellationToken.IsCancellationRequested)
        {
            RedisEndpoint? endpoint = null;
            CancellationToken hurried = BeginAttempt(cancellationToken);
            try
            {
                endpoint = await _source.LocateAsync(next, hurried).ConfigureAwait(false);
                RedisConnection connection = await _opener.OpenAsync(endpoint, _source, _owner.Prepare, null, hurried).ConfigureAwait(false);
                EndAttempt();
                if (_opened++ > 0) ClientMetrics.Reconnected(connection.Identity);
                long opened = _context.Clock.Now;
                await ServeAsync(connection, cancellationToken).ConfigureAwait(false);
                // One that broke as soon as it was up counts as a failed attempt: no storm of handshakes.
                bool lasted = _context.Clock.Now - opened > _context.Options.Reconnect.MaxDelay.TotalMilliseconds;
                TimeSpan delay = lasted ? TimeSpan.Zero : DelayFor(attempt);
                attempt = lasted ? 0 : attempt + 1;
                hurried = BeginAttempt(cancellationToken);
                _owner.ConnectionLost(this, connection, delay);
                if (!lasted) await DelayAsync(delay, hurried).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Called off since the server is said to be elsewhere: that is no failure.
                TimeSpan delay = hurried.IsCancellationRequested ? TimeSpan.Zero : DelayFor(attempt);
                if (hurried.IsCancellationRequested) attempt = 0;
                else _owner.ConnectFailed(this, endpoint ?? _source.Likely, exception, attempt++, delay);
                next++;
                await DelayAsync(delay, hurried).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            finally
            {
                EndAttempt();
            }
        }
    }

    /// <summary>Makes it try again now, if it has no connection: an attempt under way is called off, a wait ends.</summary>
    public void Hurry()
    {
        if (Interlocked.Exchange(ref _attempt, null) is not { } attempt) return;
        attempt.Cancel();
        attempt.Dispose();
    }

    /// <summary>Gives a connection no more commands; those under way are still answered. Whoever calls this sees to it that it ends.</summary>
    /// <returns>False if it is not the current one.</returns>
    public bool TryRetire(RedisConnection connection)
    {
        if (Interlocked.CompareExchange(ref _current, null, connection) != connection) return false;
        Volatile.Write(ref _retiring, connection);
        return true;
    }

    private async Task ServeAsync(RedisConnection connection, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task rotation = connection.CredentialsExpireAfter is { } life ? CredentialRotation.RunAsync(connection, _context, _opener, life, ended.Token) : Task.CompletedTask;
        Volatile.Write(ref _current, connection);
        _owner.ConnectionReady(this, connection);
        // Also when it was cancelled already: a connection that came up in the last moment ends as well.
        using (cancellationToken.UnsafeRegister(static state => ((RedisConnection)state!).Break(Disposed((RedisConnection)state)), connection))
            await connection.Ended.ConfigureAwait(false);
        Volatile.Write(ref _current, null);
        Volatile.Write(ref _retiring, null);
        await ended.CancelAsync().ConfigureAwait(false);
        await rotation.ConfigureAwait(false);
    }

    private static RedisConnectionException Disposed(RedisConnection connection) =>
        new(ConnectionFailure.Disposed, connection.Endpoint.ToString(), "The connection was closed: the RedisClient was disposed.", CommandOutcome.NotSent);

    private TimeSpan DelayFor(int attempt) => _context.Options.Reconnect.DelayFor(attempt, Random.Shared.NextDouble());

    private Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken) => Task.Delay(delay, _context.Options.TimeProvider, cancellationToken);

    private CancellationToken BeginAttempt(CancellationToken cancellationToken)
    {
        var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        CancellationToken token = attempt.Token;
        Volatile.Write(ref _attempt, attempt);
        return token;
    }

    // Whoever calls it off just now has taken it, and disposes it himself.
    private void EndAttempt() => Interlocked.Exchange(ref _attempt, null)?.Dispose();
}

/// <summary>Is told what becomes of a slot's connections.</summary>
internal interface ISlotOwner
{
    /// <summary>A connection is new; nothing was sent on it yet.</summary>
    void Prepare(RedisConnection connection);

    void ConnectionReady(ConnectionSlot slot, RedisConnection connection);

    /// <summary>A connection that was ready has ended; another one is opened after the delay.</summary>
    void ConnectionLost(ConnectionSlot slot, RedisConnection connection, TimeSpan delay);

    /// <summary>An attempt failed, the first one being number 0; the next follows after the delay.</summary>
    void ConnectFailed(ConnectionSlot slot, RedisEndpoint endpoint, Exception exception, int attempt, TimeSpan delay);
}
