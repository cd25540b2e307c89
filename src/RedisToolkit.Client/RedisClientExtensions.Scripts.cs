using System.Runtime.CompilerServices;

namespace RedisToolkit.Client;

/// <content>Scripts and functions.</content>
public static partial class RedisClientExtensions
{
    /// <summary>Calls a Lua script.</summary>
    /// <typeparam name="T">What the reply becomes.</typeparam>
    /// <param name="redis">The client.</param>
    /// <param name="script">The script.</param>
    /// <param name="keys">The keys that it touches, all of them: <c>KEYS[1]</c> and so on.</param>
    /// <param name="arguments">What else it is told: <c>ARGV[1]</c> and so on.</param>
    /// <param name="reply">The shape of its reply.</param>
    /// <param name="cancellationToken">Ends the wait. A script that was sent still takes effect.</param>
    /// <returns>The reply. Await it once. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    /// <remarks><c>EVALSHA</c>, one round trip; a second one with <c>EVAL</c>, within the same deadline, when the server does not know the script.</remarks>
    public static ValueTask<T> EvaluateAsync<T>(
        this IRedisClient redis,
        LuaScript script,
        ReadOnlySpan<RedisArgument> keys,
        ReadOnlySpan<RedisArgument> arguments,
        ReplyReader<T> reply,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(redis);
        ArgumentNullException.ThrowIfNull(script);
        return redis.ExecuteAsync(script.Call(keys, arguments), reply, cancellationToken);
    }

    /// <inheritdoc cref="RedisFunctions.Load"/>
    /// <param name="redis">The client.</param>
    /// <param name="library">The library.</param>
    /// <param name="replace">Whether to take the place of one with the same name; else that is an error.</param>
    /// <param name="cancellationToken">Ends the wait. A library that was sent is still loaded.</param>
    /// <returns>The library's name. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<string?> LoadFunctionsAsync(this IRedisClient redis, RedisFunctionLibrary library, bool replace = true, CancellationToken cancellationToken = default) =>
        redis.ExecuteAsync(RedisFunctions.Load(library, replace), cancellationToken);

    /// <summary>Calls a function.</summary>
    /// <typeparam name="T">What the reply becomes.</typeparam>
    /// <param name="redis">The client.</param>
    /// <param name="function">The function's name, as its library registered it.</param>
    /// <param name="keys">The keys that it touches, all of them.</param>
    /// <param name="arguments">What else it is told.</param>
    /// <param name="reply">The shape of its reply.</param>
    /// <param name="cancellationToken">Ends the wait. A function that was called still takes effect.</param>
    /// <returns>The reply. Await it once. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.</returns>
    public static ValueTask<T> CallAsync<T>(
        this IRedisClient redis,
        RedisArgument function,
        ReadOnlySpan<RedisArgument> keys,
        ReadOnlySpan<RedisArgument> arguments,
        ReplyReader<T> reply,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(redis);
        return redis.ExecuteAsync(RedisFunctions.Call(function, keys, arguments), reply, cancellationToken);
    }

    /// <summary>Calls a function of a library, which is loaded, once, if the server does not have the function: it was started without its data.</summary>
    /// <typeparam name="T">What the reply becomes.</typeparam>
    /// <param name="redis">The client.</param>
    /// <param name="library">The library that has the function. Another one of that name is replaced.</param>
    /// <param name="call">The call, by <see cref="RedisFunctions.Call"/> or <see cref="RedisFunctions.CallReadOnly"/>.</param>
    /// <param name="reply">The shape of its reply.</param>
    /// <param name="cancellationToken">Ends the wait. A function that was called still takes effect.</param>
    /// <returns>
    /// The reply. Await it once. Exceptions are those of <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/>.
    /// Loading and the second call have deadlines of their own.
    /// </returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<T> CallAsync<T>(
        this IRedisClient redis,
        RedisFunctionLibrary library,
        RedisCommand call,
        ReplyReader<T> reply,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(redis);
        ArgumentNullException.ThrowIfNull(library);
        if (call.Name is not ("FCALL" or "FCALL_RO")) throw new ArgumentException($"The call is {call.Name}. Make one with RedisFunctions.Call or RedisFunctions.CallReadOnly.", nameof(call));
        try
        {
            return await redis.ExecuteAsync(call, reply, cancellationToken).ConfigureAwait(false);
        }
        catch (RedisServerException refusal) when (refusal.Code == RedisErrorCode.Error && refusal.ServerMessage.Contains("Function not found", StringComparison.OrdinalIgnoreCase))
        {
            // It was not executed, so it may be called again once its library is there.
        }

        _ = await redis.LoadFunctionsAsync(library, replace: true, cancellationToken).ConfigureAwait(false);
        return await redis.ExecuteAsync(call, reply, cancellationToken).ConfigureAwait(false);
    }
}
