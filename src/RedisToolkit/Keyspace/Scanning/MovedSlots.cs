using System.Globalization;
using System.Runtime.CompilerServices;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>
/// Finds the keys that a scan of a cluster, primary by primary, may have left out because their slots moved meanwhile: to a primary that
/// had been scanned, away from one that had not been. Slots that stayed, with the same primary in the same epoch, need no second look.
/// </summary>
internal sealed class MovedSlots
{
    private const int MostRounds = 50;
    private const int KeysAtOnce = 500;
    private const int SlotsAtOnce = 256;
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(20);
    private static readonly RedisCommand Nodes = RedisCommand.Create("CLUSTER", "NODES");
    private readonly IRedisClient _redis;
    private SlotView _before;

    private MovedSlots(IRedisClient redis, SlotView before)
    {
        _redis = redis;
        _before = before;
    }

    /// <summary>Takes note of who serves what, before the first key is read.</summary>
    /// <returns>Null if the user may not ask; then moves go unnoticed.</returns>
    public static async ValueTask<MovedSlots?> WatchAsync(IRedisClient redis, IReadOnlyList<Primary> primaries, CancellationToken cancellationToken)
    {
        try
        {
            return new MovedSlots(redis, await ViewAsync(primaries, cancellationToken).ConfigureAwait(false));
        }
        catch (RedisException refused) when (refused is RedisCommandDisabledException or RedisServerException { IsTransient: false })
        {
            return null;
        }
    }

