namespace RedisToolkit;

/// <summary>Remembers what was given, as much of it as fits: so that nothing is given twice, and never at the price of leaving something out.</summary>
/// <param name="mostBytes">How much memory it may take, about.</param>
/// <remarks>The bytes themselves are kept rather than hashes of them: two items with one hash would lose one of them.</remarks>
internal sealed class RecentItems(int mostBytes)
{
    // The array's own header, and the entries of the set and the queue with room to grow.
    private const int Overhead = 96;
    private readonly HashSet<RedisBytes> _items = [];
    private readonly Queue<RedisBytes> _order = [];
    private long _bytes;

    /// <summary>Gets about how much memory it takes.</summary>
    public long Bytes => _bytes;

    /// <returns>Whether it is not among those remembered.</returns>
    public bool Add(RedisBytes item)
    {
        if (mostBytes == 0) return true;
        if (!_items.Add(item)) return false;
        _order.Enqueue(item);
        _bytes += item.Length + Overhead;
        while (_bytes > mostBytes)
        {
            RedisBytes oldest = _order.Dequeue();
            _ = _items.Remove(oldest);
            _bytes -= oldest.Length + Overhead;
        }

        return true;
    }
}
