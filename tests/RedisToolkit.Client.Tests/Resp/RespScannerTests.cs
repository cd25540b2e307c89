namespace RedisToolkit.Client.Tests.Resp;

/// <summary>Where a reply ends.</summary>
public sealed class RespScannerTests
{
    [Theory]
    [InlineData("+OK\r\n")]
    [InlineData("+\r\n")]
    [InlineData("+a line feed\nin a status is content\r\n")]
    [InlineData("-ERR no\r\n")]
    [InlineData("-\r\n")]
    [InlineData(":0\r\n")]
    [InlineData(":-9223372036854775808\r\n")]
    [InlineData(":9223372036854775807\r\n")]
    [InlineData(":+7\r\n")]
    [InlineData("$0\r\n\r\n")]
    [InlineData("$2\r\n\r\n\r\n")]
    [InlineData("$5\r\nhello\r\n")]
    [InlineData("$-1\r\n")]
    [InlineData("*-1\r\n")]
    [InlineData("_\r\n")]
    [InlineData("#t\r\n")]
    [InlineData("#f\r\n")]
    [InlineData(",3.14\r\n")]
    [InlineData(",inf\r\n")]
    [InlineData(",-inf\r\n")]
    [InlineData(",nan\r\n")]
    [InlineData(",-nan\r\n")]
    [InlineData(",1e-300\r\n")]
    [InlineData("(3492890328409238509324850943850943825024385\r\n")]
    [InlineData("(-1\r\n")]
    [InlineData("!22\r\nSYNTAX invalid\r\nsyntax\r\n")]
    [InlineData("=15\r\ntxt:Some string\r\n")]
    [InlineData("=4\r\nmkd:\r\n")]
    [InlineData("*0\r\n")]
    [InlineData("*2\r\n:1\r\n*1\r\n$1\r\na\r\n")]
    [InlineData("%0\r\n")]
    [InlineData("%1\r\n+key\r\n%1\r\n+a\r\n_\r\n")]
    [InlineData("~0\r\n")]
    [InlineData("~2\r\n+a\r\n#f\r\n")]
    [InlineData(">2\r\n+invalidate\r\n*1\r\n$3\r\nkey\r\n")]
    [InlineData(">2\r\n+invalidate\r\n_\r\n")]
    [InlineData("|1\r\n+ttl\r\n:3600\r\n$1\r\nx\r\n")]
    [InlineData("|0\r\n+OK\r\n")]
    [InlineData("|1\r\n+a\r\n:1\r\n|1\r\n+b\r\n:2\r\n+OK\r\n")]
    [InlineData("|1\r\n|1\r\n+inner\r\n:1\r\n+a\r\n|0\r\n:1\r\n+OK\r\n")]
    [InlineData("|1\r\n+a\r\n:1\r\n>1\r\n+message\r\n")]
    [InlineData("|?\r\n+a\r\n:1\r\n.\r\n+OK\r\n")]
    [InlineData("*2\r\n|1\r\n+a\r\n:1\r\n+x\r\n+y\r\n")]
    [InlineData("$?\r\n;4\r\nHell\r\n;1\r\no\r\n;0\r\n")]
    [InlineData("$?\r\n;0\r\n")]
    [InlineData("$?\r\n;00\r\n")]
    [InlineData("*?\r\n.\r\n")]
    [InlineData("*?\r\n:1\r\n*?\r\n:2\r\n.\r\n:3\r\n.\r\n")]
    [InlineData("%?\r\n+a\r\n:1\r\n+b\r\n:2\r\n.\r\n")]
    [InlineData("~?\r\n+a\r\n.\r\n")]
    [InlineData("*?\r\n|1\r\n+a\r\n:1\r\n*?\r\n.\r\n.\r\n")]
    public void A_whole_reply_ends_with_its_last_byte(string wire)
    {
        byte[] bytes = Scanning.Bytes(wire);
        (byte[] frame, int arrivedAt) = Assert.Single(Scanning.ByteByByte(bytes));
        Assert.Equal(bytes, frame);
        Assert.Equal(bytes.Length, arrivedAt);
        // What follows, whatever it is, neither changes the end nor is looked at.
        foreach (string next in (string[])["+", "\r\n", ".\r\n", "!", "\0"])
        {
            Assert.True(new RespScanner(RespLimits.Default).TryScan(Scanning.Bytes(wire + next), out int length));
            Assert.Equal(bytes.Length, length);
        }
    }

