namespace RedisToolkit.Client;

/// <summary>How far the server follows what is declared of a name, on the connection in use.</summary>
internal enum ChannelState
{
    /// <summary>The server does not send its messages.</summary>
    Absent,

    /// <summary>It was asked for; nothing was heard yet.</summary>
    Asked,

    /// <summary>The server confirmed it: every message from here on arrives.</summary>
    Confirmed,

    /// <summary>The server was asked to stop.</summary>
    Leaving,
}

/// <summary>A name that somebody is subscribed to, or was until just now. All but <see cref="Readers"/>, <see cref="State"/> and <see cref="Lane"/> under the hub's lock.</summary>
internal sealed class DeclaredChannel(RedisSubscriptionKind kind, byte[] name)
{
    private volatile RedisSubscription[] _readers = [];
    private volatile ChannelState _state;
    private volatile SubscriptionLane? _lane;

    public RedisSubscriptionKind Kind => kind;

    public ChannelName Name { get; } = new(name);

    /// <summary>Gets who is to have its messages. The array never changes, so that the reading side needs no lock.</summary>
    public RedisSubscription[] Readers => _readers;

    public ChannelState State
    {
        get => _state;
        set => _state = value;
    }

    /// <summary>Gets or sets on which connection it was asked for; null while it is absent.</summary>
    public SubscriptionLane? Lane
    {
        get => _lane;
        set => _lane = value;
    }

    /// <summary>Gets the slot that a shard channel lies in.</summary>
    public int Slot { get; } = kind == RedisSubscriptionKind.Shard ? HashSlot.Of(name) : HashSlot.None;

    /// <summary>Gets who waits until the server confirms it.</summary>
    public List<ChannelWait> Waits { get; } = [];

    /// <summary>Gets or sets how often in a row the server refused it for the time being.</summary>
    public int Refusals { get; set; }

    public bool NeedsAsking => _state == ChannelState.Absent && _readers.Length > 0;

    public bool NeedsLeaving => _state == ChannelState.Confirmed && _readers.Length == 0;

    public void Add(RedisSubscription reader) => _readers = [.. _readers, reader];

    public void Remove(RedisSubscription reader) => _readers = [.. _readers.Where(other => other != reader)];
}

/// <summary>A caller who waits until the server has confirmed some names.</summary>
internal sealed class ChannelWait(RedisSubscription reader)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RedisSubscription Reader => reader;

    /// <summary>Gets the names that this caller asks for: those nobody else has got are taken back if he fails.</summary>
    public List<DeclaredChannel> Names { get; } = [];

    /// <summary>Gets or sets how many names are not confirmed yet.</summary>
    public int Missing { get; set; }

    public Task Done => _done.Task;

    public void OneLess()
    {
        if (--Missing > 0) return;
        reader.Kept.UnionWith(Names);
        _ = _done.TrySetResult();
    }

    public void Fail(Exception error) => _ = _done.TrySetException(error);
}
