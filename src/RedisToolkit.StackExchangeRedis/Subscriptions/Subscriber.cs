using System.Collections.Concurrent;
using RedisToolkit.Client;
using Ser = StackExchange.Redis;

namespace RedisToolkit.StackExchangeRedis;

/// <summary>
/// All subscriptions of a client. The multiplexer subscribes again by itself after a lost connection; here it is noted what was missed
/// meanwhile, and confirmed that every name is served before a subscription counts as whole.
/// </summary>
internal sealed partial class Subscriber : ISubscriptionOwner, IAsyncDisposable
{
    private readonly CommandContext _context;
    private readonly Lock _gate = new();
    // One change at the multiplexer at a time: whoever subscribes must not overtake who unsubscribes.
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly CancellationTokenSource _disposing = new();
    private readonly CancellationToken _ended;
    private readonly ConcurrentDictionary<byte[], Listening>[] _names = [NewTable(), NewTable()];
    private readonly HashSet<RedisSubscription> _subscriptions = [];
    private Task _background = Task.CompletedTask;
    private bool _disposed;

    public Subscriber(CommandContext context)
    {
        _ended = _disposing.Token;
        _context = context;
        context.Source.Changed += OnChanged;
    }

    public async ValueTask<RedisSubscription> SubscribeAsync(
        RedisSubscriptionKind kind, IReadOnlyCollection<RedisArgument> names, RedisSubscriptionOptions? options, CancellationToken cancellationToken)
    {
        RedisSubscriptionOptions validated = (options ?? new RedisSubscriptionOptions()).Validated(_context.Options.SubscriptionBuffer);
        List<byte[]> checkedNames = Check(names);
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
        List<byte[]> checkedNames = Check(names);
        return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled(cancellationToken) : AddAsync(subscription, checkedNames, cancellationToken);
    }

    public void Remove(RedisSubscription subscription, IReadOnlyCollection<RedisArgument> names)
    {
        List<byte[]> checkedNames = Check(names);
        lock (_gate)
        {
            foreach (byte[] name in checkedNames)
            {
                if (Table(subscription.Kind).TryGetValue(name, out Listening? listening)) Withdraw(subscription, listening);
            }
        }

        BeginReconciling();
    }

    public void End(RedisSubscription subscription, Exception? error)
    {
        lock (_gate)
        {
            if (!_subscriptions.Remove(subscription) && subscription.IsEnded) return;
            subscription.IsEnded = true;
            subscription.IsLive = false;
            foreach (DeclaredChannel channel in subscription.Channels.ToArray())
            {
                if (Table(subscription.Kind).TryGetValue(channel.Name.Bytes, out Listening? listening)) Withdraw(subscription, listening);
            }
        }

        subscription.Buffer.End(error);
        BeginReconciling();
    }

    public async ValueTask DisposeAsync()
    {
        RedisSubscription[] all;
        Task background;
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            all = [.. _subscriptions];
        }

