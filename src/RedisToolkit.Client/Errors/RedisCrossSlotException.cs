using System.Text;

namespace RedisToolkit.Client;

/// <summary>
/// The keys of one command, script or transaction lie in different slots of the cluster, which may be on different nodes. Nothing was
/// sent. Keys with a common hash tag, <c>{user:1}:cart</c> and <c>{user:1}:orders</c>, lie in one slot.
/// </summary>
public sealed class RedisCrossSlotException : RedisException
{
    private const int MostShown = 4;
    private const int LongestShown = 64;

    private RedisCrossSlotException(string message, IReadOnlyList<(RedisArgument Key, int Slot)> keys)
        : base(message) => Keys = keys;

    /// <summary>Gets all keys with their slots, 0 to 16,383, in the command's order.</summary>
    public IReadOnlyList<(RedisArgument Key, int Slot)> Keys { get; }

    /// <inheritdoc/>
    public override CommandOutcome Outcome => CommandOutcome.NotSent;

    /// <inheritdoc/>
    public override bool IsTransient => false;

    internal static RedisCrossSlotException Of(string what, IReadOnlyList<RedisArgument> keys)
    {
        (RedisArgument Key, int Slot)[] all = [.. keys.Select(static key => (key, HashSlot.Of(key)))];
        // One key of each slot tells more than many of the same.
        (RedisArgument Key, int Slot)[] shown = [.. all.DistinctBy(static key => key.Slot).Take(MostShown)];
        int slots = all.Select(static key => key.Slot).Distinct().Count();
        string listed = string.Join(", ", shown.Select(static key => $"'{Show(key.Key)}' in slot {key.Slot}"));
        string message =
            $"{what} was not sent: its {all.Length} keys lie in {slots} slots of the cluster ({listed}{(slots > shown.Length ? ", ..." : string.Empty)}), and it is executed on one node. " +
            "Give them a common hash tag, as in '{user:1}:cart' and '{user:1}:orders', so that they share a slot, or send one command for each.";
        return new RedisCrossSlotException(message, all);
    }

    // Keys are the caller's own words, but may be any bytes and any length.
    private static string Show(in RedisArgument key)
    {
        byte[] bytes = key.ToBytes();
        var text = new StringBuilder();
        foreach (char c in Encoding.UTF8.GetString(bytes, 0, Math.Min(bytes.Length, LongestShown))) text.Append(char.IsControl(c) || c == '\ufffd' ? '.' : c);
        return bytes.Length > LongestShown ? text.Append("...").ToString() : text.ToString();
    }
}
