using RedisToolkit.Client;

namespace RedisToolkit;

/// <content>Changes that are made only if nobody else has changed the entity since it was read.</content>
public sealed partial class JsonRepository<TEntity, TId>
{
    private const int MostAttempts = 100;
    private const int MostMillisecondsOfRest = 32;
    private static readonly LuaScript ReplaceScript = RepositoryScripts.Replace;
    private static readonly LuaScript DeleteScript = RepositoryScripts.Delete;

    /// <summary>Stores an entity in place of a version that was read.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="entity">The entity.</param>
    /// <param name="expected">The version, from <see cref="GetVersionedAsync"/> or an earlier replacement.</param>
    /// <param name="timeToLive">How long to keep it; null for <see cref="JsonRepositoryOptions.TimeToLive"/>, <see cref="TimeToLive.Unchanged"/> to leave it.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>The new version, or null if another one is there by now, or none; then nothing was stored.</returns>
    /// <exception cref="ArgumentException">The version is <c>default</c>.</exception>
    /// <remarks>One script (<c>EVALSHA</c>), O(N) in the bytes that are there.</remarks>
    public async ValueTask<EntityVersion?> ReplaceAsync(TId id, TEntity entity, EntityVersion expected, TimeToLive? timeToLive = null, CancellationToken cancellationToken = default)
    {
        string key = Keys.Of(id);
        Require(expected);
        _ = ForExistingKey(timeToLive);
        TimeToLive chosen = timeToLive ?? Options.TimeToLive;
        PooledBufferWriter bytes = _codec.Encode(entity);
        EntityVersion version = EntityVersion.Of(bytes.Written);
        await BringOverAsync(id, cancellationToken).ConfigureAwait(false);
        (string option, long time) = chosen.ForSet();
        long written = await EvaluateAsync(ReplaceScript, key, [expected.ToString(), bytes.Memory, option, time], cancellationToken).ConfigureAwait(false);
        bytes.Return();
        return written == 1 ? version : null;
    }

    /// <summary>Deletes a version that was read.</summary>
    /// <param name="id">The entity's id.</param>
    /// <param name="expected">The version, from <see cref="GetVersionedAsync"/> or a replacement.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>False if another version is there by now, or none; then nothing was deleted.</returns>
    /// <exception cref="ArgumentException">The version is <c>default</c>.</exception>
    /// <remarks>One script (<c>EVALSHA</c>), O(N) in the bytes that are there.</remarks>
    public async ValueTask<bool> DeleteAsync(TId id, EntityVersion expected, CancellationToken cancellationToken = default)
    {
        string key = Keys.Of(id);
        Require(expected);
        await BringOverAsync(id, cancellationToken).ConfigureAwait(false);
        return await EvaluateAsync(DeleteScript, key, [expected.ToString()], cancellationToken).ConfigureAwait(false) == 1;
    }

    /// <summary>Reads an entity, changes it and stores it, again and again until nobody else has changed it in between.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="change">Makes the changed entity of the one that is there. Called anew for each attempt: it must have no other effects.</param>
    /// <param name="timeToLive">How long to keep it; null for <see cref="JsonRepositoryOptions.TimeToLive"/>, <see cref="TimeToLive.Unchanged"/> to leave it.</param>
    /// <param name="cancellationToken">Ends the wait. A command already sent still takes effect.</param>
    /// <returns>The entity as it was stored, or null if there is none.</returns>
    /// <exception cref="RedisConcurrencyException">Others were faster 100 times; nothing was stored.</exception>
    /// <exception cref="InvalidOperationException"><paramref name="change"/> made null. To delete it, use <see cref="DeleteAsync(TId, EntityVersion, CancellationToken)"/>.</exception>
    public async ValueTask<TEntity?> UpdateAsync(TId id, Func<TEntity, TEntity> change, TimeToLive? timeToLive = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        string key = Keys.Of(id);
        _ = ForExistingKey(timeToLive);
        for (int attempt = 1; attempt <= MostAttempts; attempt++)
        {
            if (await GetVersionedAsync(id, cancellationToken).ConfigureAwait(false) is not { } read) return null;
            TEntity changed = change(read.Entity) ?? throw new InvalidOperationException($"The entity of the key '{key}' was changed to null, which is not stored.");
            if (await ReplaceAsync(id, changed, read.Version, timeToLive, cancellationToken).ConfigureAwait(false) is not null) return changed;
            // Those who want the same entity rest for different times, the longer the more of them there are.
            int most = Math.Min(attempt, MostMillisecondsOfRest);
            await Task.Delay(Random.Shared.Next(most + 1), cancellationToken).ConfigureAwait(false);
        }

        throw new RedisConcurrencyException(key, MostAttempts);
    }

    private static void Require(EntityVersion expected)
    {
        if (expected.IsMissing) throw new ArgumentException("default(EntityVersion) is no version. Pass the one that was read.", nameof(expected));
    }

    private async ValueTask<long> EvaluateAsync(LuaScript script, string key, RedisArgument[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            return await _redis.EvaluateAsync(script, [key], arguments, Replies.Integer, cancellationToken).ConfigureAwait(false);
        }
        catch (RedisServerException refusal) when (KeyErrors.IsWrongType(refusal))
        {
            throw await ExplainAsync(key, refusal, cancellationToken).ConfigureAwait(false);
        }
    }
}
