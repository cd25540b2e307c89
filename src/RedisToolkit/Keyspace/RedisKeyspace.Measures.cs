using RedisToolkit.Client;

namespace RedisToolkit;

/// <content>What there is, and what it takes.</content>
public sealed partial class RedisKeyspace
{
    private const int MostOfBiggest = 100_000;

    /// <summary>Counts the keys that match a pattern by drawing some of all keys at random.</summary>
    /// <param name="pattern">Which keys; <c>*</c> for all. See <see cref="RedisGlob"/>.</param>
    /// <param name="options">How many are drawn; null for the defaults.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The number and Wilson's bounds of it; exact for a small database, and with <see cref="SampleOptions.Exact"/>.</returns>
    /// <exception cref="ArgumentException">The pattern is empty, or an option is out of its range.</exception>
    /// <exception cref="RedisException">The server stayed out of reach.</exception>
    /// <remarks><c>RANDOMKEY</c> and <c>DBSIZE</c>; O(N) in the keys drawn. An exact count takes <c>SCAN</c>, O(N) in the keys of the database. Redis 2.8, Valkey 7.2.</remarks>
    public Task<KeyspaceEstimate> CountAsync(RedisArgument pattern, SampleOptions? options = null, CancellationToken cancellationToken = default) =>
        WeighAsync(pattern, options, memory: false, cancellationToken);

    /// <summary>Tells how much memory the keys that match a pattern take, with their values, by drawing some of all keys at random.</summary>
    /// <param name="pattern">Which keys; <c>*</c> for all. See <see cref="RedisGlob"/>.</param>
    /// <param name="options">How many are drawn; null for the defaults.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>
    /// The bytes and bounds of them; exact for a small database, and with <see cref="SampleOptions.Exact"/>, as far as <see cref="SampleOptions.ElementSamples"/> is.
    /// The bounds hold if sizes do not differ by orders of magnitude: a few giants among many keys are drawn or, more likely, not. Find them with <see cref="BiggestAsync"/>.
    /// </returns>
    /// <exception cref="ArgumentException">The pattern is empty, or an option is out of its range.</exception>
    /// <exception cref="RedisException">The server stayed out of reach, or the user may not call <c>MEMORY USAGE</c>.</exception>
    /// <remarks><c>RANDOMKEY</c>, <c>MEMORY USAGE</c> and <c>DBSIZE</c>; O(N) in the keys drawn. Redis 4.0, Valkey 7.2.</remarks>
    public Task<KeyspaceEstimate> MeasureMemoryAsync(RedisArgument pattern, SampleOptions? options = null, CancellationToken cancellationToken = default) =>
        WeighAsync(pattern, options, memory: true, cancellationToken);

    /// <summary>Finds the keys that take the most memory. Every key is looked at.</summary>
    /// <param name="count">How many: 1 to 100,000.</param>
    /// <param name="scan">Among which keys; null for all.</param>
    /// <param name="elementSamples">See <see cref="SampleOptions.ElementSamples"/>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The keys, the biggest first; fewer if there are no more.</returns>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    /// <exception cref="RedisException">The server stayed out of reach, or the user may not call <c>MEMORY USAGE</c>.</exception>
    /// <remarks><c>SCAN</c> and <c>MEMORY USAGE</c> for each key, many in a round trip; O(N) in the keys of the database. Redis 4.0, Valkey 7.2.</remarks>
    public async Task<IReadOnlyList<KeySize>> BiggestAsync(int count = 20, KeyScan? scan = null, int elementSamples = 5, CancellationToken cancellationToken = default)
    {
        WorkRange.Require(count, 1, MostOfBiggest, nameof(count));
        WorkRange.Require(elementSamples, 0, 10_000, nameof(elementSamples));
        KeyScan among = (scan ?? new KeyScan()).Validated();
        var biggest = new Dictionary<RedisBytes, long>();
        var order = new PriorityQueue<RedisBytes, long>();
        await foreach (KeyPage page in KeyPages.ReadAsync(_redis, among, default, cancellationToken).ConfigureAwait(false))
        {
            long?[] sizes = await KeyMemory.OfAsync(page.Primary.Keys, page.Keys, elementSamples, cancellationToken).ConfigureAwait(false);
            for (int i = 0; i < sizes.Length; i++)
            {
                // A key that the scan gives twice has one place.
                if (sizes[i] is not { } bytes || !biggest.TryAdd(page.Keys[i], bytes)) continue;
                order.Enqueue(page.Keys[i], bytes);
                if (order.Count > count) _ = biggest.Remove(order.Dequeue());
            }
        }

        return await DescribeAsync([.. biggest.OrderByDescending(pair => pair.Value)], cancellationToken).ConfigureAwait(false);
    }

    private async Task<KeyspaceEstimate> WeighAsync(RedisArgument pattern, SampleOptions? options, bool memory, CancellationToken cancellationToken)
    {
        WorkRange.RequirePattern(pattern, nameof(pattern));
        return await new Weighing(pattern, (options ?? new SampleOptions()).Validated(), memory).RunAsync(_redis, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<KeySize>> DescribeAsync(KeyValuePair<RedisBytes, long>[] keys, CancellationToken cancellationToken)
    {
        var batch = new RedisBatch();
        BatchResult<string>[] types = Array.ConvertAll(keys, key => batch.Add(RedisKeys.Type(key.Key)));
        BatchResult<KeyTimeToLive>[] left = Array.ConvertAll(keys, key => batch.Add(RedisKeys.TimeToLive(key.Key)));
        await _redis.ExecuteAsync(batch, cancellationToken).ConfigureAwait(false);
        return [.. keys.Select((key, at) => new KeySize(key.Key, key.Value, types[at].Value is "none" ? null : types[at].Value, left[at].Value.Left))];
    }
}
