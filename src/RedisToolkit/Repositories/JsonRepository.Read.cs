using System.Runtime.CompilerServices;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <content>Reading.</content>
public sealed partial class JsonRepository<TEntity, TId>
{
    /// <summary>Reads an entity.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The entity, or null if there is none.</returns>
    /// <remarks><c>GET</c>, O(1).</remarks>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<TEntity?> GetAsync(TId id, CancellationToken cancellationToken = default)
    {
        string key = Keys.Of(id);
        if (_former.Length > 0) return (await FindAsync(id, versioned: false, cancellationToken).ConfigureAwait(false)).Entity;
        Stored<TEntity> stored = await ReadAsync(key, _codec.Reader, cancellationToken).ConfigureAwait(false);
        _ = _codec.TryTake(stored, key, withVersion: false, out TEntity? entity, out _);
        return entity;
    }

    /// <summary>Reads an entity with its version, to be given back when it is replaced or deleted.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Both, or null if there is no entity.</returns>
    /// <remarks><c>GET</c>, O(1).</remarks>
    public async ValueTask<Versioned<TEntity>?> GetVersionedAsync(TId id, CancellationToken cancellationToken = default)
    {
        (TEntity? entity, EntityVersion version) = await FindAsync(id, versioned: true, cancellationToken).ConfigureAwait(false);
        return entity is null ? null : new Versioned<TEntity>(entity, version);
    }

    /// <summary>Reads many entities.</summary>
    /// <param name="ids">Their ids, in any order; the same one may occur twice. None is allowed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>As many as ids, in their order; null where there is no entity.</returns>
    /// <remarks>
    /// <c>MGET</c>, O(N), in one round trip however many there are, up to 256 KiB of keys. It takes keys of another type for missing; so if any
    /// are missing, a second round trip (<c>EXISTS</c>) makes sure that they are.
    /// </remarks>
    public async ValueTask<TEntity?[]> GetManyAsync(IReadOnlyCollection<TId> ids, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var entities = new TEntity?[ids.Count];
        string[] keys = [.. ids.Select(Keys.Of)];
        await ManyKeys.ReadAsync(_redis, _codec, keys, [.. Enumerable.Range(0, keys.Length)], entities, cancellationToken).ConfigureAwait(false);
        int[] missing = Missing(entities);
        if (missing.Length == 0) return entities;
        await FindFormerAsync([.. ids], keys, entities, cancellationToken).ConfigureAwait(false);
        missing = Missing(entities);
        await ManyKeys.RequireMissingAsync(_redis, [.. missing.Select(place => keys[place])], cancellationToken).ConfigureAwait(false);
        return entities;
    }

    /// <summary>Looks whether there is an entity.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether there is one.</returns>
    /// <remarks><c>EXISTS</c>, O(1). It does not look at what the key holds.</remarks>
    public async ValueTask<bool> ExistsAsync(TId id, CancellationToken cancellationToken = default)
    {
        string key = Keys.Of(id);
        if (_former.Length == 0) return await _redis.ExistsAsync(key, cancellationToken).ConfigureAwait(false);
        bool[] exists = await UnderAllNamesAsync(id, static name => RedisKeys.Exists(name), cancellationToken).ConfigureAwait(false);
        return Array.IndexOf(exists, true) >= 0;
    }

    /// <summary>Reads how long an entity will still be kept.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether there is one, and for how long.</returns>
    /// <remarks><c>PTTL</c>, O(1).</remarks>
    public async ValueTask<KeyTimeToLive> GetTimeToLiveAsync(TId id, CancellationToken cancellationToken = default)
    {
        string key = Keys.Of(id);
        if (_former.Length == 0) return await _redis.TimeToLiveAsync(key, cancellationToken).ConfigureAwait(false);
        KeyTimeToLive[] times = await UnderAllNamesAsync(id, static name => RedisKeys.TimeToLive(name), cancellationToken).ConfigureAwait(false);
        return times.LastOrDefault(static time => time.KeyExists);
    }

    /// <summary>Reads all entities, in no order, while others go on reading and writing.</summary>
    /// <param name="cancellationToken">Ends the walk.</param>
    /// <returns>
    /// The entities with their ids. One that is there all the time comes at least once, and may come twice when the server rearranges its
    /// keys meanwhile; one that is written or deleted meanwhile may come or not.
    /// </returns>
    /// <remarks><c>SCAN</c> and <c>MGET</c>, about 512 keys at a time; in all O(N) in the keys of the whole database, whatever they are.</remarks>
    public async IAsyncEnumerable<KeyValuePair<TId, TEntity>> EnumerateAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (KeyTemplate<TEntity, TId> names in AllNames())
        {
            await foreach (string[] page in TypedKeyScan.PagesAsync(_redis, names.Pattern, "string", cancellationToken).ConfigureAwait(false))
            {
                TId[] ids = [.. IdsOf(page, names)];
                if (ids.Length == 0) continue;
                var entities = new TEntity?[ids.Length];
                if (ReferenceEquals(names, Keys))
                {
                    await ManyKeys.ReadAsync(_redis, _codec, [.. ids.Select(Keys.Of)], [.. Enumerable.Range(0, ids.Length)], entities, cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    entities = await ReadOnlyFormerAsync(ids, cancellationToken).ConfigureAwait(false);
                }

                for (int i = 0; i < ids.Length; i++)
                {
                    if (entities[i] is { } entity) yield return new KeyValuePair<TId, TEntity>(ids[i], entity);
                }
            }
        }
    }

    private static IEnumerable<TId> IdsOf(string[] keys, KeyTemplate<TEntity, TId> names)
    {
        foreach (string key in keys)
        {
            if (names.TryGetId(key, out TId? id)) yield return id;
        }
    }

    private static int[] Missing(TEntity?[] entities)
    {
        // Most often none is.
        int first = Array.IndexOf(entities, null);
        return first < 0 ? [] : [.. Enumerable.Range(first, entities.Length - first).Where(place => entities[place] is null)];
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Stored<TEntity>> ReadAsync(string key, ReplyReader<Stored<TEntity>> reader, CancellationToken cancellationToken)
    {
        try
        {
            return await _redis.ExecuteAsync(RedisStrings.Get(key).Command, reader, cancellationToken).ConfigureAwait(false);
        }
        catch (RedisServerException refusal) when (KeyErrors.IsWrongType(refusal))
        {
            throw await ExplainAsync(key, refusal, cancellationToken).ConfigureAwait(false);
        }
    }
}