        _context.Source.Changed -= OnChanged;
        foreach (RedisSubscription subscription in all) End(subscription, Disposed());
        await _disposing.CancelAsync().ConfigureAwait(false);
        lock (_gate) background = _background;
        await background.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // What is still subscribed to belongs to a multiplexer that may live on: it is told in any case, and not waited for.
        foreach (Listening listening in AllNames().ToArray()) Abandon(listening);
        _disposing.Dispose();
    }

    private static ConcurrentDictionary<byte[], Listening> NewTable() => new(ChannelBytesComparer.Instance);

    private List<byte[]> Check(IReadOnlyCollection<RedisArgument> names)
    {
        List<byte[]> checkedNames = ChannelNames.Check(names, _context.Options.MaxArgumentBytes);
        if (checkedNames.Exists(static name => name.Length == 0)) throw new ArgumentException("A name is empty, and StackExchange.Redis subscribes to none that is.", nameof(names));
        return checkedNames;
    }

    private async ValueTask AddAsync(RedisSubscription subscription, List<byte[]> names, CancellationToken cancellationToken)
    {
        List<Listening> added = Declare(subscription, names);
        TimeSpan timeout = _context.Options.CommandTimeout;
        using var limit = new CancellationTokenSource(timeout, _context.Options.TimeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token, _ended);
        try
        {
            if (_context.Source.ForSubscriptions is null) await _context.Source.ReadyAsync(either.Token).ConfigureAwait(false);
            await ReconcileAsync(added, either.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            lock (_gate)
            {
                foreach (Listening listening in added)
                {
                    if (!subscription.Kept.Contains(listening.Channel)) Withdraw(subscription, listening);
                }
            }

            BeginReconciling();
            if (exception is OperationCanceledException && cancellationToken.IsCancellationRequested) throw new OperationCanceledException("The wait for the names to be subscribed to was cancelled; nothing is subscribed to.", cancellationToken);
            if (exception is not OperationCanceledException) throw;
            if (_disposed) throw Disposed();
            MultiplexerSlot? slot = _context.Source.ForSubscriptions;
            RedisTimeoutDetails details = Faults.Details(slot?.Endpoint ?? "the multiplexer's server", slot?.IsConnected ?? false, 0, null);
            throw new RedisTimeoutException(subscription.Kind == RedisSubscriptionKind.Pattern ? "PSUBSCRIBE" : "SUBSCRIBE", timeout, CommandOutcome.Unknown, details, exception);
        }

        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(subscription.IsEnded, subscription);
            foreach (Listening listening in added) subscription.Kept.Add(listening.Channel);
        }
    }

    private List<Listening> Declare(RedisSubscription subscription, List<byte[]> names)
    {
        var added = new List<Listening>(names.Count);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(StackExchangeRedisClient));
            ObjectDisposedException.ThrowIf(subscription.IsEnded, subscription);
            _subscriptions.Add(subscription);
            foreach (byte[] name in names)
            {
                Listening listening = Table(subscription.Kind).GetOrAdd(name, bytes => new Listening(new DeclaredChannel(subscription.Kind, bytes), Deliver));
                added.Add(listening);
                if (subscription.Channels.Add(listening.Channel)) listening.Channel.Add(subscription);
                if (listening.Channel.State != ChannelState.Confirmed && !subscription.IsLive) subscription.Awaited.Add(listening.Channel);
            }

            subscription.BeginIfWhole();
        }

        return added;
    }

    // Under the lock.
    private static void Withdraw(RedisSubscription subscription, Listening listening)
    {
        if (!subscription.Channels.Remove(listening.Channel)) return;
        subscription.Kept.Remove(listening.Channel);
        subscription.Awaited.Remove(listening.Channel);
        listening.Channel.Remove(subscription);
        if (!subscription.IsEnded) subscription.BeginIfWhole();
    }

    private ConcurrentDictionary<byte[], Listening> Table(RedisSubscriptionKind kind) => _names[kind == RedisSubscriptionKind.Pattern ? 1 : 0];

    private IEnumerable<Listening> AllNames() => _names.SelectMany(static table => table.Values);

    private void Deliver(DeclaredChannel declared, Ser.RedisChannel channel, Ser.RedisValue payload)
    {
        RedisMessage? message = null;
        foreach (RedisSubscription subscription in declared.Readers)
        {
            if (!subscription.IsLive) continue;
            message ??= declared.Kind == RedisSubscriptionKind.Pattern
                ? new RedisMessage(new ChannelName(channel!), declared.Name, (byte[]?)payload ?? [])
                : new RedisMessage(declared.Name, null, (byte[]?)payload ?? []);
            if (!subscription.Buffer.Offer(message.Value)) End(subscription, subscription.TooSlow());
        }
    }

    private RedisConnectionException Disposed() => new(
        ConnectionFailure.Disposed, _context.Source.ForSubscriptions?.Endpoint ?? "the multiplexer's server", "The subscription ended: the StackExchangeRedisClient was disposed.", CommandOutcome.Unknown);
}
