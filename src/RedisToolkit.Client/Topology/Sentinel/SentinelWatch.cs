namespace RedisToolkit.Client;

/// <summary>
/// Knows where the primary is: asks the sentinels, listens to what they announce, and asks again at intervals, more often while there is
/// no connection to a primary.
/// </summary>
internal sealed partial class SentinelWatch : IServerSource, IAsyncDisposable
{
    private readonly ConnectionContext _context;
    private readonly ConnectionContext _sentinelContext;
    private readonly RedisSentinelOptions _options;
    private readonly Func<RedisEndpoint, RedisEndpoint> _translate;
    private readonly ConnectionOpener _opener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<RedisEndpoint, SentinelLink> _links = [];
    private IReadOnlyList<RedisEndpoint> _replicas = [];
    private ServerNode? _node;
    private Task _running = Task.CompletedTask;
    private Task? _round;
    private TaskCompletionSource _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _another;
    private RedisEndpoint? _current;
    private RedisConnectionException? _failure;
    private long _epoch;
    private Promotion? _promoted;

    // A replica that has become the primary, before the sentinels announce it.
    private sealed record Promotion(RedisEndpoint Endpoint, long Epoch);

    public SentinelWatch(ConnectionContext context)
    {
        _context = context;
        _options = context.Options.Sentinel!;
        _sentinelContext = new ConnectionContext(_options.ForSentinels(context.Options));
        _translate = context.Options.AddressTranslation ?? (static endpoint => endpoint);
        _opener = new ConnectionOpener(context);
    }

    public RedisEndpoint Likely => Volatile.Read(ref _current) ?? _options.Endpoints[0];

    public int Candidates => 1;

    public bool Moves => true;

    /// <summary>Gets the replicas, as the sentinels last listed them.</summary>
    public IReadOnlyList<RedisEndpoint> Replicas => Volatile.Read(ref _replicas);

    // When they are asked although nothing happens. The jitter keeps many clients from asking at once.
    private long NextRound
    {
        get
        {
            TimeSpan usual = _options.RefreshInterval;
            // Who cannot announce is asked the more often.
            TimeSpan often = TimeSpan.FromSeconds(1);
            if (usual > often && !Links().Any(static link => link.Announces)) usual = often;
            return _context.Clock.Now + (long)(usual.TotalMilliseconds * (1 - (Random.Shared.NextDouble() / 4)));
        }
    }

    /// <summary>Begins. To be called once.</summary>
    /// <param name="node">Where the connections to the primary are.</param>
    public void Start(ServerNode node)
    {
        _node = node;
        lock (_gate)
        {
            foreach (RedisEndpoint endpoint in _options.Endpoints) AddLink(endpoint);
        }

        using (ExecutionContext.SuppressFlow()) _running = Task.Run(() => RunAsync(_stopping.Token));
    }

    /// <summary>Has the sentinels asked now: something has changed, or may have.</summary>
    public void Wake()
    {
        // Also one that is under way may have come too early.
        Volatile.Write(ref _another, true);
        Volatile.Read(ref _wake).TrySetResult();
    }

    public async ValueTask<RedisEndpoint> LocateAsync(int attempt, CancellationToken cancellationToken)
    {
        await RefreshAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        RedisConnectionException? failure = Volatile.Read(ref _failure);
        RedisEndpoint? current = Volatile.Read(ref _current);
        // Sentinels that are gone take nothing away from what they said: the server itself is asked for its role anyway.
        if (current is not null && failure?.Failure != ConnectionFailure.UnknownService) return current;
        throw failure ?? new RedisConnectionException(ConnectionFailure.Disposed, string.Join(", ", _options.Endpoints), "No primary was looked for: the RedisClient was disposed.", CommandOutcome.NotSent);
    }

    public async ValueTask VerifyAsync(RedisConnection connection, CancellationToken cancellationToken)
    {
        string role;
        try
        {
            role = await PrimaryCheck.RoleAsync(connection, _context, _context.Options.CommandTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (RedisException refused) when (refused is RedisServerException { Code: RedisErrorCode.NoPermission } or RedisCommandDisabledException)
        {
            // A user without ROLE: then what the handshake said counts, if it said anything.
            role = connection.Greeting.Role.Length > 0 ? connection.Greeting.Role : "master";
        }

        if (role != "master")
        {
            if (Volatile.Read(ref _promoted) is { } promoted && promoted.Endpoint.Equals(connection.Endpoint)) Interlocked.CompareExchange(ref _promoted, null, promoted);
            Wake();
            throw PrimaryCheck.NotPrimary(connection.Endpoint, role);
        }

        // The connection is among those that are left from here on, so that a change after this look is not missed.
        if (!connection.Endpoint.Equals(Volatile.Read(ref _current))) throw Replaced(connection.Endpoint);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        SentinelLink[] links = Links();
        await Task.WhenAll(links.Select(static link => link.DisposeAsync().AsTask())).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _sentinelContext.Clock.Dispose();
        _stopping.Dispose();
    }

    private RedisConnectionException Replaced(RedisEndpoint endpoint) => new(
        ConnectionFailure.NotPrimary,
        endpoint.ToString(),
        $"{endpoint} is no longer the primary of '{_options.ServiceName}': it is {Volatile.Read(ref _current)} now.",
        CommandOutcome.NotSent);

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        long next = NextRound;
        while (!cancellationToken.IsCancellationRequested)
        {
            Task wake = _wake.Task;
            await wake.WaitAsync(_options.SearchInterval, _context.Options.TimeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested) return;
            if (!wake.IsCompleted && _context.Clock.Now < next && !_node!.IsInDoubt) continue;
            // Whoever woke it until here is served by the round that begins now.
            if (wake.IsCompleted) Volatile.Write(ref _wake, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            await RefreshAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await CheckRoleAsync(cancellationToken).ConfigureAwait(false);
            next = NextRound;
        }
    }

    // The server's own word counts, whatever sentinels say: one that was demoted is left.
    private async Task CheckRoleAsync(CancellationToken cancellationToken)
    {
        if (_node!.IsInDoubt || _node.Any is not { } connection) return;
        try
        {
            string role = await PrimaryCheck.RoleAsync(connection, _context, _options.AnswerTimeout, cancellationToken).ConfigureAwait(false);
            if (role != "master") _node.LeaveGently(connection, left => PrimaryCheck.NotPrimary(left.Endpoint, role));
        }
        catch (Exception exception) when (exception is RedisException or OperationCanceledException)
        {
            // It did not say. If it is gone, the heartbeat notices; if it is another one by now, the sentinels tell.
        }
    }

    private SentinelLink[] Links()
    {
        lock (_gate) return [.. _links.Values];
    }

    // Under the lock.
    private void AddLink(RedisEndpoint endpoint)
    {
        var link = new SentinelLink(_sentinelContext, endpoint, _options.ServiceName, Wake);
        _links.Add(endpoint, link);
        link.Start();
    }
}
