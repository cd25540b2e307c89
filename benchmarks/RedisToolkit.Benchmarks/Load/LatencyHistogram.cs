using System.Numerics;

namespace RedisToolkit.Benchmarks.Load;

/// <summary>
/// Counts latencies in buckets that grow with the value: 32 per power of two, so a figure read back is at most 3 % off.
/// Not safe for several threads: every caller has its own, merged when the round is over.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 5;
    private const int Sub = 1 << SubBits;
    private const int TopBit = 36; // 2^37 ns, 137 s: longer ones count as that

    private readonly uint[] _counts = new uint[Index((1L << (TopBit + 1)) - 1) + 1];

    public void Record(long nanoseconds) =>
        _counts[Index(Math.Clamp(nanoseconds, 0, (1L << (TopBit + 1)) - 1))]++;

    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < _counts.Length; i++) _counts[i] += other._counts[i];
    }

    /// <summary>Reads the latency that <paramref name="fraction"/> of all calls did not exceed.</summary>
    /// <param name="fraction">Above 0, up to 1: 0.99 for the 99th percentile.</param>
    /// <returns>Microseconds (the middle of the bucket); 0 when nothing was recorded.</returns>
    public double Percentile(double fraction)
    {
        var total = _counts.Sum(count => (long)count);
        var rank = Math.Max(1, (long)Math.Ceiling(total * fraction));
        long seen = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank) return Middle(i) / 1000.0;
        }

        return 0;
    }

    private static int Index(long value)
    {
        if (value < Sub) return (int)value;
        var shift = BitOperations.Log2((ulong)value) - SubBits;
        return (shift << SubBits) + (int)(value >> shift);
    }

    private static double Middle(int index)
    {
        if (index < 2 * Sub) return index;
        var shift = (index >> SubBits) - 1;
        return ((index & (Sub - 1)) + Sub + 0.5) * (1L << shift);
    }
}
