namespace RedisToolkit.Client;

/// <summary>
/// The client: finds the server, keeps connections to it, and sends commands over them. It is safe for any number of callers
/// at once; make one and share it.
/// </summary>
/// <example>
/// <code>
/// await using var redis = await RedisClient.ConnectAsync("localhost:6379");
/// await redis.SetAsync("greeting", "hello");
/// string? greeting = await redis.GetAsync("greeting");
/// </code>
/// </example>
public sealed partial class RedisClient : IRedisClient
{
    private readonly ConnectionContext _context;
    private readonly ICommandRouter _router;
    private readonly BlockingCommand _blocking;
    // Null unless the servers are a cluster.
    private readonly ClusterRouter? _cluster;
    private int _disposed;

    /// <summary>Makes a client that connects in the background; commands wait for the connection, within their deadlines.</summary>
    /// <param name="options">Where the server is, and how to deal with it.</param>
    /// <exception cref="RedisOptionsException">An option is out of its range; the message lists all that are.</exception>
    public RedisClient(RedisClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _context = new ConnectionContext(options.Validated());
        _cluster = _context.Options.Cluster is null ? null : new ClusterRouter(_context);
        _router = (ICommandRouter?)_cluster ?? (_context.Options.Sentinel is null ? new StandaloneRouter(_context) : new SentinelRouter(_context));
        _blocking = new BlockingCommand(_router, _context);
        ConnectionWatch.Add(_router);
        _subscriptions = new Lazy<SubscriptionHub>(() => new SubscriptionHub(_context, _router));
        _probes = new Lazy<CapabilityProbes>(() => new CapabilityProbes(_context.Clock, () => _router.Generation, SendUnchecked));
    }

    /// <summary>Gets the options in use, with what was filled in.</summary>
    public RedisClientOptions Options => _context.Options;

    /// <summary>Makes a client and waits for its first connection.</summary>
    /// <param name="connectionString">As <see cref="RedisClientOptions.Parse"/> reads it: <c>localhost:6379</c>, <c>rediss://user:password@host</c> …</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The connected client.</returns>
    /// <exception cref="FormatException">The connection string is malformed.</exception>
    /// <exception cref="RedisConnectionException">The first attempt on every endpoint failed; tells why and what to change.</exception>
    public static Task<RedisClient> ConnectAsync(string connectionString, CancellationToken cancellationToken = default) =>
        ConnectAsync(RedisClientOptions.Parse(connectionString), cancellationToken);

    /// <summary>Makes a client and waits for its first connection.</summary>
    /// <param name="options">Where the server is, and how to deal with it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The connected client.</returns>
    /// <exception cref="RedisOptionsException">An option is out of its range; the message lists all that are.</exception>
    /// <exception cref="RedisConnectionException">The first attempt on every endpoint failed; tells why and what to change.</exception>
    public static async Task<RedisClient> ConnectAsync(RedisClientOptions options, CancellationToken cancellationToken = default)
    {
        var client = new RedisClient(options);
        try
        {
            await client._router.WaitUntilConnectedAsync(cancellationToken).ConfigureAwait(false);
            return client;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<T> ExecuteAsync<T>(RedisCommand command, ReplyReader<T> reply, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reply);
        return ObservedOperation.IsWanted ? ObserveAsync(command, reply, cancellationToken) : SendAsync(command, reply, cancellationToken);
    }

    private ValueTask<T> ObserveAsync<T>(in RedisCommand command, ReplyReader<T> reply, CancellationToken cancellationToken) =>
        ObservedOperation.RunAsync(
            command.Header.OperationName,
            _router.CurrentServer,
            command.ArgumentCount,
            batchSize: 0,
            static send => send.Client.SendAsync(send.Command, send.Reply, send.Token),
            (Client: this, Command: command, Reply: reply, Token: cancellationToken));

    private ValueTask<T> SendAsync<T>(in RedisCommand command, ReplyReader<T> reply, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<T>(cancellationToken);
        if (_cluster is not null && command.Header.MayConcernSeveralNodes && ConcernsSeveralNodes(command)) return SendToSeveralAsync(command, reply, cancellationToken);
        if (command.Header.IsSpecial)
        {
            if (CommandTable.Refusal(command.Info) is { } refusal) throw new ArgumentException(refusal, nameof(command));
            if (command.Blocks) return _blocking.ExecuteAsync(command, reply, cancellationToken);
        }

        TimeSpan timeout = command.Timeout ?? _context.Options.CommandTimeout;
        PendingCommand<T> pending = PendingCommand<T>.Rent(command, reply, _context.Clock.DeadlineAfter(timeout), timeout);
        // Taken before it is sent: afterwards the reply may already be on its way back.
        ValueTask<T> task = pending.Task;
        if (cancellationToken.CanBeCanceled) pending.CancelWith(cancellationToken);
        _router.Route(pending);
        return task;
    }

    private ValueTask<bool> SendUnchecked(RedisCommand probe)
    {
        TimeSpan timeout = probe.Timeout ?? _context.Options.CommandTimeout;
        PendingCommand<bool> pending = PendingCommand<bool>.Rent(probe, Replies.Done, _context.Clock.DeadlineAfter(timeout), timeout);
        ValueTask<bool> task = pending.Task;
        _router.Route(pending);
        return task;
    }

    /// <summary>Refuses new commands, waits up to <see cref="RedisClientOptions.DrainTimeout"/> for replies that are owed, and closes the connections.</summary>
    /// <returns>When all is closed.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await DisposeOfNodesAsync().ConfigureAwait(false);
        await DisposeListenersAsync().ConfigureAwait(false);
        if (_isOfNode) return;
        await _router.DisposeAsync().ConfigureAwait(false);
        ConnectionWatch.Remove(_router);
        _context.Clock.Dispose();
    }
}
