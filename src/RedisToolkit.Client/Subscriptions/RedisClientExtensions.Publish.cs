namespace RedisToolkit.Client;

/// <content>Publishing.</content>
public static partial class RedisClientExtensions
{
    /// <summary>Publishes a message to those who are subscribed to a channel now; nobody gets it later.</summary>
    /// <param name="redis">The client.</param>
    /// <param name="channel">The channel; any text or bytes.</param>
    /// <param name="message">The message; any text or bytes.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>How many subscribers got it; in a cluster only those of the node that was asked. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<long> PublishAsync(this IRedisClient redis, RedisArgument channel, RedisArgument message, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisPubSub.Publish(channel, message), cancellationToken);

    /// <summary>Publishes a message to those who are subscribed to a shard channel now; in a cluster it stays within the channel's shard.</summary>
    /// <param name="redis">The client.</param>
    /// <param name="channel">The shard channel; any text or bytes.</param>
    /// <param name="message">The message; any text or bytes.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>How many subscribers of the node got it. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<long> PublishShardedAsync(this IRedisClient redis, RedisArgument channel, RedisArgument message, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisPubSub.ShardPublish(channel, message), cancellationToken);
}
