using System.Runtime.CompilerServices;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <content>Writing.</content>
public sealed partial class JsonRepository<TEntity, TId>
{
    private const int MostOfBatch = 512;
    private const int MostBytesOfBatch = 1024 * 1024;

    /// <summary>Stores an entity, whatever its key held before.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="entity">The entity.</param>
    /// <param name="timeToLive">How long to keep it; null for <see cref="JsonRepositoryOptions.TimeToLive"/>.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>When the server has it.</returns>
    /// <remarks><c>SET</c>, O(1). Values of other types are replaced too, as the server does.</remarks>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SetAsync(TId id, TEntity entity, TimeToLive? timeToLive = null, CancellationToken cancellationToken = default)
    {
        string key = Keys.Of(id);
        Expiry expiry = ForAnyKey(timeToLive);
        PooledBufferWriter bytes = _codec.Encode(entity);
        if (_former.Length == 0)
        {
            _ = await _redis.ExecuteAsync(RedisStrings.Set(key, bytes.Memory, expiry), cancellationToken).ConfigureAwait(false);
        }
        else
        {
            var batch = new RedisBatch();
            AddSet(batch, id, key, bytes, expiry);
            await RunAsync(batch, cancellationToken).ConfigureAwait(false);
        }

        bytes.Return();
    }

