using System.Runtime.CompilerServices;

namespace RedisToolkit.Client;

/// <summary>
/// Messages published on some channels, in the order in which the server sent them, each once. Made by
/// <see cref="IRedisClient.SubscribeAsync"/> and its siblings; ended by disposing it.
/// </summary>
/// <remarks>
/// <para>Read it with <c>await foreach</c>, one reader at a time. A lost connection is replaced, and all names are subscribed to
/// again; the reader then gets one entry of <see cref="RedisMessageKind.Gap"/>, behind every message that came before the loss.
/// It is handed out when the subscription is whole again, so that state that is read anew after a gap misses nothing that is
/// published later.</para>
/// <para>Names may be added and removed while it is read. Patterns that overlap bring a message once for each, as the server does.</para>
/// </remarks>
/// <example>
/// <code>
/// await using RedisSubscription news = await redis.SubscribeAsync(["news"]);
/// await foreach (RedisMessage message in news)
/// {
///     if (message.Kind == RedisMessageKind.Gap) await ReloadAsync();
///     else Show(message.Text);
/// }
/// </code>
/// </example>
public sealed class RedisSubscription : IAsyncEnumerable<RedisMessage>, IAsyncDisposable
{
    private readonly ISubscriptionOwner _owner;
    private volatile bool _live;
    private bool _interrupted;
    private int _readers;

    internal RedisSubscription(ISubscriptionOwner owner, RedisSubscriptionKind kind, MessageBuffer buffer)
    {
        _owner = owner;
        Kind = kind;
        Buffer = buffer;
    }

    /// <summary>Gets what its names stand for: channels, patterns or shard channels.</summary>
    public RedisSubscriptionKind Kind { get; }

    /// <summary>Gets a value indicating whether the server sends its messages at present. False while the connection is being replaced.</summary>
    public bool IsLive
    {
        get => _live;
        internal set => _live = value;
    }

    internal MessageBuffer Buffer { get; }

    // These under the owner's lock.
    internal HashSet<DeclaredChannel> Channels { get; } = [];

    /// <summary>Gets the names that the server must confirm before the subscription is whole.</summary>
    internal HashSet<DeclaredChannel> Awaited { get; } = [];

    /// <summary>Gets the names that some caller was told he has.</summary>
    internal HashSet<DeclaredChannel> Kept { get; } = [];

    internal bool IsEnded { get; set; }

    /// <summary>Adds names; one that is subscribed to already changes nothing.</summary>
    /// <param name="names">1 or more names, or patterns in a subscription to patterns.</param>
    /// <param name="cancellationToken">Ends the wait; the names are then taken back.</param>
    /// <returns>When the server has confirmed them: what is published on them from now on arrives.</returns>
    /// <exception cref="ArgumentException">There is no name, or one cannot be sent.</exception>
    /// <exception cref="RedisServerException">The server refused a name (code <c>NOPERM</c>); none of the new names is kept.</exception>
    /// <exception cref="RedisConnectionException">There is no connection, and trying again is in vain until a setting is changed.</exception>
    /// <exception cref="RedisTimeoutException">They were not confirmed within <see cref="RedisClientOptions.CommandTimeout"/>.</exception>
    /// <exception cref="ObjectDisposedException">The subscription has ended.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask AddAsync(IReadOnlyCollection<RedisArgument> names, CancellationToken cancellationToken = default) => _owner.AddAsync(this, names, cancellationToken);

    /// <summary>Removes names; one that is not subscribed to changes nothing.</summary>
    /// <param name="names">1 or more names.</param>
    /// <param name="cancellationToken">Prevents the removal if it is cancelled already.</param>
    /// <returns>When no further message of theirs is taken in; those held for the reader stay. The server is told in the background.</returns>
    /// <exception cref="ArgumentException">There is no name, or one cannot be sent.</exception>
    public ValueTask RemoveAsync(IReadOnlyCollection<RedisArgument> names, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled(cancellationToken);
        _owner.Remove(this, names);
        return ValueTask.CompletedTask;
    }

    /// <summary>Reads messages and gaps until the subscription is disposed.</summary>
    /// <param name="cancellationToken">Ends this reading; the subscription goes on, and may be read again.</param>
    /// <returns>Messages and gaps in order. Ends when the subscription is disposed.</returns>
    /// <exception cref="InvalidOperationException">Somebody else is reading it.</exception>
    /// <exception cref="RedisSubscriptionException">The reader was too slow, and <see cref="SlowReaderPolicy.EndSubscription"/> was asked for.</exception>
    /// <exception cref="RedisServerException">After a lost connection, the server refused to subscribe again.</exception>
    /// <exception cref="RedisConnectionException">The client was disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async IAsyncEnumerable<RedisMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _readers, 1) != 0)
            throw new InvalidOperationException("The subscription is being read already, and two readers would each get half of it. Let one reader pass messages on, or subscribe twice: the client shares one connection.");
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Buffer.TryRead(out RedisMessage entry)) yield return entry;
                else if (!await Buffer.WaitAsync(cancellationToken).ConfigureAwait(false)) yield break;
            }
        }
        finally
        {
            Volatile.Write(ref _readers, 0);
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerator<RedisMessage> GetAsyncEnumerator(CancellationToken cancellationToken = default) => ReadAllAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);

    /// <summary>Ends the subscription and its reading; what is held for the reader is dropped. Waits for no server: it is told in the background.</summary>
    /// <returns>At once.</returns>
    public ValueTask DisposeAsync()
    {
        _owner.End(this, null);
        Buffer.Close();
        return ValueTask.CompletedTask;
    }

    /// <summary>Under the owner's lock: the server no longer serves it. Messages that come until it is whole again are part of the gap.</summary>
    internal void Interrupt()
    {
        _interrupted |= _live;
        _live = false;
        Awaited.UnionWith(Channels);
    }

    /// <summary>Under the owner's lock: the server no longer serves one of its names.</summary>
    internal void Interrupt(DeclaredChannel channel)
    {
        _interrupted |= _live;
        _live = false;
        Awaited.Add(channel);
    }

    /// <summary>Under the owner's lock: takes messages from here on, if nothing is missing any more.</summary>
    internal void BeginIfWhole()
    {
        if (_live || Awaited.Count > 0 || Channels.Count == 0) return;
        if (_interrupted) Buffer.OfferGap();
        _interrupted = false;
        _live = true;
    }

    internal RedisSubscriptionException TooSlow() =>
        new($"The subscription was ended: its reader was too slow, and its buffer was full (RedisSubscriptionOptions.WhenFull is {nameof(SlowReaderPolicy.EndSubscription)}). Read faster, or raise RedisSubscriptionOptions.Buffer or RedisClientOptions.SubscriptionBuffer.");
}
