using RedisToolkit.Client;

namespace RedisToolkit;

/// <content>Writing whole entities.</content>
public sealed partial class HashRepository<TEntity, TId>
{
    private const int MostOfBatch = 512;
    private const int MostBytesOfBatch = 1024 * 1024;

    /// <summary>Stores an entity, whatever its key held before: fields that it does not have are gone.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="entity">The entity.</param>
    /// <param name="timeToLive">How long to keep it; null for <see cref="HashRepositoryOptions.TimeToLive"/>.</param>
    /// <param name="cancellationToken">Ends the wait. A script already sent still takes effect.</param>
    /// <returns>When the server has it.</returns>
    /// <remarks>One script (<c>UNLINK</c>, <c>HSET</c>, <c>PEXPIRE</c>), O(N) in the fields. Values of other types are replaced too.</remarks>
    public async ValueTask SetAsync(TId id, TEntity entity, TimeToLive? timeToLive = null, CancellationToken cancellationToken = default) =>
        _ = await SetAsync(id, entity, "always", ForScript(timeToLive, mayBeNew: true), cancellationToken).ConfigureAwait(false);

    /// <summary>Stores many entities, whatever their keys held before.</summary>
    /// <param name="entities">The entities with their ids. Of two with the same id, the last one stays.</param>
    /// <param name="timeToLive">How long to keep them; null for <see cref="HashRepositoryOptions.TimeToLive"/>.</param>
    /// <param name="cancellationToken">Ends the wait. Scripts already sent still take effect.</param>
    /// <returns>When the server has them all.</returns>
    /// <remarks>
    /// One script for each, 512 of them or 1 MiB in one round trip. Each is stored as one; when it fails, some may be stored and others not.
    /// All ids are looked at before anything is sent.
    /// </remarks>
    public async ValueTask SetManyAsync(IReadOnlyCollection<KeyValuePair<TId, TEntity>> entities, TimeToLive? timeToLive = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entities);
        (RedisArgument option, RedisArgument milliseconds) = ForScript(timeToLive, mayBeNew: true);
        (string Key, TEntity Entity)[] all = [.. entities.Select(pair => (Keys.Of(pair.Key), pair.Value ?? throw new ArgumentException($"The entity of the key '{Keys.Of(pair.Key)}' is null.", nameof(entities))))];
        var written = new List<PooledBufferWriter>(Math.Min(all.Length, MostOfBatch));
        for (int at = 0; at < all.Length;)
        {
            var batch = new RedisBatch();
            for (long bytes = 0; at < all.Length && written.Count < MostOfBatch && bytes < MostBytesOfBatch; at++)
            {
                PooledBufferWriter values = _codec.Encode(all[at].Entity, ["always", option, milliseconds], out RedisArgument[] arguments);
                written.Add(values);
                bytes += values.Length;
                _ = batch.Add(HashScripts.Set.Call([all[at].Key], arguments), Replies.Boolean);
            }

            await _redis.ExecuteAsync(batch, cancellationToken).ConfigureAwait(false);
            foreach (BatchResult<bool> result in batch.Results.Cast<BatchResult<bool>>()) _ = result.Value;
            foreach (PooledBufferWriter values in written) values.Return();
            written.Clear();
        }
    }

    /// <summary>Stores an entity if there is none yet.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="entity">The entity.</param>
    /// <param name="timeToLive">How long to keep it; null for <see cref="HashRepositoryOptions.TimeToLive"/>.</param>
    /// <param name="cancellationToken">Ends the wait. A script already sent still takes effect.</param>
    /// <returns>False if there was one, or the key holds anything else; then nothing was changed.</returns>
    /// <remarks>One script, O(N) in the fields.</remarks>
    public ValueTask<bool> AddAsync(TId id, TEntity entity, TimeToLive? timeToLive = null, CancellationToken cancellationToken = default) =>
        SetAsync(id, entity, "missing", ForScript(timeToLive, mayBeNew: true), cancellationToken);

    /// <summary>Stores an entity in place of the one that is there, whatever that is by now.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="entity">The entity.</param>
    /// <param name="timeToLive">How long to keep it; null for <see cref="HashRepositoryOptions.TimeToLive"/>, <see cref="TimeToLive.Unchanged"/> to leave it.</param>
    /// <param name="cancellationToken">Ends the wait. A script already sent still takes effect.</param>
    /// <returns>False if there is none; then nothing was stored.</returns>
    /// <remarks>One script, O(N) in the fields. A key of another type is not replaced.</remarks>
    public ValueTask<bool> ReplaceAsync(TId id, TEntity entity, TimeToLive? timeToLive = null, CancellationToken cancellationToken = default) =>
        SetAsync(id, entity, "present", ForScript(timeToLive, mayBeNew: false), cancellationToken);

    /// <summary>Gives an entity another time to live, without reading or writing it.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="timeToLive">How long to keep it from now on; null for <see cref="HashRepositoryOptions.TimeToLive"/>.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>False if there is none.</returns>
    /// <remarks><c>PEXPIRE</c> or <c>PEXPIREAT</c>, or <c>PERSIST</c> and <c>EXISTS</c>, O(1). It does not look at what the key holds.</remarks>
    public async ValueTask<bool> TouchAsync(TId id, TimeToLive? timeToLive = null, CancellationToken cancellationToken = default)
    {
        string key = Keys.Of(id);
        TimeToLive chosen = timeToLive ?? Options.TimeToLive;
        _ = chosen.ForExistingKey(nameof(timeToLive));
        if (chosen.IsUnchanged) throw new ArgumentException("TimeToLive.Unchanged changes nothing. Choose a duration, or TimeToLive.Forever.", nameof(timeToLive));
        if (chosen.ForKey(key) is { } expire) return await _redis.ExecuteAsync(expire, cancellationToken).ConfigureAwait(false);
        _ = await _redis.ExecuteAsync(RedisKeys.Persist(key), cancellationToken).ConfigureAwait(false);
        return await _redis.ExistsAsync(key, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes an entity; the server frees its memory in the background.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>False if there was none.</returns>
    /// <remarks><c>UNLINK</c>, O(1). It does not look at what the key holds.</remarks>
    public ValueTask<bool> DeleteAsync(TId id, CancellationToken cancellationToken = default) => _redis.DeleteAsync(Keys.Of(id), cancellationToken);

    /// <summary>Deletes many entities; the server frees their memory in the background.</summary>
    /// <param name="ids">Their ids. None is allowed.</param>
    /// <param name="cancellationToken">Ends the wait. Commands already sent still take effect.</param>
    /// <returns>How many there were.</returns>
    /// <remarks><c>UNLINK</c>, O(N), in one round trip, up to 256 KiB of keys. They are not deleted as one.</remarks>
    public ValueTask<long> DeleteManyAsync(IReadOnlyCollection<TId> ids, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return ManyKeys.DeleteAsync(_redis, [.. ids.Select(Keys.Of)], cancellationToken);
    }

    private async ValueTask<bool> SetAsync(TId id, TEntity entity, string when, (RedisArgument Option, RedisArgument Milliseconds) time, CancellationToken cancellationToken)
    {
        string key = Keys.Of(id);
        PooledBufferWriter values = _codec.Encode(entity, [when, time.Option, time.Milliseconds], out RedisArgument[] arguments);
        bool done;
        try
        {
            done = await _redis.EvaluateAsync(HashScripts.Set, [key], arguments, Replies.Boolean, cancellationToken).ConfigureAwait(false);
        }
        catch (RedisServerException refusal) when (IsWrongType(refusal))
        {
            throw await ExplainAsync(key, refusal, cancellationToken).ConfigureAwait(false);
        }

        values.Return();
        return done;
    }
}
