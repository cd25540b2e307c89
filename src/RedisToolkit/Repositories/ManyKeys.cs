using System.Buffers;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>
/// Commands on many keys, in few commands and one write. Nothing relies on a command with many keys being atomic: how keys are divided
/// among commands is decided here alone (on a cluster, by slot).
/// </summary>
internal static class ManyKeys
{
    // Long enough that a command's own cost vanishes, short enough that other callers' commands come in between, and that the replies
    // of usual entities fit the receive buffers that the client keeps: beyond 1 MiB it makes a new one each time.
    private const int MostOfCommand = 128;

    private delegate RedisCommand<long> OfKeys(params ReadOnlySpan<RedisArgument> keys);

    /// <summary>Reads what keys hold; places whose keys are missing, or hold no string, stay as they are.</summary>
    /// <param name="redis">The client.</param>
    /// <param name="codec">Decodes.</param>
    /// <param name="keys">A key for each place.</param>
    /// <param name="places">Which places are to be filled.</param>
    /// <param name="into">The places.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async ValueTask ReadAsync<TEntity>(
        IRedisClient redis, EntityCodec<TEntity> codec, string[] keys, int[] places, TEntity?[] into, CancellationToken cancellationToken)
        where TEntity : class
    {
        if (places.Length is > 0 and <= MostOfCommand)
        {
            var reader = new EntitiesReader<TEntity>(codec, into, places);
            _ = await redis.ExecuteAsync(Read(keys, places), reader, cancellationToken).ConfigureAwait(false);
            reader.Finish(place => keys[place]);
            return;
        }

        var batch = new RedisBatch();
        var readers = new List<(EntitiesReader<TEntity> Reader, BatchResult<bool> Result)>();
        for (int from = 0; from < places.Length; from += MostOfCommand)
        {
            Memory<int> part = places.AsMemory(from, Math.Min(MostOfCommand, places.Length - from));
            var reader = new EntitiesReader<TEntity>(codec, into, part);
            readers.Add((reader, batch.Add(Read(keys, part.Span), reader)));
        }

        if (batch.Count == 0) return;
        await redis.ExecuteAsync(batch, cancellationToken).ConfigureAwait(false);
        foreach ((EntitiesReader<TEntity> reader, BatchResult<bool> result) in readers)
        {
            _ = result.Value;
            reader.Finish(place => keys[place]);
        }
    }

    /// <summary>Deletes keys.</summary>
    /// <returns>How many existed.</returns>
    public static ValueTask<long> DeleteAsync(IRedisClient redis, string[] keys, CancellationToken cancellationToken) =>
        SumAsync(redis, keys, RedisKeys.DeleteMany, cancellationToken);

    /// <summary>Refuses keys that a reading command took for missing since they hold another type.</summary>
    /// <exception cref="RedisKeyTypeException">One does.</exception>
    public static async ValueTask RequireMissingAsync(IRedisClient redis, string[] keys, CancellationToken cancellationToken)
    {
        if (keys.Length == 0 || await SumAsync(redis, keys, RedisKeys.CountExisting, cancellationToken).ConfigureAwait(false) == 0) return;
        var batch = new RedisBatch();
        BatchResult<string>[] types = [.. keys.Select(key => batch.Add(RedisKeys.Type(key)))];
        await redis.ExecuteAsync(batch, cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < keys.Length; i++)
        {
            // A string was written since, and was missing when it was read.
            if (types[i].Value is not ("none" or "string")) throw new RedisKeyTypeException(keys[i], "string", types[i].Value);
        }
    }

    private static RedisCommand Read(string[] keys, ReadOnlySpan<int> places)
    {
        RedisArgument[] arguments = ArrayPool<RedisArgument>.Shared.Rent(places.Length);
        for (int i = 0; i < places.Length; i++) arguments[i] = keys[places[i]];
        RedisCommand command = RedisStrings.GetMany(arguments.AsSpan(0, places.Length)).Command;
        ArrayPool<RedisArgument>.Shared.Return(arguments, clearArray: true);
        return command;
    }

    private static async ValueTask<long> SumAsync(IRedisClient redis, string[] keys, OfKeys command, CancellationToken cancellationToken)
    {
        if (keys.Length == 0) return 0;
        if (keys.Length <= MostOfCommand) return await redis.ExecuteAsync(command(Arguments(keys)), cancellationToken).ConfigureAwait(false);
        var batch = new RedisBatch();
        BatchResult<long>[] counts = [.. keys.Chunk(MostOfCommand).Select(part => batch.Add(command(Arguments(part))))];
        await redis.ExecuteAsync(batch, cancellationToken).ConfigureAwait(false);
        return counts.Sum(count => count.Value);
    }

    private static RedisArgument[] Arguments(string[] keys) => Array.ConvertAll(keys, static key => (RedisArgument)key);
}
