using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>Asks the server what keys take.</summary>
internal static class KeyMemory
{
    /// <summary>Bytes of each key, in order; null for those that are gone.</summary>
    public static async ValueTask<long?[]> OfAsync(IRedisClient redis, IReadOnlyList<RedisBytes> keys, int elementSamples, CancellationToken cancellationToken)
    {
        var batch = new RedisBatch();
        var sizes = new BatchResult<long?>[keys.Count];
        for (int i = 0; i < sizes.Length; i++) sizes[i] = batch.Add(RedisCommand.Create("MEMORY", "USAGE", keys[i], "SAMPLES", elementSamples), Replies.IntegerOrNull);
        await redis.ExecuteAsync(batch, cancellationToken).ConfigureAwait(false);
        return Array.ConvertAll(sizes, static size => size.Value);
    }
}
