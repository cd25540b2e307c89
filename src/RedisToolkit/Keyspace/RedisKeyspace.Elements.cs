using System.Runtime.CompilerServices;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <content>Scans within one key.</content>
public sealed partial class RedisKeyspace
{
    /// <summary>Reads the fields of a hash, in no order.</summary>
    /// <param name="key">The hash. If it is missing, there are none.</param>
    /// <param name="scan">Which fields; null for all.</param>
    /// <param name="cancellationToken">Ends the scan.</param>
    /// <returns>The fields with their values; what <see cref="ScanAsync"/> promises of keys holds for them.</returns>
    /// <exception cref="ArgumentException">The key is empty, or a property of <paramref name="scan"/> is out of its range.</exception>
    /// <exception cref="RedisKeyTypeException">The key holds another type.</exception>
    /// <exception cref="RedisException">A step failed, and sending it again did not help.</exception>
    /// <remarks><c>HSCAN</c>, O(1) for each step, O(N) for all. Redis 2.8, Valkey 7.2.</remarks>
    public IAsyncEnumerable<HashScanEntry> ScanHashAsync(RedisArgument key, ElementScan? scan = null, CancellationToken cancellationToken = default) =>
        ElementsAsync("HSCAN", "hash", Checked(key), (scan ?? new ElementScan()).Validated(), ScanReply.Fields, static entry => entry.Field, cancellationToken);

    /// <summary>Reads the members of a set, in no order.</summary>
    /// <param name="key">The set. If it is missing, there are none.</param>
    /// <param name="scan">Which members; null for all.</param>
    /// <param name="cancellationToken">Ends the scan.</param>
    /// <returns>The members; what <see cref="ScanAsync"/> promises of keys holds for them.</returns>
    /// <exception cref="ArgumentException">The key is empty, or a property of <paramref name="scan"/> is out of its range.</exception>
    /// <exception cref="RedisKeyTypeException">The key holds another type.</exception>
    /// <exception cref="RedisException">A step failed, and sending it again did not help.</exception>
    /// <remarks><c>SSCAN</c>, O(1) for each step, O(N) for all. Redis 2.8, Valkey 7.2.</remarks>
    public IAsyncEnumerable<RedisBytes> ScanSetAsync(RedisArgument key, ElementScan? scan = null, CancellationToken cancellationToken = default) =>
        ElementsAsync("SSCAN", "set", Checked(key), (scan ?? new ElementScan()).Validated(), ScanReply.Items, static member => member, cancellationToken);

    /// <summary>Reads the members of a sorted set with their scores, in no order.</summary>
    /// <param name="key">The sorted set. If it is missing, there are none.</param>
    /// <param name="scan">Which members; null for all.</param>
    /// <param name="cancellationToken">Ends the scan.</param>
    /// <returns>The members with their scores; what <see cref="ScanAsync"/> promises of keys holds for them.</returns>
    /// <exception cref="ArgumentException">The key is empty, or a property of <paramref name="scan"/> is out of its range.</exception>
    /// <exception cref="RedisKeyTypeException">The key holds another type.</exception>
    /// <exception cref="RedisException">A step failed, and sending it again did not help.</exception>
    /// <remarks><c>ZSCAN</c>, O(1) for each step, O(N) for all. Redis 2.8, Valkey 7.2.</remarks>
    public IAsyncEnumerable<SortedSetScanEntry> ScanSortedSetAsync(RedisArgument key, ElementScan? scan = null, CancellationToken cancellationToken = default) =>
        ElementsAsync("ZSCAN", "zset", Checked(key), (scan ?? new ElementScan()).Validated(), ScanReply.Members, static entry => entry.Member, cancellationToken);

    private static RedisArgument Checked(RedisArgument key)
    {
        KeyErrors.Require(key, nameof(key));
        return key;
    }

    private async IAsyncEnumerable<T> ElementsAsync<T>(
        string command, string type, RedisArgument key, ElementScan scan, ReplyReader<ScanReply<T>> shape, Func<T, RedisBytes> nameOf, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RedisArgument[] filters = KeyPages.Filters(scan.Match, scan.Count);
        var recent = new RecentItems(scan.RememberBytes);
        IAsyncEnumerator<ScanStep<T>> steps = ScanSteps
            .FollowAsync(new Primary(_redis, _redis), cursor => KeyPages.Command(command, key, cursor, filters), shape, default, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (steps.ConfigureAwait(false))
        {
            while (await NextAsync(steps, key, type, cancellationToken).ConfigureAwait(false))
            {
                foreach (T item in steps.Current.Items)
                {
                    if (recent.Add(nameOf(item))) yield return item;
                }
            }
        }
    }

    // The key may become one of another type between two steps, too.
    private async ValueTask<bool> NextAsync<T>(IAsyncEnumerator<ScanStep<T>> steps, RedisArgument key, string type, CancellationToken cancellationToken)
    {
        try
        {
            return await steps.MoveNextAsync().ConfigureAwait(false);
        }
        catch (RedisServerException refusal) when (KeyErrors.IsWrongType(refusal))
        {
            throw await KeyErrors.ExplainAsync(_redis, key, type, refusal, cancellationToken).ConfigureAwait(false);
        }
    }
}
