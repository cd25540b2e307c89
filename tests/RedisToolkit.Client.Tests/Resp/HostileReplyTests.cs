using System.Diagnostics;

namespace RedisToolkit.Client.Tests.Resp;

/// <summary>A server, or something that poses as one, sends what it must not: that ends the connection with one kind of exception, soon and cheaply.</summary>
public sealed class HostileReplyTests
{
    public static TheoryData<string> Malformed { get; } =
    [
        // Lengths.
        "$99999999999999999999\r\n", "$9223372036854775807\r\n", "$2147483648\r\n", "$4294967296\r\n", "$18446744073709551616\r\n", "$-2\r\n", "$-0\r\n", "$-\r\n", "$\r\n",
        "$+5\r\n", "$ 5\r\n", "$5 \r\n", "$5a\r\n", "$0x5\r\n", "$1e3\r\n", "$-11\r\n", "$536870913\r\n", "$??\r\n",
        "*9223372036854775807\r\n", "*2147483648\r\n", "*4611686018427387904\r\n", "*-2\r\n", "*\r\n", "*a\r\n", "*16777217\r\n", "%-1\r\n", "%9223372036854775807\r\n",
        "%4611686018427387904\r\n", "%1073741824\r\n", "~-1\r\n", "~\r\n", ">-1\r\n", ">0\r\n", ">\r\n", ">?\r\n", "|-1\r\n", "|\r\n", "|9999999999999999999999\r\n",
        "!-1\r\n", "!\r\n", "!?\r\n", "=-1\r\n", "=0\r\n\r\n", "=3\r\ntxt\r\n", "=?\r\n",
        // Terminators.
        "$5\r\nhelloXX", "$5\r\nhello\n\r", "$5\r\nhello!\r\n", "$0\r\nx\r\n", "$5\r\nhell\r\n\r\n", "=5\r\ntxt:aXX", "!1\r\naXX", "$?\r\n;1\r\naXX", "+OK\rX", "+\r\r", "$5\r\r",
        // Lines that are none.
        "\r\n", "\n", "\r", "\0", " ", "\r\n+OK\r\n", "*1\r\n\r\n", "*1\r\n\n", "$?\r\n\r\n", "\u0080", "\u00ff", "OK\r\n", "HTTP/1.1 400 Bad Request\r\n", "\u0015\u0003\u0001\u0000\u0002",
        // Values.
        ":\r\n", ":a\r\n", ":1.5\r\n", ":--1\r\n", ":+-1\r\n", ":++1\r\n", ": 1\r\n", ":1 \r\n", ":9223372036854775808\r\n", ":-9223372036854775809\r\n", ":1\n2\r\n",
        ",\r\n", ",a\r\n", ",1,5\r\n", ",.\r\n", ",--1\r\n", ",+-inf\r\n", ", 1\r\n", ",1e\r\n", ",in\r\n", "(\r\n", "(-\r\n", "(1.0\r\n", "(a\r\n", "(--1\r\n", "#\r\n", "#T\r\n", "#true\r\n", "#1\r\n", "_x\r\n", "_ \r\n",
        "=8\r\ntxtatext\r\n", "=4\r\ntext\r\n",
        // Order.
        "*1\r\n>1\r\n", "%1\r\n+a\r\n>1\r\n+b\r\n", "|1\r\n>1\r\n+a\r\n+b\r\n", ".\r\n", "*1\r\n.\r\n", "%1\r\n.\r\n", ";1\r\na\r\n", ";0\r\n", "*?\r\n;1\r\n", "*?\r\n.x\r\n",
        "%?\r\n+key\r\n.\r\n", "|?\r\n+key\r\n.\r\n", "%?\r\n+a\r\n+b\r\n+c\r\n.\r\n", "*?\r\n*1\r\n.\r\n", "*?\r\n*?\r\n.\r\n.\r\n.\r\n.\r\n",
        "$?\r\n+OK\r\n", "$?\r\n$1\r\na\r\n", "$?\r\n;-1\r\n", "$?\r\n;\r\n", "$?\r\n;?\r\n", "$?\r\n;99999999999999999999\r\n", "$?\r\n.\r\n",
        "*?\r\n|1\r\n+a\r\n+b\r\n.\r\n", "*?\r\n|0\r\n.\r\n", "*?\r\n|?\r\n.\r\n.\r\n", "%?\r\n+a\r\n+b\r\n|1\r\n+c\r\n+d\r\n.\r\n", "|?\r\n|0\r\n.\r\n",
    ];

