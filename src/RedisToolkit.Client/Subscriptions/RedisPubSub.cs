namespace RedisToolkit.Client;

/// <summary>Commands that publish, for <see cref="IRedisClient"/> as well as for batches and transactions.</summary>
public static class RedisPubSub
{
    private static readonly CommandHeader PublishHeader = CommandHeader.Of("PUBLISH");
    private static readonly CommandHeader ShardPublishHeader = CommandHeader.Of("SPUBLISH");

    /// <summary>Publishes a message to those who are subscribed to a channel now; nobody gets it later.</summary>
    /// <param name="channel">The channel; any text or bytes.</param>
    /// <param name="message">The message; any text or bytes.</param>
    /// <returns>
    /// The command; its reply is how many subscribers got it, in a cluster only those of the node that was asked.
    /// <c>PUBLISH</c>, O(N+M) in subscribers of the channel and in patterns, Redis 2.0, Valkey 7.2.
    /// </returns>
    public static RedisCommand<long> Publish(RedisArgument channel, RedisArgument message) => new(new RedisCommand(PublishHeader, channel, message), Replies.Integer);

    /// <summary>Publishes a message to those who are subscribed to a shard channel now; in a cluster it stays within the channel's shard.</summary>
    /// <param name="channel">The shard channel; any text or bytes.</param>
    /// <param name="message">The message; any text or bytes.</param>
    /// <returns>The command; its reply is how many subscribers of the node got it. <c>SPUBLISH</c>, O(N) in them, Redis 7.0, Valkey 7.2.</returns>
    public static RedisCommand<long> ShardPublish(RedisArgument channel, RedisArgument message) => new(new RedisCommand(ShardPublishHeader, channel, message), Replies.Integer);
}
