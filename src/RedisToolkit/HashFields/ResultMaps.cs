using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>
/// Caches whole maps of results, each map in one hash and in one call: a policy says for each entry how long it stays fresh, short for
/// what is volatile and long for what is stable. What is read back is found, missing or expired.
/// </summary>
/// <remarks>
/// The hash ends with its longest entry, never before it. Beside it is a third key, <c>{…}:stored-fields</c>, with a note on each entry
/// and until when it was good; a note is kept for <see cref="HashFieldsOptions.RememberExpired"/> beyond that. The entries are fields as
/// <see cref="HashFields"/> has them, and can be read and changed by its methods.
/// </remarks>
/// <param name="fields">How the entries are kept.</param>
public sealed class ResultMaps(HashFields fields)
{
    private readonly HashFields _fields = fields ?? throw new ArgumentNullException(nameof(fields));

    /// <summary>Stores results as text, bytes or numbers. Entries that the map has beside them stay as they are.</summary>
    /// <param name="key">The key of the map.</param>
    /// <param name="results">1 to <see cref="HashFields.MostFields"/> entries.</param>
    /// <param name="policy">Says from an entry's name and value how long it is kept: a duration, an instant or <see cref="TimeToLive.Forever"/>.</param>
    /// <param name="cancellationToken">Ends the wait. What was sent still takes effect.</param>
    /// <returns>When all are stored, as one.</returns>
    /// <exception cref="ArgumentException">The key or a name is empty, or the policy says nothing for an entry; nothing was sent.</exception>
    /// <exception cref="RedisKeyTypeException">The key holds another type than a hash, or one beside it another than a sorted set. Nothing was changed.</exception>
    /// <exception cref="RedisValueException">The deadlines beside the hash were tampered with. Nothing was changed.</exception>
    /// <remarks>A script, O(N log N), one round trip.</remarks>
    public ValueTask StoreAsync(
        RedisArgument key, IEnumerable<KeyValuePair<string, RedisArgument>> results, Func<string, RedisArgument, TimeToLive> policy, CancellationToken cancellationToken = default) =>
        StoreAsync(key, results, static value => value, policy, cancellationToken);

    /// <summary>Stores results. Entries that the map has beside them stay as they are.</summary>
    /// <typeparam name="T">What the results are.</typeparam>
    /// <param name="key">The key of the map.</param>
    /// <param name="results">1 to <see cref="HashFields.MostFields"/> entries.</param>
    /// <param name="write">Makes what is sent of a result.</param>
    /// <param name="policy">Says from an entry's name and result how long it is kept: a duration, an instant or <see cref="TimeToLive.Forever"/>.</param>
    /// <param name="cancellationToken">Ends the wait. What was sent still takes effect.</param>
    /// <returns>When all are stored, as one. Exceptions are those of the other overload.</returns>
    /// <remarks>A script, O(N log N), one round trip.</remarks>
    public async ValueTask StoreAsync<T>(
        RedisArgument key, IEnumerable<KeyValuePair<string, T>> results, Func<T, RedisArgument> write, Func<string, T, TimeToLive> policy, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(write);
        ArgumentNullException.ThrowIfNull(policy);
        var hash = new HashKey(key, nameof(key));
        var arguments = new List<RedisArgument> { _fields.Mode, (long)Math.Ceiling(_fields.Options.RememberExpired.TotalMilliseconds) };
        int count = 0;
        foreach ((string name, T result) in results)
        {
            HashFields.RequireField(name);
            arguments.Add(name);
            arguments.Add(write(result));
            arguments.Add(policy(name, result).Required(nameof(policy), orForever: true, orUnchanged: false).ForScript());
            count++;
        }

        HashFields.RequireCount(count);
        RedisCommand call = FieldScripts.Store.Call([hash.Hash, hash.Deadlines, hash.Notes], arguments.ToArray());
        _ = await _fields.ScriptAsync(hash, call, Replies.Integer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads results back as text (UTF-8).</summary>
    /// <param name="key">The key of the map.</param>
    /// <param name="names">1 to <see cref="HashFields.MostFields"/> names.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A result for each name in the order given. Exceptions are those of <see cref="StoreAsync(RedisArgument, IEnumerable{KeyValuePair{string, RedisArgument}}, Func{string, RedisArgument, TimeToLive}, CancellationToken)"/>.</returns>
    /// <remarks>A script, O(N log N), one round trip.</remarks>
    public ValueTask<StoredResult<string>[]> LoadAsync(RedisArgument key, ReadOnlySpan<RedisArgument> names, CancellationToken cancellationToken = default) =>
        LoadAsync(key, names, HashFields.PresentText, cancellationToken);

    /// <summary>Reads results back.</summary>
    /// <typeparam name="T">What each becomes.</typeparam>
    /// <param name="key">The key of the map.</param>
    /// <param name="names">1 to <see cref="HashFields.MostFields"/> names.</param>
    /// <param name="value">How a result is read; never asked for an absent one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A result for each name in the order given. Exceptions are those of <see cref="StoreAsync(RedisArgument, IEnumerable{KeyValuePair{string, RedisArgument}}, Func{string, RedisArgument, TimeToLive}, CancellationToken)"/>.</returns>
    /// <remarks>A script, O(N log N), one round trip.</remarks>
    public ValueTask<StoredResult<T>[]> LoadAsync<T>(RedisArgument key, ReadOnlySpan<RedisArgument> names, ReplyReader<T> value, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(value);
        var hash = new HashKey(key, nameof(key));
        HashFields.RequireCount(names.Length);
        foreach (ref readonly RedisArgument name in names) HashFields.RequireField(name);
        RedisCommand call = FieldScripts.LoadResults.Call([hash.Hash, hash.Deadlines, hash.Notes], [_fields.Mode, .. names]);
        return _fields.ScriptAsync(hash, call, new ResultsReader<T>(value), cancellationToken);
    }

    private sealed class ResultsReader<T>(ReplyReader<T> value) : ReplyReader<StoredResult<T>[]>
    {
        public override StoredResult<T>[] Read(ref RespReader reader)
        {
            var results = new StoredResult<T>[Math.Max(reader.ReadArrayHeader(), 0) / 2];
            for (int i = 0; i < results.Length; i++)
            {
                var state = (ResultState)(int)reader.ReadInt64();
                if (state == ResultState.Found)
                {
                    results[i] = new StoredResult<T>(state, value.Read(ref reader));
                    continue;
                }

                reader.Skip();
                results[i] = new StoredResult<T>(state, default);
            }

            return results;
        }

        public override void Discard(StoredResult<T>[] results)
        {
            foreach (StoredResult<T> result in results)
            {
                if (result.IsFound) value.Discard(result.Value!);
            }
        }
    }
}
