using System.Threading.Channels;

namespace RedisToolkit.Client;

/// <summary>
/// One of the connections on which a client listens. There is one, but in a cluster: there, shard channels are subscribed to at the nodes that
/// serve their slots, on a connection to each such node.
/// </summary>
internal sealed class SubscriptionLane : IConnectionKeeper, IPushSink, IAsyncDisposable
{
    // One request at a time, and a heartbeat.
    private const int RingCapacity = 16;
    private readonly SubscriptionHub _hub;
    private readonly KeptConnection _kept;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private RedisException? _lastFailure;
    private SubscribeRequest? _request;
    private bool _started;

    /// <param name="hub">Knows what is declared.</param>
    /// <param name="context">What the client's connections share.</param>
    /// <param name="node">Finds the server, given how many attempts have failed in a row.</param>
    public SubscriptionLane(SubscriptionHub hub, ConnectionContext context, Func<int, ServerNode> node)
    {
        _hub = hub;
        _kept = new KeptConnection(context, node, this, RingCapacity);
    }

    /// <summary>Gets the connection, if one is up.</summary>
    public RedisConnection? Current => _kept.Current;

    /// <summary>Gets or sets why there is no connection; null once there is one.</summary>
    public RedisException? LastFailure
    {
        get => Volatile.Read(ref _lastFailure);
        set => Volatile.Write(ref _lastFailure, value);
    }

    /// <summary>Gets or sets the request that is under way; null before the first.</summary>
    public SubscribeRequest? Request
    {
        get => Volatile.Read(ref _request);
        set => Volatile.Write(ref _request, value);
    }

    /// <summary>Begins to connect, the first time that it is called. Under the hub's lock.</summary>
    public void Start()
    {
        if (!_started) _kept.Start();
        _started = true;
    }

    /// <summary>Lets the loop look for something to do.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Waits until there may be something to do.</summary>
    public async ValueTask WaitAsync(CancellationToken ended) => _ = await _wake.Reader.ReadAsync(ended).ConfigureAwait(false);

    public void Prepare(RedisConnection connection)
    {
        connection.Pushes = this;
        // In RESP2 a connection that subscribes takes no ECHO; and no caller's reply travels on this one.
        connection.IsVerifiable = false;
    }

    public Task ServeAsync(RedisConnection connection, CancellationToken ended) => _hub.ServeAsync(this, connection, ended);

    public void Failed(RedisEndpoint endpoint, Exception exception) => _hub.Failed(this, endpoint, exception);

    public void Step(long now)
    {
        // A request has its deadline in the connection's ring; there is nothing else to look for.
    }

    public bool TakesArray(ReadOnlySpan<byte> frame) => SubscriptionHub.TakesArray(frame);

    public void OnPush(ReadOnlySpan<byte> frame) => _hub.OnPush(this, frame);

    public void OnEnded() => _hub.OnEnded(this);

    public ValueTask DisposeAsync() => _kept.DisposeAsync();
}