    [Theory]
    [MemberData(nameof(Malformed))]
    public void What_is_no_RESP_is_a_protocol_error_however_it_arrives(string wire)
    {
        byte[] bytes = Scanning.Bytes(wire);
        // A lone CR, and the two bytes behind a string, are judged when the next byte is there; a reply that follows brings it.
        byte[] followed = [.. bytes, .. "+OK\r\n+OK\r\n"u8];
        Assert.Throws<RedisProtocolException>(() => All(Scanning.Split(followed, [])));
        Assert.Throws<RedisProtocolException>(() => All(Scanning.ByteByByte(followed)));
        for (int cut = 1; cut < followed.Length; cut++) Assert.Throws<RedisProtocolException>(() => All(Scanning.Split(followed, [cut])));

        // No reply before the fault may have been made of it.
        static void All(List<(byte[] Frame, int ArrivedAt)> frames) =>
            Assert.Fail($"{frames.Count} replies were found, the first of {(frames.Count > 0 ? frames[0].Frame.Length : 0)} bytes");
    }

    [Theory]
    [InlineData("X")]
    [InlineData("H")]
    [InlineData("\u0015")]
    [InlineData("\n")]
    [InlineData("*1\r\nX")]
    [InlineData("$?\r\n+")]
    public void A_byte_that_begins_no_element_is_refused_before_its_line_ends(string wire) =>
        Assert.Throws<RedisProtocolException>(() => Scanning.Split(Scanning.Bytes(wire), []));

    [Theory]
    [InlineData("*1\r\n")]
    [InlineData("*?\r\n")]
    [InlineData("%1\r\n+k\r\n")]
    [InlineData("%?\r\n+k\r\n")]
    [InlineData("~1\r\n")]
    [InlineData("|1\r\n")]
    [InlineData("|1\r\n+k\r\n")]
    [InlineData("|?\r\n")]
    [InlineData("*2\r\n|1\r\n+k\r\n")]
    public void A_depth_bomb_is_refused_at_the_limit(string level)
    {
        byte[] bomb = Scanning.Bytes(string.Concat(Enumerable.Repeat(level, 100_000)));
        long before = GC.GetAllocatedBytesForCurrentThread();
        RedisProtocolException error = Assert.Throws<RedisProtocolException>(() => Scanning.Split(bomb, []));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
        Assert.Contains("MaxReplyDepth", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*16777216\r\n")]
    [InlineData("%16777216\r\n")]
    [InlineData("~16777216\r\n*16777216\r\n%16777216\r\n")]
    [InlineData("$536870912\r\n")]
    [InlineData("!536870912\r\n")]
    [InlineData("*2\r\n=536870912\r\n")]
    public void What_is_only_announced_costs_nothing(string wire)
    {
        byte[] bytes = Scanning.Bytes(wire);
        var scanner = new RespScanner(RespLimits.Default);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(scanner.TryScan(bytes, out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024);
    }

    [Fact]
    public void Replies_nested_to_the_deepest_limit_are_read_skipped_and_shown_without_harm()
    {
        RespLimits deepest = RespLimits.Default with { MaxDepth = 128 };
        foreach ((string open, string close) in ((string, string)[])[("*1\r\n", ""), ("*?\r\n", ".\r\n"), ("%1\r\n:1\r\n", ""), ("|1\r\n:1\r\n", ":2\r\n"), ("|?\r\n:1\r\n", ".\r\n:2\r\n"), ("~?\r\n", ".\r\n")])
        {
            byte[] wire = Scanning.Bytes(string.Concat(Enumerable.Repeat(open, 128)) + ":1\r\n" + string.Concat(Enumerable.Repeat(close, 128)));
            (byte[] frame, _) = Assert.Single(Scanning.Split(wire, [], deepest));
            Assert.NotEmpty(Scanning.ReadAny(frame).ToString());
            var reader = new RespReader(frame);
            reader.Skip();
            Assert.True(reader.AtEnd);
        }
    }

    [Theory]
    [InlineData("*?\r\n", ".\r\n")]
    [InlineData("|?\r\n:1\r\n", ".\r\n:2\r\n")]
    public void Nested_streams_are_not_read_over_and_over(string open, string close)
    {
        // Looking ahead to the end of a stream may cost once more for each level, but must not double with it: 2^64 would never end.
        byte[] wire = Scanning.Bytes(string.Concat(Enumerable.Repeat(open, 64)) + ":1\r\n" + string.Concat(Enumerable.Repeat(close, 64)));
        (byte[] frame, _) = Assert.Single(Scanning.Split(wire, [], RespLimits.Default with { MaxDepth = 64 }));
        long started = Stopwatch.GetTimestamp();
        _ = Scanning.ReadAny(frame);
        _ = Scanning.Read(System.Text.Encoding.Latin1.GetString(wire), Replies.Done, RespLimits.Default with { MaxDepth = 64 });
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 30);
    }
}
