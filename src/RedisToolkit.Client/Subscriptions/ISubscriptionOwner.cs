namespace RedisToolkit.Client;

/// <summary>Who keeps a subscription's names subscribed to, and feeds its buffer.</summary>
internal interface ISubscriptionOwner
{
    /// <summary>Subscribes to further names; those of a call that fails are taken back.</summary>
    ValueTask AddAsync(RedisSubscription subscription, IReadOnlyCollection<RedisArgument> names, CancellationToken cancellationToken);

    /// <summary>Takes in no further message of these names.</summary>
    void Remove(RedisSubscription subscription, IReadOnlyCollection<RedisArgument> names);

    /// <summary>Ends a subscription: it hears nothing more, and the server is told when nobody else listens.</summary>
    void End(RedisSubscription subscription, Exception? error);
}
