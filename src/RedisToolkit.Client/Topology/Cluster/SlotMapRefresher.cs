namespace RedisToolkit.Client;

/// <summary>
/// Reads the slot map: at first, at an interval, and whenever something suggests that it has changed. One reading at a time, and however many
/// ask for one, they get one; when the asking does not end, the pauses grow, so that a cluster in trouble is not asked to death.
/// </summary>
internal sealed class SlotMapRefresher(ConnectionContext context, ClusterAddresses addresses, ClusterRouter router) : IAsyncDisposable
{
    private const int RingCapacity = 16;
    // Between one reading and the next, before jitter; doubled while there is no quiet.
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(1);
    private static readonly RedisCommand Slots = RedisCommand.Create("CLUSTER", "SLOTS").WithTimeout(AnswerPatience);
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private Task _running = Task.CompletedTask;
    private ServerNode? _informed;
    private int _wanted;
    private RedisConnectionException? _lastFailure;
    private RedisConnectionException? _hopeless;
    private long _reads;

    /// <summary>Gets why the last reading failed; null once one succeeded.</summary>
    public RedisConnectionException? LastFailure => Volatile.Read(ref _lastFailure);

    /// <summary>Gets why no reading will succeed until a setting is changed; null if one may.</summary>
    public RedisConnectionException? Hopeless => Volatile.Read(ref _hopeless);

    /// <summary>Gets how many maps were read.</summary>
    public long Reads => Interlocked.Read(ref _reads);

    public void Start()
    {
        using (ExecutionContext.SuppressFlow()) _running = Task.Run(() => RunAsync(_stopping.Token));
    }

    /// <summary>Has the map read soon. Waits for nothing.</summary>
    /// <param name="informed">A node that is likely to know best; null if none is.</param>
    public void Request(ServerNode? informed)
    {
        if (informed is not null) Volatile.Write(ref _informed, informed);
        if (Interlocked.Exchange(ref _wanted, 1) != 0) return;
        try
        {
            _wake.Release();
        }
        catch (Exception exception) when (exception is SemaphoreFullException or ObjectDisposedException)
        {
            // It is awake already, or the client is disposed: nothing is lost.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
        _wake.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        int failures = 0;
        TimeSpan pause = ShortestPause;
        while (!cancellationToken.IsCancellationRequested)
        {
            Interlocked.Exchange(ref _wanted, 0);
            bool read = await TryReadAsync(cancellationToken).ConfigureAwait(false);
            failures = read ? 0 : failures + 1;
            long ended = context.Clock.Now;
            TimeSpan delay = read ? Jittered(pause) : context.Options.Reconnect.DelayFor(failures - 1, Random.Shared.NextDouble());
            await Task.Delay(delay, context.Options.TimeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!read) continue;
            await WaitAsync(cancellationToken).ConfigureAwait(false);
            bool quiet = context.Clock.Now - ended > Quiet.TotalMilliseconds;
            pause = quiet || pause >= LongestPause / 2 ? (quiet ? ShortestPause : LongestPause) : pause * 2;
        }
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        TimeSpan interval = context.Options.Cluster!.RefreshInterval;
        try
        {
            using var limit = new CancellationTokenSource(interval * (0.9 + (Random.Shared.NextDouble() * 0.2)), context.Options.TimeProvider);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            await _wake.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The interval has passed, or the client is being disposed: the loop looks which.
        }
    }

    // Half to all of it, so that many clients which noticed the same do not ask at the same moment.
    private static TimeSpan Jittered(TimeSpan pause) => pause * (0.5 + (Random.Shared.NextDouble() * 0.5));

    private async Task<bool> TryReadAsync(CancellationToken cancellationToken)
    {
        Exception? failure = null;
        foreach (ServerNode node in Candidates())
        {
            if (node.Any is not { } connection) continue;
            failure = await TryAsync(connection, cancellationToken).ConfigureAwait(false);
            if (failure is null) return true;
        }

        foreach (RedisEndpoint seed in context.Options.Endpoints)
        {
            if (cancellationToken.IsCancellationRequested) return false;
            failure = await TrySeedAsync(seed, cancellationToken).ConfigureAwait(false);
            if (failure is null) return true;
        }

        if (failure is null || cancellationToken.IsCancellationRequested) return false;
        RedisConnectionException told = failure as RedisConnectionException
            ?? new RedisConnectionException(ConnectionFailure.Refused, string.Join(", ", context.Options.Endpoints), $"The cluster's slot map could not be read: {failure.Message}", CommandOutcome.NotSent, failure);
        Volatile.Write(ref _lastFailure, told);
        // With nodes that are known, commands go on.
        if (router.Primaries.Length == 0) Volatile.Write(ref _hopeless, RedisConnectionException.NeedsMending(told.Failure) ? told : null);
        router.Failed(told);
        return false;
    }

    // First the one that just said something new, then the others in any order: one that knows less is not asked each time.
    private ServerNode[] Candidates()
    {
        ServerNode? informed = Interlocked.Exchange(ref _informed, null);
        ServerNode[] others = [.. router.Primaries.Where(node => node != informed)];
        Random.Shared.Shuffle(others);
        return informed is null ? others : [informed, .. others];
    }

    private async Task<Exception?> TrySeedAsync(RedisEndpoint seed, CancellationToken cancellationToken)
    {
        RedisConnection connection;
        try
        {
            connection = await router.Seeds.OpenAsync(seed, prepare: null, RingCapacity, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            if (!cancellationToken.IsCancellationRequested) context.Log.MapFailed(seed, exception);
            return exception;
        }

        connection.Pool = "dedicated";
        Exception? failure = await TryAsync(connection, cancellationToken).ConfigureAwait(false);
        connection.Break(new RedisConnectionException(ConnectionFailure.Disposed, seed.ToString(), "It is no longer needed.", CommandOutcome.NotSent));
        return failure;
    }

    private async Task<Exception?> TryAsync(RedisConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            long asOf = router.Version;
            SlotMap map = await new ConnectionCommands(connection, context)
                .ExecuteAsync(Slots, SlotMap.Reader(connection.Endpoint, addresses), cancellationToken)
                .AsTask().WaitAsync(AnswerPatience * 2, context.Options.TimeProvider, cancellationToken).ConfigureAwait(false);
            if (map.Covered == 0) throw NoSlots(connection.Endpoint);
            router.Apply(map, asOf);
            Interlocked.Increment(ref _reads);
            Volatile.Write(ref _lastFailure, null);
            Volatile.Write(ref _hopeless, null);
            return null;
        }
        catch (RedisServerException refusal) when (refusal.Code is RedisErrorCode.Error or RedisErrorCode.NoPermission)
        {
            return NoCluster(connection.Endpoint, refusal);
        }
        catch (Exception exception)
        {
            if (!cancellationToken.IsCancellationRequested) context.Log.MapFailed(connection.Endpoint, exception);
            return exception;
        }
    }

    private static RedisConnectionException NoSlots(RedisEndpoint endpoint) => new(
        ConnectionFailure.Refused,
        endpoint.ToString(),
        $"{endpoint} is a node of a cluster and knows of no slot that is served. Assign slots (redis-cli --cluster create), or connect to a node that has joined the others.",
        CommandOutcome.NotSent);

    private static RedisConnectionException NoCluster(RedisEndpoint endpoint, RedisServerException refusal) => new(
        ConnectionFailure.Handshake,
        endpoint.ToString(),
        $"{endpoint} refused CLUSTER SLOTS: {refusal.Message} If it is no node of a cluster, leave RedisClientOptions.Cluster unset.",
        CommandOutcome.NotSent,
        refusal);
}
