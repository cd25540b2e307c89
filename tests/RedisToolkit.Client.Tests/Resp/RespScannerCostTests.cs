using System.Diagnostics;
using System.Text;

namespace RedisToolkit.Client.Tests.Resp;

/// <summary>A reply costs as much as it has bytes, into however many pieces it is cut.</summary>
public sealed class RespScannerCostTests
{
    private const byte Poison = (byte)'\r';

    // Against scanning again from the start, which takes minutes; a straight run takes well under a second.
    private static readonly TimeSpan NoHang = TimeSpan.FromSeconds(20);

    public static TheoryData<string, string, int> Large { get; } = new()
    {
        { "*100000\r\n", "$1\r\na\r\n", 100_000 },
        { "*100000\r\n", "*2\r\n:1\r\n_\r\n", 100_000 },
        { "%50000\r\n", "+k\r\n,1.5\r\n", 50_000 },
        { "*?\r\n", "$?\r\n;1\r\na\r\n;0\r\n", 50_000 },
        { "", "|1\r\n+a\r\n+b\r\n", 50_000 },
    };

    [Fact]
    public void A_long_line_in_single_bytes_is_searched_once()
    {
        byte[] wire = [.. "+"u8, .. Enumerable.Repeat((byte)'x', 1_000_000), .. "\r\n"u8];
        var scanner = new RespScanner(RespLimits.Default);
        long started = Stopwatch.GetTimestamp();
        for (int arrived = 1; arrived < wire.Length; arrived++)
        {
            Assert.False(scanner.TryScan(wire.AsSpan(0, arrived), out _));
            // Searched bytes are spoiled: whoever searches them again finds an end where none is.
            if (arrived > 1 && arrived < wire.Length - 1) wire[arrived - 1] = Poison;
        }

        Assert.True(scanner.TryScan(wire, out int length));
        Assert.Equal(wire.Length, length);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, NoHang);
    }

    [Theory]
    [MemberData(nameof(Large))]
    public void Elements_in_single_bytes_are_scanned_once(string header, string element, int times)
    {
        string end = header.EndsWith("?\r\n", StringComparison.Ordinal) ? ".\r\n" : header.Length == 0 ? "+OK\r\n" : string.Empty;
        byte[] wire = Scanning.Bytes(new StringBuilder(header).Insert(header.Length, element, times).Append(end).ToString());
        var scanner = new RespScanner(RespLimits.Default);
        long started = Stopwatch.GetTimestamp();
        int spoiled = 0;
        for (int arrived = 1; arrived < wire.Length; arrived++)
        {
            Assert.False(scanner.TryScan(wire.AsSpan(0, arrived), out _));
            // All before the element that is just arriving is done with.
            int done = arrived < header.Length ? 0 : header.Length + ((arrived - header.Length) / element.Length * element.Length);
            while (spoiled < Math.Min(done, wire.Length - end.Length)) wire[spoiled++] = Poison;
        }

        Assert.True(scanner.TryScan(wire, out int length));
        Assert.Equal(wire.Length, length);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, NoHang);
    }

    [Fact]
    public void Scanning_allocates_nothing()
    {
        byte[] wire = Scanning.Bytes("*3\r\n$5\r\nhello\r\n%1\r\n+a\r\n:12\r\n|1\r\n+t\r\n,1.5\r\n=8\r\ntxt:text\r\n");
        var scanner = new RespScanner(RespLimits.Default);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++)
        {
            if (scanner.TryScan(wire.AsSpan(0, i % wire.Length), out _)) Assert.Fail("whole too early");
            scanner.Reset();
            if (!scanner.TryScan(wire, out _)) Assert.Fail("not whole");
        }

        // Less than the smallest object for each scan: the runtime, too, may allocate on this thread now and then.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }
}
