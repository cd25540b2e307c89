namespace RedisToolkit.Client;

/// <summary>How a subscription treats a reader that does not keep up. Make variants with <c>with</c>.</summary>
public sealed record RedisSubscriptionOptions
{
    /// <summary>Gets how many messages are held for the reader.</summary>
    /// <value>1 to 1,000,000; null, the default, means <see cref="RedisClientOptions.SubscriptionBuffer"/>.</value>
    public int? Buffer { get; init; }

    /// <summary>Gets what becomes of messages when the buffer is full. The connection, and other subscriptions, never wait for a reader.</summary>
    /// <value><see cref="SlowReaderPolicy.DropOldest"/> unless set.</value>
    public SlowReaderPolicy WhenFull { get; init; } = SlowReaderPolicy.DropOldest;

    internal RedisSubscriptionOptions Validated(int usualBuffer)
    {
        var faults = new OptionFaults();
        int buffer = Buffer ?? usualBuffer;
        faults.InRange(buffer, 1, 1_000_000, nameof(Buffer));
        faults.Defined(WhenFull);
        faults.ThrowIfAny(nameof(RedisSubscriptionOptions));
        return this with { Buffer = buffer };
    }
}

/// <summary>What becomes of messages for which a subscription has no room, since its reader is too slow. None is lost without a word.</summary>
public enum SlowReaderPolicy
{
    /// <summary>
    /// The oldest ones go, and a gap with their number stands in their place. The default: memory stays bounded, the newest state is
    /// kept, and the reader learns of the loss before it acts on what came after it, not after it has worked off the stale rest.
    /// </summary>
    DropOldest,

    /// <summary>The newest ones go, and a gap with their number stands in their place: for readers to whom the beginning matters.</summary>
    DropNewest,

    /// <summary>The subscription ends. Its reader gets what was held, and then a <see cref="RedisSubscriptionException"/>.</summary>
    EndSubscription,
}
