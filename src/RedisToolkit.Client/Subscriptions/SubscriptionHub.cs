using System.Collections.Concurrent;

namespace RedisToolkit.Client;

/// <summary>
/// All subscriptions of a client, on one connection. Callers only declare what they want to hear; one loop for each connection
/// brings the server to that, one request at a time, so that no confirmation can be taken for another's. What is lost with a
/// connection is declared still, and the loop of the next one asks for it again.
/// </summary>
internal sealed partial class SubscriptionHub : ISubscriptionOwner, IAsyncDisposable
{
    private readonly ConnectionContext _context;
    private readonly ICommandRouter _router;
    private readonly SubscriptionLane _main;
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<byte[], DeclaredChannel>[] _channels = [NewTable(), NewTable(), NewTable()];
    private readonly HashSet<RedisSubscription> _subscriptions = [];
    private readonly HashSet<DeclaredChannel> _dirty = [];
    private bool _disposed;

    public SubscriptionHub(ConnectionContext context, ICommandRouter router)
    {
        _context = context;
        _router = router;
        _main = new SubscriptionLane(this, context, router.ListeningNode);
        if (router is ClusterRouter cluster) FollowSlots(cluster);
    }

    public async ValueTask<RedisSubscription> SubscribeAsync(
        RedisSubscriptionKind kind, IReadOnlyCollection<RedisArgument> names, RedisSubscriptionOptions? options, CancellationToken cancellationToken)
    {
        RedisSubscriptionOptions validated = (options ?? new RedisSubscriptionOptions()).Validated(_context.Options.SubscriptionBuffer);
        List<byte[]> checkedNames = ChannelNames.Check(names, _context.Options.MaxArgumentBytes);
        cancellationToken.ThrowIfCancellationRequested();
        var subscription = new RedisSubscription(this, kind, new MessageBuffer(validated.Buffer!.Value, validated.WhenFull));
        try
        {
            await AddAsync(subscription, checkedNames, cancellationToken).ConfigureAwait(false);
            return subscription;
        }
        catch
        {
            End(subscription, null);
            throw;
        }
    }

    public ValueTask AddAsync(RedisSubscription subscription, IReadOnlyCollection<RedisArgument> names, CancellationToken cancellationToken)
    {
        List<byte[]> checkedNames = ChannelNames.Check(names, _context.Options.MaxArgumentBytes);
        return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled(cancellationToken) : AddAsync(subscription, checkedNames, cancellationToken);
    }

    public void Remove(RedisSubscription subscription, IReadOnlyCollection<RedisArgument> names)
    {
        List<byte[]> checkedNames = ChannelNames.Check(names, _context.Options.MaxArgumentBytes);
        lock (_gate)
        {
            foreach (byte[] name in checkedNames)
            {
                if (_channels[(int)subscription.Kind].TryGetValue(name, out DeclaredChannel? channel) && subscription.Channels.Contains(channel))
                    Withdraw(subscription, channel);
            }
        }

        Wake();
    }

    public void End(RedisSubscription subscription, Exception? error)
    {
        lock (_gate)
        {
            if (!_subscriptions.Remove(subscription) && subscription.IsEnded) return;
            subscription.IsEnded = true;
            subscription.IsLive = false;
            foreach (DeclaredChannel channel in subscription.Channels.ToArray()) Withdraw(subscription, channel);
        }

        subscription.Buffer.End(error);
        Wake();
    }

    public async ValueTask DisposeAsync()
    {
        RedisSubscription[] all;
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            all = [.. _subscriptions];
            foreach (DeclaredChannel channel in AllChannels()) FailWaits(channel, Disposed());
        }

