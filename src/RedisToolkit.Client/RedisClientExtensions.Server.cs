using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace RedisToolkit.Client;

/// <content>The server itself.</content>
public static partial class RedisClientExtensions
{
    /// <summary>Asks the server for a sign of life, and takes the time. <c>PING</c>.</summary>
    /// <param name="redis">The client.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How long the answer took, waiting for a connection included. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<TimeSpan> PingAsync(this IRedisClient redis, CancellationToken cancellationToken = default)
    {
        long start = Stopwatch.GetTimestamp();
        _ = await redis.ExecuteAsync(RedisServerCommands.Ping(), cancellationToken).ConfigureAwait(false);
        return Stopwatch.GetElapsedTime(start);
    }

    /// <inheritdoc cref="RedisServerCommands.Time"/>
    /// <param name="redis">The client.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The server's time in UTC. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<DateTimeOffset> ServerTimeAsync(this IRedisClient redis, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisServerCommands.Time(), cancellationToken);

    /// <inheritdoc cref="RedisServerCommands.DatabaseSize"/>
    /// <param name="redis">The client.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The number of keys. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<long> DatabaseSizeAsync(this IRedisClient redis, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisServerCommands.DatabaseSize(), cancellationToken);

    /// <inheritdoc cref="RedisServerCommands.FlushDatabase"/>
    /// <param name="redis">The client.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>When the keys are gone. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<bool> FlushDatabaseAsync(this IRedisClient redis, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisServerCommands.FlushDatabase(), cancellationToken);
}
