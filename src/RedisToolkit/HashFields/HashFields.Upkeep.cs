using System.Runtime.CompilerServices;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <content>The hash as a whole, and what keeps it tidy.</content>
public sealed partial class HashFields
{
    private const int SweepStep = 1000;

    /// <summary>Deletes a hash with its deadlines, and the notes on results that were stored in it.</summary>
    /// <param name="key">The key of the hash, of whatever type.</param>
    /// <param name="cancellationToken">Ends the wait. What was sent still takes effect.</param>
    /// <returns>When it is gone.</returns>
    /// <remarks><c>UNLINK</c>, O(1). A hash that others delete loses its deadlines when it is next written to.</remarks>
    public async ValueTask DeleteHashAsync(RedisArgument key, CancellationToken cancellationToken = default)
    {
        var hash = new HashKey(key, nameof(key));
        _ = await _redis.ExecuteAsync(RedisCommand.Create("UNLINK", hash.Hash, hash.Deadlines, hash.Notes), Replies.Integer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gives a hash as a whole a time to live. Its fields keep theirs; when it ends, all of them do.</summary>
    /// <param name="key">The key of the hash.</param>
    /// <param name="timeToLive">A duration, an instant, or <see cref="TimeToLive.Forever"/>.</param>
    /// <param name="cancellationToken">Ends the wait. What was sent still takes effect.</param>
    /// <returns>Whether there is such a hash. Exceptions are those of <see cref="SetAsync(RedisArgument, RedisArgument, RedisArgument, TimeToLive, CancellationToken)"/>.</returns>
    /// <remarks>A script (<c>PEXPIREAT</c>), O(1).</remarks>
    public ValueTask<bool> ExpireHashAsync(RedisArgument key, TimeToLive timeToLive, CancellationToken cancellationToken = default)
    {
        var hash = new HashKey(key, nameof(key));
        RedisArgument ttl = timeToLive.Required(nameof(timeToLive), orForever: true, orUnchanged: false).ForScript();
        return ScriptAsync(hash, FieldScripts.Keep.Call([hash.Hash, hash.Deadlines], [_mode, ttl]), Replies.Boolean, cancellationToken);
    }

    /// <summary>Removes the fields of a hash whose time has run out, where the server does not do that itself. They cannot be read any more; this frees their memory.</summary>
    /// <param name="key">The key of the hash.</param>
    /// <param name="cancellationToken">Ends it between two steps of 1,000 fields.</param>
    /// <returns>How many were removed; 0 where the server expires fields. Exceptions are those of <see cref="SetAsync(RedisArgument, RedisArgument, RedisArgument, TimeToLive, CancellationToken)"/>.</returns>
    /// <remarks>Scripts, O(M log N) for the M that are removed. Every write removes up to 16 of its hash by itself.</remarks>
    public ValueTask<long> SweepAsync(RedisArgument key, CancellationToken cancellationToken = default) => SweepAsync(key, mayStep: null, cancellationToken);

    /// <summary>
    /// Finds all hashes that have deadlines beside them and sweeps each; what <c>AddHashFieldSweeper</c> does every minute in an
    /// application with a host. After an upgrade it hands the deadlines over to the server, once for all.
    /// </summary>
    /// <param name="cancellationToken">Ends it between two steps; what was done stays done.</param>
    /// <returns>For each hash its key and how many fields were removed, as they are done. Hashes that failed, or that this user may not touch, have the error in place of a number; the others go on.</returns>
    /// <remarks><c>SCAN</c> over the keyspace, of a cluster over all primaries, 1,000 keys at a time, and scripts.</remarks>
    public IAsyncEnumerable<HashSweep> SweepAllAsync(CancellationToken cancellationToken = default) => SweepAllAsync(mayStep: null, cancellationToken);

    /// <summary>Keeps all deadlines of a hash where <see cref="HashFieldsOptions.Storage"/> says, wherever they were: the way up after an upgrade, and the way back before a rollback.</summary>
    /// <param name="key">The key of the hash.</param>
    /// <param name="cancellationToken">Ends the wait. What was sent still takes effect, as a whole.</param>
    /// <returns>How many deadlines were moved. Exceptions are those of <see cref="SetAsync(RedisArgument, RedisArgument, RedisArgument, TimeToLive, CancellationToken)"/>.</returns>
    /// <remarks>
    /// A script, O(N) in the deadlines, to <see cref="HashFieldStorage.Portable"/> in the size of the hash. To
    /// <see cref="HashFieldStorage.Automatic"/> it happens by itself when a hash is first written to or read.
    /// </remarks>
    public ValueTask<long> ConvertAsync(RedisArgument key, CancellationToken cancellationToken = default)
    {
        var hash = new HashKey(key, nameof(key));
        return ScriptAsync(hash, FieldScripts.Convert.Call([hash.Hash, hash.Deadlines], [_mode]), Replies.Integer, cancellationToken);
    }

    /// <param name="mayStep">Asked once for each step, and may wait; false ends it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal async IAsyncEnumerable<HashSweep> SweepAllAsync(Func<CancellationToken, ValueTask<bool>>? mayStep, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var scan = new KeyScan { Match = "*:field-deadlines*", Type = "zset", Count = 1000 };
        await foreach (KeyPage page in KeyPages.ReadAsync(_redis, scan, default, cancellationToken).ConfigureAwait(false))
        {
            if (mayStep is not null && !await mayStep(cancellationToken).ConfigureAwait(false)) yield break;
            foreach (RedisBytes companion in page.Keys)
            {
                if (CompanionKeys.OwnerOf(companion.Memory.ToArray(), HashKey.DeadlinesSuffix) is not { } owner) continue;
                long removed = 0;
                RedisException? fault = null;
                try
                {
                    removed = await SweepAsync(owner, mayStep, cancellationToken).ConfigureAwait(false);
                }
                catch (RedisException error) when (error is RedisKeyTypeException or RedisValueException or RedisServerException { IsTransient: false })
                {
                    fault = error;
                }

                yield return new HashSweep(KeyErrors.Show(owner), removed, fault);
            }
        }
    }

    private async ValueTask<long> SweepAsync(RedisArgument key, Func<CancellationToken, ValueTask<bool>>? mayStep, CancellationToken cancellationToken)
    {
        var hash = new HashKey(key, nameof(key));
        long removed = 0;
        while (mayStep is null || await mayStep(cancellationToken).ConfigureAwait(false))
        {
            RedisCommand step = FieldScripts.Sweep.Call([hash.Hash, hash.Deadlines], [_mode, SweepStep]);
            (long gone, bool isMore) = await ScriptAsync(hash, step, Replies.TupleOf(Replies.Integer, Replies.Boolean), cancellationToken).ConfigureAwait(false);
            removed += gone;
            if (!isMore) break;
        }

        return removed;
    }
}
