using System.Runtime.CompilerServices;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>Some keys, and where the scan goes on behind them.</summary>
internal readonly record struct KeyPage(Primary Primary, RedisBytes[] Keys, ScanPlace Next);

/// <summary>A scan of the keyspace, primary by primary.</summary>
internal static class KeyPages
{
    public static async IAsyncEnumerable<KeyPage> ReadAsync(IRedisClient redis, KeyScan scan, ScanPlace from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<Primary> primaries = await Primary.AllOfAsync(redis, cancellationToken).ConfigureAwait(false);
        MovedSlots? moved = primaries[0].IsNode ? await MovedSlots.WatchAsync(redis, primaries, cancellationToken).ConfigureAwait(false) : null;
        // Of a cluster it is not known what moved since an earlier run got there.
        if (moved is not null) from = default;
        RedisArgument[] filters = Filters(scan.Match, scan.Count, scan.Type);
        var recent = new RecentItems(scan.RememberBytes);
        for (int at = from.Primary; at < primaries.Count; at++)
        {
            Primary primary = primaries[at];
            ScanPlace place = at == from.Primary ? from : default;
            await foreach (ScanStep<RedisBytes> step in ScanSteps
                .FollowAsync(primary, cursor => Command("SCAN", null, cursor, filters), ScanReply.Items, place, cancellationToken).ConfigureAwait(false))
            {
                ScanPlace next = step.IsLast ? new ScanPlace(at + 1, 0, null) : new ScanPlace(at, step.Cursor, step.ServerId);
                // Until it is known that nothing moved, a cluster's scan has not ended.
                if (moved is not null) next = default;
                yield return new KeyPage(primary, Array.FindAll(step.Items, recent.Add), next);
            }
        }

        if (moved is null) yield break;
        await foreach (RedisBytes[] keys in moved.ReadAsync(scan, cancellationToken).ConfigureAwait(false))
        {
            yield return new KeyPage(primaries[0], Array.FindAll(keys, recent.Add), default);
        }
    }

    /// <summary>The command of one step.</summary>
    public static RedisCommand Command(string name, RedisArgument? key, ulong cursor, ReadOnlySpan<RedisArgument> filters)
    {
        string text = cursor.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return key is { } of ? RedisCommand.Create(name, [of, text, .. filters]) : RedisCommand.Create(name, [text, .. filters]);
    }

    public static RedisArgument[] Filters(RedisArgument? match, int count, string? type = null)
    {
        var filters = new List<RedisArgument>(6) { "COUNT", count };
        if (match is { } pattern) filters.AddRange(["MATCH", pattern]);
        if (type is not null) filters.AddRange(["TYPE", type]);
        return [.. filters];
    }
}
