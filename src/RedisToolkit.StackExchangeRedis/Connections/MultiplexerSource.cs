using RedisToolkit.Client;
using Ser = StackExchange.Redis;

namespace RedisToolkit.StackExchangeRedis;

/// <summary>Where a client's commands go: one multiplexer, one that a factory still has to make, or the members of a pool.</summary>
internal abstract class MultiplexerSource : IAsyncDisposable
{
    private long _generation;

    /// <summary>A connection was lost, or a multiplexer took another's place.</summary>
    public event Action<ConnectionEvent>? Changed;

    /// <summary>Gets a number that rises whenever a connection is new: what was learned of a server before may no longer hold.</summary>
    public long Generation => Interlocked.Read(ref _generation);

    /// <summary>Gets the multiplexer for the next command at once; null if none was made yet.</summary>
    public abstract MultiplexerSlot? Current { get; }

    /// <summary>Gets the multiplexer that carries subscriptions; null if none was made yet.</summary>
    public abstract MultiplexerSlot? ForSubscriptions { get; }

    /// <summary>Waits until there is a multiplexer.</summary>
    /// <exception cref="RedisConnectionException">It could not be made; the next call tries again.</exception>
    public abstract Task ReadyAsync(CancellationToken cancellationToken);

    /// <summary>Disposes the multiplexers.</summary>
    public abstract ValueTask DisposeAsync();

    protected void Raise(in ConnectionEvent change)
    {
        if (change.IsUp) Interlocked.Increment(ref _generation);
        Changed?.Invoke(change);
    }
}

/// <summary>What became of a connection.</summary>
/// <param name="Slot">The multiplexer that it belongs to.</param>
/// <param name="IsUp">Whether it is there again, rather than lost.</param>
/// <param name="CarriesMessages">Whether subscriptions may have been on it.</param>
internal readonly record struct ConnectionEvent(MultiplexerSlot Slot, bool IsUp, bool CarriesMessages);

/// <summary>One multiplexer, with what is asked of it again and again.</summary>
internal sealed class MultiplexerSlot
{
    // From 2.7 on a RESP3 connection carries messages as well, and its events do not say so.
    private static readonly bool OneConnectionMayCarryBoth = typeof(Ser.IConnectionMultiplexer).Assembly.GetName().Version is { Major: >= 2 };
    private readonly Action<ConnectionEvent> _changed;

    public MultiplexerSlot(Ser.IConnectionMultiplexer multiplexer, int? database, Action<ConnectionEvent> changed, PoolMember? member = null)
    {
        Multiplexer = multiplexer;
        Member = member;
        Database = multiplexer.GetDatabase(database ?? -1, null);
        Subscriber = multiplexer.GetSubscriber(null);
        _changed = changed;
        RedisEndpoint[] endpoints = [.. multiplexer.GetEndPoints(false).Select(OwnEndpoint)];
        Endpoint = string.Join<RedisEndpoint>(", ", endpoints);
        Identity = endpoints.Length == 0 ? NotKnown : new ServerIdentity(endpoints[0], ServerGreeting.Unknown, Database.Database);
        multiplexer.ConnectionFailed += OnFailed;
        multiplexer.ConnectionRestored += OnRestored;
    }

    public Ser.IConnectionMultiplexer Multiplexer { get; }

    /// <summary>Gets its place in a pool, if it has one.</summary>
    public PoolMember? Member { get; }

    public Ser.IDatabase Database { get; }

    public Ser.ISubscriber Subscriber { get; }

    /// <summary>Gets what stands for a server of which nothing is known yet.</summary>
    public static ServerIdentity NotKnown { get; } = new(new RedisEndpoint("unknown"), ServerGreeting.Unknown, 0);

    /// <summary>Gets the server that measurements are about: the first one, where there are several.</summary>
    public ServerIdentity Identity { get; }

    /// <summary>Gets the servers' addresses, for messages.</summary>
    public string Endpoint { get; }

    /// <summary>Gets how many commands of all its users it has not answered. For messages: counting takes a while.</summary>
    public int InFlight
    {
        get
        {
            try
            {
                return (int)Math.Min(Multiplexer.GetCounters().TotalOutstanding, int.MaxValue);
            }
            catch (ObjectDisposedException)
            {
                return 0;
            }
        }
    }

    public bool IsConnected => Multiplexer.IsConnected;

    /// <summary>A command is sent over it.</summary>
    public void Enter() => Member?.Enter();

    /// <summary>The command has come back.</summary>
    public void Leave() => Member?.Leave();

    /// <summary>Listens to it no more.</summary>
    public void Detach()
    {
        Multiplexer.ConnectionFailed -= OnFailed;
        Multiplexer.ConnectionRestored -= OnRestored;
    }

    private void OnFailed(object? sender, Ser.ConnectionFailedEventArgs e) => _changed(new ConnectionEvent(this, IsUp: false, CarriesMessages(e)));

    private void OnRestored(object? sender, Ser.ConnectionFailedEventArgs e) => _changed(new ConnectionEvent(this, IsUp: true, CarriesMessages(e)));

    private static bool CarriesMessages(Ser.ConnectionFailedEventArgs e) => OneConnectionMayCarryBoth || e.ConnectionType == Ser.ConnectionType.Subscription;

    private static RedisEndpoint OwnEndpoint(System.Net.EndPoint endpoint) => endpoint switch
    {
        System.Net.DnsEndPoint named => new RedisEndpoint(named.Host, named.Port),
        System.Net.IPEndPoint numbered => new RedisEndpoint(numbered.Address.ToString(), numbered.Port),
        _ => RedisEndpoint.Unix(endpoint.ToString() ?? "unknown"),
    };
}