        foreach (RedisSubscription subscription in all) End(subscription, Disposed());
        await DisposeLanesAsync().ConfigureAwait(false);
    }

    private static ConcurrentDictionary<byte[], DeclaredChannel> NewTable() => new(ChannelBytesComparer.Instance);

    private async ValueTask AddAsync(RedisSubscription subscription, List<byte[]> names, CancellationToken cancellationToken)
    {
        ChannelWait wait = Declare(subscription, names);
        if (wait.Done.IsCompletedSuccessfully) return;
        Wake();
        TimeSpan timeout = _context.Options.CommandTimeout;
        try
        {
            await wait.Done.WaitAsync(timeout, _context.Options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or TimeoutException)
        {
            lock (_gate) TakeBack(wait);
            Wake();
            if (exception is OperationCanceledException) throw;
            RedisException? failure = _main.LastFailure;
            RedisTimeoutDetails details = TimeoutDetails.Of(_main.Current, _context, 0, failure?.Message);
            throw new RedisTimeoutException(Verb(subscription.Kind, leave: false), timeout, CommandOutcome.Unknown, details, failure);
        }
    }

    private ChannelWait Declare(RedisSubscription subscription, List<byte[]> names)
    {
        var wait = new ChannelWait(subscription);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(RedisClient));
            ObjectDisposedException.ThrowIf(subscription.IsEnded, subscription);
            if (_main.LastFailure is RedisConnectionException { IsTransient: false } hopeless) throw hopeless;
            _subscriptions.Add(subscription);
            wait.Missing = names.Count + 1;
            foreach (byte[] name in names)
            {
                DeclaredChannel channel = _channels[(int)subscription.Kind].GetOrAdd(name, bytes => new DeclaredChannel(subscription.Kind, bytes));
                wait.Names.Add(channel);
                if (subscription.Channels.Add(channel)) channel.Add(subscription);
                if (channel.State == ChannelState.Confirmed)
                {
                    wait.OneLess();
                    continue;
                }

                channel.Waits.Add(wait);
                _dirty.Add(channel);
                if (!subscription.IsLive) subscription.Awaited.Add(channel);
            }

            wait.OneLess();
            subscription.BeginIfWhole();
            if (subscription.Kind != RedisSubscriptionKind.Shard || _cluster is null) _main.Start();
        }

        return wait;
    }

    // Under the lock. A caller's wait failed: what he declared goes, but for what another caller of the same subscription got, or waits for.
    private void TakeBack(ChannelWait wait)
    {
        foreach (DeclaredChannel channel in wait.Names)
        {
            channel.Waits.Remove(wait);
            if (!wait.Reader.Channels.Contains(channel) || wait.Reader.Kept.Contains(channel)) continue;
            if (!channel.Waits.Exists(other => other.Reader == wait.Reader)) Withdraw(wait.Reader, channel);
        }
    }

    // Under the lock.
    private void Withdraw(RedisSubscription subscription, DeclaredChannel channel)
    {
        subscription.Channels.Remove(channel);
        subscription.Kept.Remove(channel);
        subscription.Awaited.Remove(channel);
        channel.Remove(subscription);
        foreach (ChannelWait wait in channel.Waits.Where(wait => wait.Reader == subscription).ToArray())
        {
            // Somebody removes what somebody else is still adding: the last word counts, and it is "removed".
            channel.Waits.Remove(wait);
            if (subscription.IsEnded) wait.Fail(new ObjectDisposedException(nameof(RedisSubscription), "The subscription ended while names were added to it."));
            else wait.OneLess();
        }

        if (!subscription.IsEnded) subscription.BeginIfWhole();
        if (channel.Readers.Length > 0) return;
        if (channel.State == ChannelState.Absent) Forget(channel);
        else _dirty.Add(channel);
    }

    // Under the lock: no connection, so the server knows of nothing that was asked for on it.
    private void BeginAfresh(SubscriptionLane lane)
    {
        foreach (DeclaredChannel channel in AllChannels().Where(channel => channel.Lane == lane).ToArray())
        {
            channel.State = ChannelState.Absent;
            channel.Lane = null;
            channel.Refusals = 0;
            if (channel.Readers.Length == 0) Forget(channel);
            else _dirty.Add(channel);
        }
    }

    // Under the lock.
    private void Forget(DeclaredChannel channel)
    {
        _channels[(int)channel.Kind].TryRemove(new KeyValuePair<byte[], DeclaredChannel>(channel.Name.Bytes, channel));
        _dirty.Remove(channel);
    }

    private IEnumerable<DeclaredChannel> AllChannels() => _channels.SelectMany(table => table.Values);

    private static void FailWaits(DeclaredChannel channel, Exception error)
    {
        foreach (ChannelWait wait in channel.Waits) wait.Fail(error);
    }

    private RedisConnectionException Disposed() =>
        new(ConnectionFailure.Disposed, string.Join(", ", _context.Options.Endpoints), "The subscription ended: the RedisClient was disposed.", CommandOutcome.Unknown);

    private static string Verb(RedisSubscriptionKind kind, bool leave) => kind switch
    {
        RedisSubscriptionKind.Pattern => leave ? "PUNSUBSCRIBE" : "PSUBSCRIBE",
        RedisSubscriptionKind.Shard => leave ? "SUNSUBSCRIBE" : "SSUBSCRIBE",
        _ => leave ? "UNSUBSCRIBE" : "SUBSCRIBE",
    };
}
