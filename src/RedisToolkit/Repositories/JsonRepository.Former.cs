using System.Security.Cryptography;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <content>
/// Former names. What is written goes under the present name, and then the former ones are deleted: so whoever looks under the former
/// ones first, and under the present one after that, finds it wherever it is at that time.
/// </content>
public sealed partial class JsonRepository<TEntity, TId>
{
    private const int MostAttemptsToMove = 16;
    // Oldest first: what lies under a later name is newer.
    private readonly KeyTemplate<TEntity, TId>[] _former;

    private string[] FormerKeysOf(TId id) => Array.ConvertAll(_former, names => names.Of(id));

    private IEnumerable<KeyTemplate<TEntity, TId>> AllNames() => _former.Prepend(Keys);

    private async ValueTask<(TEntity? Entity, EntityVersion Version)> FindAsync(TId id, bool versioned, CancellationToken cancellationToken)
    {
        string key = Keys.Of(id);
        ReplyReader<Stored<TEntity>> reader = versioned ? _codec.VersionedReader : _codec.Reader;
        string[] names = [.. FormerKeysOf(id), key];
        if (names.Length == 1)
        {
            Stored<TEntity> only = await ReadAsync(key, reader, cancellationToken).ConfigureAwait(false);
            _ = _codec.TryTake(only, key, versioned, out TEntity? entity, out EntityVersion version);
            return (entity, version);
        }

        var batch = new RedisBatch();
        BatchResult<Stored<TEntity>>[] found = Array.ConvertAll(names, name => batch.Add(RedisStrings.Get(name).Command, reader));
        await _redis.ExecuteAsync(batch, cancellationToken).ConfigureAwait(false);
        for (int i = names.Length - 1; i >= 0; i--)
        {
            if (found[i].Error is RedisServerException refusal && KeyErrors.IsWrongType(refusal)) throw await ExplainAsync(names[i], refusal, cancellationToken).ConfigureAwait(false);
            if (_codec.TryTake(found[i].Value, names[i], versioned, out TEntity? entity, out EntityVersion version)) return (entity, version);
        }

        return default;
    }

    // Does the same command under all names, the present one last, in one write.
    private async ValueTask<T[]> UnderAllNamesAsync<T>(TId id, Func<string, RedisCommand<T>> command, CancellationToken cancellationToken)
    {
        string[] names = [.. FormerKeysOf(id), Keys.Of(id)];
        var batch = new RedisBatch();
        BatchResult<T>[] results = Array.ConvertAll(names, name => batch.Add(command(name)));
        await _redis.ExecuteAsync(batch, cancellationToken).ConfigureAwait(false);
        return Array.ConvertAll(results, static result => result.Value);
    }

    // Fills what is missing: looks under the former names, and once more under the present one.
    private async ValueTask FindFormerAsync(TId[] ids, string[] keys, TEntity?[] entities, CancellationToken cancellationToken)
    {
        foreach (KeyTemplate<TEntity, TId> names in Enumerable.Reverse(_former))
        {
            await ReadMissingAsync(Array.ConvertAll(ids, names.Of), entities, cancellationToken).ConfigureAwait(false);
        }

        if (_former.Length > 0) await ReadMissingAsync(keys, entities, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask ReadMissingAsync(string[] keys, TEntity?[] entities, CancellationToken cancellationToken) =>
        ManyKeys.ReadAsync(_redis, _codec, keys, Missing(entities), entities, cancellationToken);

    // Entities that are under a former name alone; the others came under their present one.
    private async ValueTask<TEntity?[]> ReadOnlyFormerAsync(TId[] ids, CancellationToken cancellationToken)
    {
        var former = new TEntity?[ids.Length];
        var present = new TEntity?[ids.Length];
        foreach (KeyTemplate<TEntity, TId> names in Enumerable.Reverse(_former)) await ReadMissingAsync(Array.ConvertAll(ids, names.Of), former, cancellationToken).ConfigureAwait(false);
        await ReadMissingAsync(Array.ConvertAll(ids, Keys.Of), present, cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < ids.Length; i++)
        {
            if (present[i] is not null) former[i] = null;
        }

        return former;
    }

    /// <summary>
    /// Brings an entity under its present name, time to live included, so that a condition on that name holds for the entity. Each step
    /// concerns one key; a former name is deleted only if it still holds what was brought over.
    /// </summary>
    private async ValueTask BringOverAsync(TId id, CancellationToken cancellationToken)
    {
        if (_former.Length == 0) return;
        string key = Keys.Of(id);
        foreach (string former in Enumerable.Reverse(FormerKeysOf(id))) await BringOverAsync(former, key, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask BringOverAsync(string former, string key, CancellationToken cancellationToken)
    {
        string? copied = null;
        for (int attempt = 0; attempt < MostAttemptsToMove; attempt++)
        {
            var batch = new RedisBatch();
            BatchResult<byte[]?> value = batch.Add(RedisStrings.GetBytes(former));
            BatchResult<KeyTimeToLive> time = batch.Add(RedisKeys.TimeToLive(former));
            await _redis.ExecuteAsync(batch, cancellationToken).ConfigureAwait(false);
            if (value.Error is RedisServerException refusal && KeyErrors.IsWrongType(refusal)) throw await ExplainAsync(former, refusal, cancellationToken).ConfigureAwait(false);
            if (value.Value is not { } bytes || !time.Value.KeyExists) return;
            TimeSpan? left = time.Value.Left;
            // Its last millisecond has begun: the server counts down to 0.
            Expiry expiry = left is null ? Expiry.Never : left > TimeSpan.Zero ? Expiry.After(left.Value) : Expiry.After(TimeSpan.FromMilliseconds(1));
            if (copied is null)
                _ = await _redis.SetAsync(key, bytes, expiry, SetWhen.KeyIsMissing, cancellationToken).ConfigureAwait(false);
            else
                _ = await EvaluateAsync(ReplaceScript, key, [copied, bytes, left is null ? string.Empty : "PX", left is null ? 0 : (long)Math.Max(1, left.Value.TotalMilliseconds)], cancellationToken).ConfigureAwait(false);
            copied = Convert.ToHexStringLower(SHA1.HashData(bytes));
            if (await EvaluateAsync(DeleteScript, former, [copied], cancellationToken).ConfigureAwait(false) != 0) return;
        }

        throw new RedisConcurrencyException(former, MostAttemptsToMove);
    }
}