    [Fact]
    public void A_string_of_known_length_says_at_its_header_how_long_the_reply_is()
    {
        var scanner = new RespScanner(RespLimits.Default);
        Assert.False(scanner.TryScan("$100000\r\n"u8, out _));
        Assert.Equal("$100000\r\n".Length + 100_000 + 2, scanner.LeastLength);
    }

    [Fact]
    public void A_part_of_a_streamed_string_is_not_taken_for_a_whole_string()
    {
        var scanner = new RespScanner(RespLimits.Default);
        Assert.False(scanner.TryScan("$?\r\n;100000\r\n"u8, out _));
        Assert.InRange(scanner.LeastLength, 1, "$?\r\n;100000\r\n".Length + 1);
    }

    [Fact]
    public void A_scanner_that_was_reset_begins_with_a_new_reply()
    {
        foreach (string begun in (string[])["$5\r\nhe", "*2\r\n:1\r\n", "$?\r\n;2\r\na", "|1\r\n+a\r\n", "*?\r\n|0\r\n", "=9\r\ntx", "+half a li"])
        {
            var scanner = new RespScanner(RespLimits.Default);
            Assert.False(scanner.TryScan(Scanning.Bytes(begun), out _));
            scanner.Reset();
            Assert.True(scanner.TryScan("$3\r\nabc\r\n"u8, out int length));
            Assert.Equal(9, length);
        }
    }

    [Fact]
    public void Aggregates_may_be_nested_as_deep_as_the_limit_and_no_deeper()
    {
        static string Nested(int depth) => string.Concat(Enumerable.Repeat("*1\r\n", depth)) + ":1\r\n";
        RespLimits limits = RespLimits.Default with { MaxDepth = 128 };
        Assert.Single(Scanning.Split(Scanning.Bytes(Nested(128)), [], limits));
        RedisProtocolException error = Assert.Throws<RedisProtocolException>(() => Scanning.Split(Scanning.Bytes(Nested(129)), [], limits));
        Assert.Contains("128 levels; RedisClientOptions.MaxReplyDepth", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$1024\r\n", true)]
    [InlineData("$1025\r\n", true)]
    [InlineData("$2000\r\n", false)]
    public void A_string_longer_than_a_reply_may_be_is_refused_at_its_header(string header, bool may)
    {
        // The limit is on what is kept: a header and a CRLF come on top.
        RespLimits limits = RespLimits.Default with { MaxBytes = 1025 };
        Exception? error = Record.Exception(() => Scanning.Split(Scanning.Bytes(header), [], limits));
        Assert.Equal(may, error is null);
        if (error is not null) Assert.Contains("RedisClientOptions.MaxReplyBytes", Assert.IsType<RedisProtocolException>(error).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("+", "xxxxxxxxxx")]
    [InlineData("*?\r\n", ":1\r\n")]
    [InlineData("*100000\r\n", "$1\r\na\r\n")]
    [InlineData("$?\r\n", ";5\r\nhello\r\n")]
    [InlineData("", "|0\r\n")]
    [InlineData("", "|1\r\n+a\r\n+b\r\n")]
    public void A_reply_that_never_ends_is_refused_soon_after_it_passes_the_limit(string beginning, string again)
    {
        RespLimits limits = RespLimits.Default with { MaxBytes = 1024 };
        var scanner = new RespScanner(limits);
        byte[] wire = Scanning.Bytes(beginning + string.Concat(Enumerable.Repeat(again, 1000)));
        int arrived = 0;
        RedisProtocolException error = Assert.Throws<RedisProtocolException>(() =>
        {
            while (arrived < wire.Length) Assert.False(scanner.TryScan(wire.AsSpan(0, ++arrived), out _));
        });
        Assert.InRange(arrived, 1024, 1024 + 64);
        Assert.Contains("RedisClientOptions.MaxReplyBytes", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*11\r\n")]
    [InlineData("%11\r\n")]
    [InlineData("~11\r\n")]
    [InlineData(">11\r\n")]
    [InlineData("|11\r\n")]
    [InlineData("*?\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n")]
    public void More_elements_than_allowed_are_refused(string wire)
    {
        RedisProtocolException error = Assert.Throws<RedisProtocolException>(() => Scanning.Split(Scanning.Bytes(wire), [], RespLimits.Default with { MaxElements = 10 }));
        Assert.Contains("RedisClientOptions.MaxReplyElements", error.Message, StringComparison.Ordinal);
    }
}
