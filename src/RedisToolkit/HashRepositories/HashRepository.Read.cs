using System.Runtime.CompilerServices;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <content>Reading whole entities.</content>
public sealed partial class HashRepository<TEntity, TId>
{
    /// <summary>Reads an entity.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The entity, or null if there is none.</returns>
    /// <remarks><c>HGETALL</c>, O(N) in the fields. Fields that the entity does not know are passed over.</remarks>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<TEntity?> GetAsync(TId id, CancellationToken cancellationToken = default)
    {
        string key = Keys.Of(id);
        Stored<TEntity> stored;
        try
        {
            stored = await _redis.ExecuteAsync(RedisHashes.GetAll(key).Command, _codec, cancellationToken).ConfigureAwait(false);
        }
        catch (RedisServerException refusal) when (IsWrongType(refusal))
        {
            throw await ExplainAsync(key, refusal, cancellationToken).ConfigureAwait(false);
        }

        return _codec.Take(stored, key);
    }

    /// <summary>Reads many entities.</summary>
    /// <param name="ids">Their ids, in any order; the same one may occur twice. None is allowed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>As many as ids, in their order; null where there is no entity.</returns>
    /// <remarks><c>HGETALL</c> for each, in one write up to 1,024 of them or 256 KiB of keys. They are not read as of one moment.</remarks>
    public async ValueTask<TEntity?[]> GetManyAsync(IReadOnlyCollection<TId> ids, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return await ReadManyAsync([.. ids.Select(Keys.Of)], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Looks whether there is an entity.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether there is one.</returns>
    /// <remarks><c>EXISTS</c>, O(1). It does not look at what the key holds.</remarks>
    public ValueTask<bool> ExistsAsync(TId id, CancellationToken cancellationToken = default) => _redis.ExistsAsync(Keys.Of(id), cancellationToken);

    /// <summary>Reads how long an entity will still be kept.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether there is one, and for how long.</returns>
    /// <remarks><c>PTTL</c>, O(1).</remarks>
    public ValueTask<KeyTimeToLive> GetTimeToLiveAsync(TId id, CancellationToken cancellationToken = default) => _redis.TimeToLiveAsync(Keys.Of(id), cancellationToken);

    /// <summary>Reads all entities, in no order, while others go on reading and writing.</summary>
    /// <param name="cancellationToken">Ends the walk.</param>
    /// <returns>
    /// The entities with their ids. One that is there all the time comes at least once, and may come twice when the server rearranges its
    /// keys meanwhile; one that is written or deleted meanwhile may come or not.
    /// </returns>
    /// <remarks><c>SCAN</c> and <c>HGETALL</c>, about 512 keys at a time; in all O(N) in the keys of the whole database, whatever they are.</remarks>
    public async IAsyncEnumerable<KeyValuePair<TId, TEntity>> EnumerateAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (string[] page in TypedKeyScan.PagesAsync(_redis, Keys.Pattern, Hash, cancellationToken).ConfigureAwait(false))
        {
            var ids = new List<TId>(page.Length);
            var keys = new List<string>(page.Length);
            foreach (string key in page)
            {
                if (!Keys.TryGetId(key, out TId? id)) continue;
                ids.Add(id);
                keys.Add(key);
            }

            if (ids.Count == 0) continue;
            TEntity?[] entities = await ReadManyAsync([.. keys], cancellationToken).ConfigureAwait(false);
            for (int i = 0; i < entities.Length; i++)
            {
                if (entities[i] is { } entity) yield return new KeyValuePair<TId, TEntity>(ids[i], entity);
            }
        }
    }

    private async ValueTask<TEntity?[]> ReadManyAsync(string[] keys, CancellationToken cancellationToken)
    {
        if (keys.Length == 0) return [];
        var batch = new RedisBatch();
        BatchResult<Stored<TEntity>>[] results = Array.ConvertAll(keys, key => batch.Add(RedisHashes.GetAll(key).Command, _codec));
        await _redis.ExecuteAsync(batch, cancellationToken).ConfigureAwait(false);
        var entities = new TEntity?[keys.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            if (results[i].Error is RedisServerException refusal && IsWrongType(refusal)) throw await ExplainAsync(keys[i], refusal, cancellationToken).ConfigureAwait(false);
            entities[i] = _codec.Take(results[i].Value, keys[i]);
        }

        return entities;
    }
}