    /// <summary>Stores many entities, whatever their keys held before.</summary>
    /// <param name="entities">The entities with their ids. Of two with the same id, the last one stays.</param>
    /// <param name="timeToLive">How long to keep them; null for <see cref="JsonRepositoryOptions.TimeToLive"/>.</param>
    /// <param name="cancellationToken">Ends the wait. Commands already sent still take effect.</param>
    /// <returns>When the server has them all.</returns>
    /// <remarks>
    /// <c>SET</c> for each, 512 of them or 1 MiB in one round trip. They are not stored as one: when it fails, some may be stored. All ids
    /// are looked at before anything is sent.
    /// </remarks>
    public async ValueTask SetManyAsync(IReadOnlyCollection<KeyValuePair<TId, TEntity>> entities, TimeToLive? timeToLive = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entities);
        Expiry expiry = ForAnyKey(timeToLive);
        (TId Id, string Key, TEntity Entity)[] all = [.. entities.Select(pair => (pair.Key, Keys.Of(pair.Key), pair.Value ?? throw new ArgumentException($"The entity of the key '{Keys.Of(pair.Key)}' is null.", nameof(entities))))];
        var written = new List<PooledBufferWriter>(Math.Min(all.Length, MostOfBatch));
        for (int at = 0; at < all.Length;)
        {
            var batch = new RedisBatch();
            for (long bytes = 0; at < all.Length && written.Count < MostOfBatch && bytes < MostBytesOfBatch; at++)
            {
                PooledBufferWriter value = _codec.Encode(all[at].Entity);
                written.Add(value);
                bytes += value.Length;
                AddSet(batch, all[at].Id, all[at].Key, value, expiry);
            }

            await RunAsync(batch, cancellationToken).ConfigureAwait(false);
            foreach (PooledBufferWriter value in written) value.Return();
            written.Clear();
        }
    }

    /// <summary>Stores an entity if there is none yet.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="entity">The entity.</param>
    /// <param name="timeToLive">How long to keep it; null for <see cref="JsonRepositoryOptions.TimeToLive"/>.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>False if there was one, or the key holds anything else; then nothing was changed.</returns>
    /// <remarks><c>SET … NX</c>, O(1).</remarks>
    public ValueTask<bool> AddAsync(TId id, TEntity entity, TimeToLive? timeToLive = null, CancellationToken cancellationToken = default) =>
        SetIfAsync(id, entity, ForAnyKey(timeToLive), SetWhen.KeyIsMissing, cancellationToken);

    /// <summary>Stores an entity in place of the one that is there, whatever that is by now.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="entity">The entity.</param>
    /// <param name="timeToLive">How long to keep it; null for <see cref="JsonRepositoryOptions.TimeToLive"/>, <see cref="TimeToLive.Unchanged"/> to leave it.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>False if there is none; then nothing was stored.</returns>
    /// <remarks><c>SET … XX</c>, O(1).</remarks>
    public ValueTask<bool> ReplaceAsync(TId id, TEntity entity, TimeToLive? timeToLive = null, CancellationToken cancellationToken = default) =>
        SetIfAsync(id, entity, ForExistingKey(timeToLive), SetWhen.KeyExists, cancellationToken);

    /// <summary>Reads an entity, or makes and stores it if there is none.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="create">Makes the entity. Several callers may do so at once; one result is stored, and all of them get that one.</param>
    /// <param name="timeToLive">How long to keep one that is made; null for <see cref="JsonRepositoryOptions.TimeToLive"/>.</param>
    /// <param name="cancellationToken">Ends the wait; passed on to <paramref name="create"/>.</param>
    /// <returns>The entity that is stored.</returns>
    /// <exception cref="InvalidOperationException"><paramref name="create"/> made null.</exception>
    /// <remarks><c>GET</c>, and <c>SET … NX GET</c> if it is missing. Redis 7.0, Valkey 7.2.</remarks>
    public async ValueTask<TEntity> GetOrCreateAsync(TId id, Func<TId, CancellationToken, ValueTask<TEntity>> create, TimeToLive? timeToLive = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(create);
        string key = Keys.Of(id);
        Expiry expiry = ForAnyKey(timeToLive);
        if (await GetAsync(id, cancellationToken).ConfigureAwait(false) is { } there) return there;
        TEntity made = await create(id, cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidOperationException($"What was to be stored under the key '{key}' was made as null. Throw instead if it cannot be made.");
        PooledBufferWriter bytes = _codec.Encode(made);
        Stored<TEntity> before;
        try
        {
            RedisCommand command = RedisStrings.SetAndGet(key, bytes.Memory, expiry, SetWhen.KeyIsMissing).Command;
            before = await _redis.ExecuteAsync(command, _codec.Reader, cancellationToken).ConfigureAwait(false);
        }
        catch (RedisServerException refusal) when (KeyErrors.IsWrongType(refusal))
        {
            throw await ExplainAsync(key, refusal, cancellationToken).ConfigureAwait(false);
        }

        bytes.Return();
        return _codec.TryTake(before, key, withVersion: false, out TEntity? faster, out _) ? faster : made;
    }

    /// <summary>Gives an entity another time to live, without reading or writing it.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="timeToLive">How long to keep it from now on; null for <see cref="JsonRepositoryOptions.TimeToLive"/>.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>False if there is none.</returns>
    /// <remarks><c>PEXPIRE</c> or <c>PEXPIREAT</c>, or <c>PERSIST</c> and <c>EXISTS</c>, O(1). It does not look at what the key holds.</remarks>
    public async ValueTask<bool> TouchAsync(TId id, TimeToLive? timeToLive = null, CancellationToken cancellationToken = default)
    {
        _ = Keys.Of(id);
        TimeToLive chosen = timeToLive ?? Options.TimeToLive;
        _ = chosen.ForExistingKey(nameof(timeToLive));
        if (chosen.IsUnchanged) throw new ArgumentException("TimeToLive.Unchanged changes nothing. Choose a duration, or TimeToLive.Forever.", nameof(timeToLive));
        bool[] done;
        if (!chosen.IsForever)
        {
            done = await UnderAllNamesAsync(id, name => chosen.ForKey(name)!.Value, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            _ = await UnderAllNamesAsync(id, static name => RedisKeys.Persist(name), cancellationToken).ConfigureAwait(false);
            return await ExistsAsync(id, cancellationToken).ConfigureAwait(false);
        }

        return Array.IndexOf(done, true) >= 0;
    }

    /// <summary>Deletes an entity; the server frees its memory in the background.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>False if there was none.</returns>
    /// <remarks><c>UNLINK</c>, O(1). It does not look at what the key holds.</remarks>
    public async ValueTask<bool> DeleteAsync(TId id, CancellationToken cancellationToken = default)
    {
        string key = Keys.Of(id);
        if (_former.Length == 0) return await _redis.DeleteAsync(key, cancellationToken).ConfigureAwait(false);
        bool[] existed = await UnderAllNamesAsync(id, static name => RedisKeys.Delete(name), cancellationToken).ConfigureAwait(false);
        return Array.IndexOf(existed, true) >= 0;
    }

    /// <summary>Deletes many entities; the server frees their memory in the background.</summary>
    /// <param name="ids">Their ids. None is allowed.</param>
    /// <param name="cancellationToken">Ends the wait. Commands already sent still take effect.</param>
    /// <returns>How many keys there were; an entity that lay under a former name too counts twice.</returns>
    /// <remarks><c>UNLINK</c>, O(N), in one round trip, up to 256 KiB of keys. They are not deleted as one.</remarks>
    public ValueTask<long> DeleteManyAsync(IReadOnlyCollection<TId> ids, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        string[] keys = [.. AllNames().Reverse().SelectMany(names => ids.Select(names.Of))];
        return ManyKeys.DeleteAsync(_redis, keys, cancellationToken);
    }

    private void AddSet(RedisBatch batch, TId id, string key, PooledBufferWriter bytes, Expiry expiry)
    {
        _ = batch.Add(RedisStrings.Set(key, bytes.Memory, expiry));
        foreach (string former in FormerKeysOf(id)) _ = batch.Add(RedisKeys.Delete(former));
    }

    private async ValueTask RunAsync(RedisBatch batch, CancellationToken cancellationToken)
    {
        await _redis.ExecuteAsync(batch, cancellationToken).ConfigureAwait(false);
        foreach (BatchResult result in batch.Results)
        {
            if (result is BatchResult<bool> one) _ = one.Value;
        }
    }

    private async ValueTask<bool> SetIfAsync(TId id, TEntity entity, Expiry expiry, SetWhen when, CancellationToken cancellationToken)
    {
        string key = Keys.Of(id);
        PooledBufferWriter bytes = _codec.Encode(entity);
        await BringOverAsync(id, cancellationToken).ConfigureAwait(false);
        bool done = await _redis.ExecuteAsync(RedisStrings.Set(key, bytes.Memory, expiry, when), cancellationToken).ConfigureAwait(false);
        bytes.Return();
        return done;
    }
}