    /// <summary>Reads the keys of all slots that moved since, until none moves any more.</summary>
    /// <exception cref="InvalidOperationException">Slots keep moving.</exception>
    public async IAsyncEnumerable<RedisBytes[]> ReadAsync(KeyScan scan, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        GlobMatcher? matcher = scan.Match is { } pattern ? new GlobMatcher(pattern.ToBytes()) : null;
        for (int round = 0; ; round++)
        {
            IReadOnlyList<Primary> primaries = await Primary.AllOfAsync(_redis, cancellationToken).ConfigureAwait(false);
            SlotView now = await ViewAsync(primaries, cancellationToken).ConfigureAwait(false);
            List<int> moved = now.ChangedSince(_before, alsoOpen: round == 0);
            if (moved.Count == 0) yield break;
            if (round == MostRounds) throw new InvalidOperationException($"The scan did not end: {moved.Count} slots of the cluster still move. Scan again when the cluster is at rest.");
            _before = now;
            foreach (int[] some in moved.Chunk(SlotsAtOnce))
            {
                foreach (Primary primary in primaries)
                {
                    // On its way, a slot has keys on both sides: first where they come from, then where they go to, so that none slips past.
                    int[] leaving = [.. some.Where(slot => now.Serves(primary, slot))];
                    foreach (RedisBytes[] keys in await KeysAsync(primary, leaving, scan.Type, matcher, cancellationToken).ConfigureAwait(false)) yield return keys;
                }

                foreach (Primary primary in primaries)
                {
                    int[] arriving = [.. some.Where(slot => now.Imports(primary, slot))];
                    foreach (RedisBytes[] keys in await KeysAsync(primary, arriving, scan.Type, matcher, cancellationToken).ConfigureAwait(false)) yield return keys;
                }
            }

            await Task.Delay(Rest, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async ValueTask<SlotView> ViewAsync(IReadOnlyList<Primary> primaries, CancellationToken cancellationToken)
    {
        var view = new SlotView();
        foreach (Primary primary in primaries) view.Add(primary, await primary.Redis.ExecuteAsync(Nodes, Replies.Text, cancellationToken).ConfigureAwait(false));
        return view;
    }

    private async ValueTask<List<RedisBytes[]>> KeysAsync(Primary primary, int[] slots, string? type, GlobMatcher? matcher, CancellationToken cancellationToken)
    {
        var all = new List<RedisBytes[]>();
        if (slots.Length == 0) return all;
        long[] counts = await ForEachAsync(primary, slots, slot => RedisCommand.Create("CLUSTER", "COUNTKEYSINSLOT", slot), Replies.Integer, cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < slots.Length; i++)
        {
            if (counts[i] == 0) continue;
            // Some more than were counted: others may be added meanwhile.
            RedisCommand command = RedisCommand.Create("CLUSTER", "GETKEYSINSLOT", slots[i], counts[i] + KeysAtOnce);
            RedisBytes[] keys = await primary.Redis.ExecuteAsync(command, Replies.ArrayOf(ScanReply.Item), cancellationToken).ConfigureAwait(false);
            if (matcher is not null) keys = Array.FindAll(keys, key => matcher.IsMatch(key.Span));
            if (type is not null && keys.Length > 0) keys = await OfTypeAsync(keys, type, cancellationToken).ConfigureAwait(false);
            foreach (RedisBytes[] page in keys.Chunk(KeysAtOnce)) all.Add(page);
        }

        return all;
    }

    private async ValueTask<RedisBytes[]> OfTypeAsync(RedisBytes[] keys, string type, CancellationToken cancellationToken)
    {
        var batch = new RedisBatch();
        BatchResult<string>[] types = Array.ConvertAll(keys, key => batch.Add(RedisKeys.Type(key)));
        await _redis.ExecuteAsync(batch, cancellationToken).ConfigureAwait(false);
        return [.. keys.Where((_, i) => types[i].Value.Equals(type, StringComparison.OrdinalIgnoreCase))];
    }

    private static async ValueTask<T[]> ForEachAsync<T>(Primary primary, int[] slots, Func<int, RedisCommand> command, ReplyReader<T> reply, CancellationToken cancellationToken)
    {
        var batch = new RedisBatch();
        BatchResult<T>[] results = Array.ConvertAll(slots, slot => batch.Add(command(slot), reply));
        await primary.Redis.ExecuteAsync(batch, cancellationToken).ConfigureAwait(false);
        return Array.ConvertAll(results, static result => result.Value);
    }

    /// <summary>Who serves which slot, by what each primary says of itself.</summary>
    private sealed class SlotView
    {
        private const int Slots = 16_384;
        private readonly string?[] _state = new string?[Slots];
        private readonly HashSet<int> _open = [];
        private readonly HashSet<(Primary, int)> _serves = [];
        private readonly HashSet<(Primary, int)> _imports = [];

        public bool Serves(Primary primary, int slot) => _serves.Contains((primary, slot));

        public bool Imports(Primary primary, int slot) => _imports.Contains((primary, slot));

        // id, address, flags, primary, ping, pong, epoch, link, then slots: 7, 0-5460, [93->-id] on its way out, [93-<-id] on its way in
        public void Add(Primary primary, string? nodes)
        {
            string? own = nodes?.Split('\n').FirstOrDefault(static line => line.Contains("myself", StringComparison.Ordinal));
            string[] fields = own?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
            for (int i = 8; i < fields.Length; i++)
            {
                if (fields[i].StartsWith('[')) AddOpen(primary, fields[0], fields[i]);
                else AddServed(primary, $"{fields[0]} {fields[6]}", fields[i]);
            }
        }

        public List<int> ChangedSince(SlotView before, bool alsoOpen)
        {
            var changed = new List<int>();
            for (int slot = 0; slot < Slots; slot++)
            {
                bool open = alsoOpen && (_open.Contains(slot) || before._open.Contains(slot));
                if (open || _state[slot] != before._state[slot]) changed.Add(slot);
            }

            return changed;
        }

        private void AddServed(Primary primary, string owner, string range)
        {
            string[] ends = range.Split('-');
            if (!int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first)) return;
            if (!int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int last)) return;
            for (int slot = Math.Max(first, 0); slot <= Math.Min(last, Slots - 1); slot++)
            {
                _state[slot] = owner + _state[slot];
                _serves.Add((primary, slot));
            }
        }

        private void AddOpen(Primary primary, string id, string text)
        {
            string digits = new([.. text.Skip(1).TakeWhile(char.IsAsciiDigit)]);
            if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int slot) || slot >= Slots) return;
            _open.Add(slot);
            _state[slot] += $" {id} {text}";
            if (text.Contains("-<-", StringComparison.Ordinal)) _imports.Add((primary, slot));
        }
    }
}
