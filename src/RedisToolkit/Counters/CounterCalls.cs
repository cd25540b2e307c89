using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>Sends what works on a counter, and says which key is wrong if it holds none.</summary>
internal static class CounterCalls
{
    private const string NoInteger = "it is no 64-bit integer, so no counter";

    public static async ValueTask<T> ExecuteAsync<T>(IRedisClient redis, RedisArgument key, RedisCommand command, ReplyReader<T> reply, CancellationToken cancellationToken)
    {
        try
        {
            return await redis.ExecuteAsync(command, reply, cancellationToken).ConfigureAwait(false);
        }
        catch (RedisServerException refusal) when (KeyErrors.IsWrongType(refusal))
        {
            throw await KeyErrors.ExplainAsync(redis, key, "string", refusal, cancellationToken).ConfigureAwait(false);
        }
        catch (RedisServerException refusal) when (refusal.ServerMessage.Contains("not an integer", StringComparison.Ordinal))
        {
            throw new RedisValueException(KeyErrors.Show(key.ToBytes()), NoInteger, refusal);
        }
        catch (RedisReplyException)
        {
            // It tells of the reply's bytes; the key is what helps.
            throw new RedisValueException(KeyErrors.Show(key.ToBytes()), NoInteger);
        }
        catch (RedisServerException refusal) when (refusal.ServerMessage.Contains("overflow", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"The counter at the key '{KeyErrors.Show(key.ToBytes())}' has not so many numbers left: it would pass 2^63 - 1. Nothing was changed.", refusal);
        }
    }
}
