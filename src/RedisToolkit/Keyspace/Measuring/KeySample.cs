using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>Draws keys at random.</summary>
internal static class KeySample
{
    private const int BatchSize = 250;

    /// <summary>Draws keys of all primaries, of each as many as its share of all keys is; one may come several times.</summary>
    /// <param name="primaries">The primaries.</param>
    /// <param name="sizes">How many keys each has.</param>
    /// <param name="count">How many to draw.</param>
    /// <param name="visit">Is given what was drawn, some at a time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many were drawn: fewer if the database was emptied meanwhile.</returns>
    public static async ValueTask<long> DrawAsync(
        IReadOnlyList<Primary> primaries, long[] sizes, int count, Func<Primary, List<RedisBytes>, ValueTask> visit, CancellationToken cancellationToken)
    {
        long drawn = 0, wanted = 0, before = 0, all = sizes.Sum();
        for (int at = 0; at < primaries.Count; at++)
        {
            // The shares are rounded so that they add up.
            before += sizes[at];
            long until = (long)(count * (decimal)before / all);
            while (wanted < until)
            {
                int some = (int)Math.Min(BatchSize, until - wanted);
                List<RedisBytes> keys = await DrawAsync(primaries[at].Redis, some, cancellationToken).ConfigureAwait(false);
                await visit(primaries[at], keys).ConfigureAwait(false);
                wanted += some;
                drawn += keys.Count;
            }
        }

        return drawn;
    }

    private static async ValueTask<List<RedisBytes>> DrawAsync(IRedisClient redis, int count, CancellationToken cancellationToken)
    {
        var batch = new RedisBatch();
        var keys = new BatchResult<byte[]?>[count];
        for (int i = 0; i < count; i++) keys[i] = batch.Add(RedisCommand.Create("RANDOMKEY"), Replies.Bytes);
        await redis.ExecuteAsync(batch, cancellationToken).ConfigureAwait(false);
        var drawn = new List<RedisBytes>(count);
        foreach (BatchResult<byte[]?> key in keys)
        {
            if (key.Value is { } bytes) drawn.Add(new RedisBytes(bytes));
        }

        return drawn;
    }
}
