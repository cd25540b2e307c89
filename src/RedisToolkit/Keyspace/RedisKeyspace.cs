using System.Runtime.CompilerServices;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>
/// Works on all keys of a database, or on those that match a pattern, in small steps that leave the server room for others: finds, deletes,
/// renames, copies and expires them, counts and weighs them. <c>KEYS</c>, which stops the server until it has looked at every key, is not offered.
/// </summary>
/// <param name="redis">The client. It stays its owner's.</param>
/// <param name="timeProvider">By whose time rates are kept and waits are made; the system's unless given.</param>
/// <remarks>
/// What a scan promises: a key that is there from its beginning to its end is given. One that comes, goes or is renamed meanwhile is given or not.
/// A server that is started anew meanwhile is noticed and scanned anew, provided that the user may call <c>INFO</c>.
/// </remarks>
public sealed partial class RedisKeyspace(IRedisClient redis, TimeProvider? timeProvider = null)
{
    private readonly IRedisClient _redis = redis ?? throw new ArgumentNullException(nameof(redis));
    private readonly TimeProvider _time = timeProvider ?? TimeProvider.System;

    /// <summary>Finds keys, in no order.</summary>
    /// <param name="scan">Which ones; null for all.</param>
    /// <param name="cancellationToken">Ends the scan.</param>
    /// <returns>
    /// The keys, read step by step as they are asked for. None comes twice as long as those given fit into <see cref="KeyScan.RememberBytes"/>; of
    /// a larger keyspace, one may come again after as many others as fit.
    /// </returns>
    /// <exception cref="ArgumentException">A property of <paramref name="scan"/> is out of its range.</exception>
    /// <exception cref="RedisException">A step failed, and sending it again did not help.</exception>
    /// <remarks><c>SCAN</c>, O(1) for each step of <see cref="KeyScan.Count"/> keys, O(N) for all. Redis 2.8 (with a type: 6.0), Valkey 7.2.</remarks>
    public IAsyncEnumerable<RedisBytes> ScanAsync(KeyScan? scan = null, CancellationToken cancellationToken = default) =>
        KeysAsync((scan ?? new KeyScan()).Validated(), cancellationToken);

    /// <summary>Finds keys that are kept until somebody deletes them.</summary>
    /// <param name="scan">Among which ones; null for all.</param>
    /// <param name="cancellationToken">Ends the scan.</param>
    /// <returns>The keys, as from <see cref="ScanAsync"/>.</returns>
    /// <exception cref="ArgumentException">A property of <paramref name="scan"/> is out of its range.</exception>
    /// <exception cref="RedisException">A step failed, and sending it again did not help.</exception>
    /// <remarks><c>SCAN</c> and <c>PTTL</c>, O(N), two round trips for each step.</remarks>
    public IAsyncEnumerable<RedisBytes> WithoutTimeToLiveAsync(KeyScan? scan = null, CancellationToken cancellationToken = default) =>
        LastingKeysAsync((scan ?? new KeyScan()).Validated(), cancellationToken);

    private async IAsyncEnumerable<RedisBytes> KeysAsync(KeyScan scan, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (KeyPage page in KeyPages.ReadAsync(_redis, scan, default, cancellationToken).ConfigureAwait(false))
        {
            foreach (RedisBytes key in page.Keys) yield return key;
        }
    }

    private async IAsyncEnumerable<RedisBytes> LastingKeysAsync(KeyScan scan, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (KeyPage page in KeyPages.ReadAsync(_redis, scan, default, cancellationToken).ConfigureAwait(false))
        {
            var batch = new RedisBatch();
            BatchResult<KeyTimeToLive>[] left = Array.ConvertAll(page.Keys, key => batch.Add(RedisKeys.TimeToLive(key)));
            await page.Primary.Keys.ExecuteAsync(batch, cancellationToken).ConfigureAwait(false);
            for (int i = 0; i < left.Length; i++)
            {
                if (left[i].Value is { KeyExists: true, Left: null }) yield return page.Keys[i];
            }
        }
    }
}
