using RedisToolkit.Client;

namespace RedisToolkit.Conformance;

/// <summary>What tests say to a server all the time, in short.</summary>
public static class ClientCalls
{
    public static ValueTask<string?> EchoAsync(this IRedisClient redis, string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(redis);
        return redis.ExecuteAsync(RedisCommand.Create("ECHO", text), Replies.Text, cancellationToken);
    }

    public static ValueTask<long> IncrAsync(this IRedisClient redis, string key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(redis);
        return redis.ExecuteAsync(RedisCommand.Create("INCR", key), Replies.Integer, cancellationToken);
    }
}
