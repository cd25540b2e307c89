using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace RedisToolkit.Client.Tests.Resp;

/// <summary>What the elements of a reply are read as.</summary>
public sealed class RespReaderTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(5_000);

    [Theory]
    [InlineData("_\r\n")]
    [InlineData("$-1\r\n")]
    [InlineData("*-1\r\n")]
    [InlineData("|1\r\n+a\r\n+b\r\n_\r\n")]
    public void Every_spelling_of_null_reads_as_absent(string wire)
    {
        Assert.Null(Scanning.Read(wire, Replies.Text));
        Assert.Null(Scanning.Read(wire, Replies.Bytes));
        Assert.Null(Scanning.Read(wire, Replies.IntegerOrNull));
        Assert.Null(Scanning.Read(wire, Replies.DoubleOrNull));
        Assert.False(Scanning.Read(wire, Replies.Boolean));
        Assert.True(Scanning.Read(wire, Replies.Pooled).IsNull);
        Assert.True(Scanning.Read(wire, Replies.Any).IsNull);
        Assert.Empty(Scanning.Read(wire, Replies.ArrayOf(Replies.Text)));
        Assert.Empty(Scanning.Read(wire, Replies.MapOf(Replies.Text, Replies.Text)));
        Assert.Empty(Scanning.Read(wire, Replies.PairsOf(Replies.Text, Replies.Text)));
        Assert.Null(Scanning.Read(wire, Replies.OrNull(Replies.ArrayOf(Replies.Text))));
        Assert.Throws<RedisReplyException>(() => Scanning.Read(wire, Replies.Integer));
        Assert.Throws<RedisReplyException>(() => Scanning.Read(wire, Replies.Double));
        Assert.Throws<RedisReplyException>(() => Scanning.Read(wire, Replies.TupleOf(Replies.Text, Replies.Text)));
    }

    [Theory]
    [InlineData("+hello\r\n", "hello")]
    [InlineData("$5\r\nhello\r\n", "hello")]
    [InlineData("$0\r\n\r\n", "")]
    [InlineData("=9\r\ntxt:hello\r\n", "hello")]
    [InlineData("=4\r\nmkd:\r\n", "")]
    [InlineData("$?\r\n;4\r\nhell\r\n;1\r\no\r\n;0\r\n", "hello")]
    [InlineData("$?\r\n;0\r\n", "")]
    [InlineData("$?\r\n;2\r\nab\r\n;000\r\n", "ab")]
    [InlineData("|1\r\n+k\r\n$?\r\n;1\r\na\r\n;00\r\n$1\r\nx\r\n", "x")]
    [InlineData(":42\r\n", "42")]
    [InlineData(",1e21\r\n", "1e21")]
    [InlineData("(123456789012345678901234567890\r\n", "123456789012345678901234567890")]
    public void Strings_and_numbers_read_as_text(string wire, string text)
    {
        Assert.Equal(text, Scanning.Read(wire, Replies.Text));
        Assert.Equal(Scanning.Bytes(text), Scanning.Read(wire, Replies.Bytes));
        Assert.Equal(text, Scanning.Read(wire, Replies.Any).AsText());
        using PooledBytes pooled = Scanning.Read(wire, Replies.Pooled);
        Assert.Equal(Scanning.Bytes(text), pooled.Span.ToArray());
    }

    [Theory]
    [InlineData(":42\r\n", 42)]
    [InlineData(":+42\r\n", 42)]
    [InlineData("$2\r\n42\r\n", 42)]
    [InlineData("$?\r\n;1\r\n4\r\n;1\r\n2\r\n;0\r\n", 42)]
    [InlineData("+-42\r\n", -42)]
    [InlineData("(42\r\n", 42)]
    [InlineData("#t\r\n", 1)]
    [InlineData("#f\r\n", 0)]
    [InlineData(":9223372036854775807\r\n", long.MaxValue)]
    [InlineData(":-9223372036854775808\r\n", long.MinValue)]
    public void Integers_are_read_from_whatever_spells_one(string wire, long number)
    {
        Assert.Equal(number, Scanning.Read(wire, Replies.Integer));
        Assert.Equal(number, Scanning.Read(wire, Replies.IntegerOrNull));
        Assert.Equal(number, Scanning.Read(wire, Replies.Any).AsInt64());
        Assert.Equal(number, Scanning.Read(wire, Replies.Any).AsBigInteger());
    }

    [Theory]
    [InlineData("$0\r\n\r\n")]
    [InlineData("$2\r\n4x\r\n")]
    [InlineData("$3\r\n4.0\r\n")]
    [InlineData("$3\r\n+-4\r\n")]
    [InlineData("$3\r\n 42\r\n")]
    [InlineData("$19\r\n9223372036854775808\r\n")]
    [InlineData("(9223372036854775808\r\n")]
    [InlineData("*0\r\n")]
    [InlineData("%0\r\n")]
    public void What_spells_no_integer_is_said_to(string wire)
    {
        Assert.Throws<RedisReplyException>(() => Scanning.Read(wire, Replies.Integer));
        if (wire[0] != '(') Assert.Throws<RedisReplyException>(() => Scanning.Read(wire, Replies.Any).AsBigInteger());
        Assert.Throws<RedisReplyException>(() => Scanning.Read(wire, Replies.Any).AsInt64());
    }

    [Theory]
    [InlineData("inf", double.PositiveInfinity)]
    [InlineData("+inf", double.PositiveInfinity)]
    [InlineData("Infinity", double.PositiveInfinity)]
    [InlineData("-inf", double.NegativeInfinity)]
    [InlineData("-INF", double.NegativeInfinity)]
    [InlineData("nan", double.NaN)]
    [InlineData("-nan", double.NaN)]
    [InlineData("NaN", double.NaN)]
    [InlineData("3", 3.0)]
    [InlineData("10.", 10.0)]
    [InlineData("0.10000000000000001", 0.1)]
    [InlineData("4.9406564584124654e-324", double.Epsilon)]
    [InlineData("1.7976931348623157e+308", double.MaxValue)]
    [InlineData("1e400", double.PositiveInfinity)]
    public void Doubles_are_read_in_every_spelling_in_both_protocols(string spelling, double number)
    {
        foreach (string wire in (string[])[$",{spelling}\r\n", $"${spelling.Length}\r\n{spelling}\r\n"])
        {
            Assert.Equal(number, Scanning.Read(wire, Replies.Double));
            Assert.Equal(number, Scanning.Read(wire, Replies.Any).AsDouble());
            Assert.Equal(spelling, Scanning.Read(wire, Replies.Any).AsText());
        }
    }

    [Fact]
    public void Every_double_printed_with_17_digits_is_read_back() => Prop.ForAll(ArbMap.Default.ArbFor<long>(), bits =>
    {
        double number = BitConverter.Int64BitsToDouble(bits);
        if (!double.IsFinite(number)) return true;
        string spelling = number.ToString("E16", CultureInfo.InvariantCulture);
        return BitConverter.DoubleToInt64Bits(Scanning.Read($",{spelling}\r\n", Replies.Double)) == bits;
    }).Check(Thorough);

    [Theory]
    [InlineData("#t\r\n", true)]
    [InlineData("#f\r\n", false)]
    [InlineData(":1\r\n", true)]
    [InlineData(":0\r\n", false)]
    [InlineData("$1\r\n1\r\n", true)]
    [InlineData("+OK\r\n", true)]
    [InlineData("$-1\r\n", false)]
    public void Truth_is_read_in_every_spelling(string wire, bool truth) => Assert.Equal(truth, Scanning.Read(wire, Replies.Boolean));

    [Theory]
    [InlineData(":2\r\n")]
    [InlineData("+QUEUED\r\n")]
    [InlineData("*0\r\n")]
    [InlineData(",1\r\n")]
    public void What_is_neither_true_nor_false_is_said_to_be_none(string wire) => Assert.Throws<RedisReplyException>(() => Scanning.Read(wire, Replies.Boolean));

    [Theory]
    [InlineData("-ERR no such thing\r\n", "ERR")]
    [InlineData("!15\r\nWRONGTYPE\r\nnope\r\n", "ERR")]
    [InlineData("!14\r\nWRONGTYPE nope\r\n", "WRONGTYPE")]
    [InlineData("-lower case\r\n", "ERR")]
    [InlineData("-\r\n", "ERR")]
    public void An_error_is_thrown_by_what_would_read_a_value(string wire, string code)
    {
        Assert.Equal(code, Assert.Throws<RedisServerException>(() => Scanning.Read(wire, Replies.Text)).Code);
        Assert.Equal(code, Assert.Throws<RedisServerException>(() => Scanning.Read(wire, Replies.Integer)).Code);
        Assert.Equal(code, Assert.Throws<RedisServerException>(() => Scanning.Read(wire, Replies.Double)).Code);
        Assert.Equal(code, Assert.Throws<RedisServerException>(() => Scanning.Read(wire, Replies.Boolean)).Code);
        Assert.Equal(code, Assert.Throws<RedisServerException>(() => Scanning.Read($"*1\r\n{wire}", Replies.ArrayOf(Replies.Text))).Code);
        Assert.Equal(code, Assert.Throws<RedisServerException>(() => Scanning.Read(wire, Replies.MapOf(Replies.Text, Replies.Text))).Code);
        Assert.Equal(code, Scanning.Read(wire, Replies.Any).Error!.Code);
        Assert.Throws<RedisServerException>(() => Scanning.Read(wire, Replies.Any).AsText());
    }

    [Fact]
    public void Errors_within_an_array_are_values_beside_others()
    {
        RedisReply reply = Scanning.Read("*3\r\n+OK\r\n-ERR no\r\n$1\r\na\r\n", Replies.Any);
        Assert.Equal([RespKind.SimpleString, RespKind.Error, RespKind.BulkString], reply.Items.Select(item => item.Kind));
        Assert.Equal("a", reply.Items[2].AsText());
    }

    [Theory]
    [InlineData("%2\r\n+a\r\n:1\r\n+b\r\n:2\r\n")]
    [InlineData("*4\r\n+a\r\n:1\r\n+b\r\n:2\r\n")]
    [InlineData("%?\r\n+a\r\n:1\r\n+b\r\n:2\r\n.\r\n")]
    [InlineData("*?\r\n+a\r\n:1\r\n|1\r\n+x\r\n+y\r\n+b\r\n:2\r\n.\r\n")]
    public void A_map_is_read_from_both_protocols(string wire)
    {
        Assert.Equal(new Dictionary<string, long> { ["a"] = 1, ["b"] = 2 }, Scanning.Read(wire, Replies.MapOf(Replies.Text, Replies.Integer)));
        Assert.Equal([("a", 1), ("b", 2)], Scanning.Read(wire, Replies.PairsOf(Replies.Text, Replies.Integer)));
        Assert.Equal("a 1 b 2", string.Join(' ', Scanning.Read(wire, Replies.ArrayOf(Replies.Text))));
    }

    [Fact]
    public void Pairs_are_read_nested_as_well()
    {
        Assert.Equal([("a", 1.5), ("b", 2)], Scanning.Read("*2\r\n*2\r\n$1\r\na\r\n,1.5\r\n*2\r\n$1\r\nb\r\n,2\r\n", Replies.PairsOf(Replies.Text, Replies.Double)));
        Assert.Empty(Scanning.Read("*0\r\n", Replies.PairsOf(Replies.Text, Replies.Double)));
        Assert.Throws<RedisReplyException>(() => Scanning.Read("*1\r\n*3\r\n+a\r\n+b\r\n+c\r\n", Replies.PairsOf(Replies.Text, Replies.Text)));
    }

    [Theory]
    [InlineData("*3\r\n+a\r\n:1\r\n+b\r\n")]
    [InlineData("*?\r\n+a\r\n.\r\n")]
    [InlineData("~1\r\n+a\r\n")]
    public void An_odd_number_of_elements_is_no_map(string wire)
    {
        Assert.Throws<RedisReplyException>(() => Scanning.Read(wire, Replies.MapOf(Replies.Text, Replies.Text)));
        Assert.Throws<RedisReplyException>(() => Scanning.Read(wire, Replies.PairsOf(Replies.Text, Replies.Text)));
    }

    [Fact]
    public void A_map_keeps_the_last_of_equal_keys_and_refuses_an_absent_one()
    {
        Assert.Equal("2", Scanning.Read("%2\r\n+a\r\n:1\r\n+a\r\n:2\r\n", Replies.MapOf(Replies.Text, Replies.Text))["a"]);
        Assert.Throws<RedisReplyException>(() => Scanning.Read("%1\r\n_\r\n:1\r\n", Replies.MapOf(Replies.Text, Replies.Text)));
    }

    [Fact]
    public void A_tuple_has_exactly_its_elements()
    {
        Assert.Equal(("a", 1), Scanning.Read("*2\r\n+a\r\n:1\r\n", Replies.TupleOf(Replies.Text, Replies.Integer)));
        Assert.Equal(("a", 1, true), Scanning.Read("*3\r\n+a\r\n:1\r\n#t\r\n", Replies.TupleOf(Replies.Text, Replies.Integer, Replies.Boolean)));
        Assert.Throws<RedisReplyException>(() => Scanning.Read("*1\r\n+a\r\n", Replies.TupleOf(Replies.Text, Replies.Integer)));
        Assert.Throws<RedisReplyException>(() => Scanning.Read("*3\r\n+a\r\n:1\r\n:1\r\n", Replies.TupleOf(Replies.Text, Replies.Integer)));
    }

    [Fact]
    public void Reading_more_than_the_reply_holds_is_a_reply_error()
    {
        ReplyReader<string> greedy = Replies.From(static (ref RespReader reader) => reader.ReadText() + reader.ReadText());
        Assert.Throws<RedisReplyException>(() => Scanning.Read("+a\r\n", greedy));
        ReplyReader<bool> skips = Replies.From(static (ref RespReader reader) =>
        {
            reader.Skip();
            reader.Skip();
            return true;
        });
        Assert.Throws<RedisReplyException>(() => Scanning.Read("*1\r\n+a\r\n", skips));
    }

    [Fact]
    public void Attributes_are_passed_over_by_readers_and_kept_by_the_tree()
    {
        const string Wire = "|1\r\n+a\r\n:1\r\n|1\r\n+b\r\n*1\r\n:2\r\n*2\r\n|1\r\n+c\r\n:3\r\n+x\r\n+y\r\n";
        Assert.Equal("x y", string.Join(' ', Scanning.Read(Wire, Replies.ArrayOf(Replies.Text))));
        RedisReply reply = Scanning.Read(Wire, Replies.Any);
        Assert.Equal(["a", "b"], reply.Attributes!.Where((_, i) => i % 2 == 0).Select(key => key.AsText()));
        Assert.Equal(3, reply.Items[0].Attributes![1].AsInt64());
        Assert.Null(reply.Items[1].Attributes);
    }

    [Fact]
    public void A_reply_is_shown_in_one_line_of_bounded_length()
    {
        Assert.Equal("{\"a\": 1, \"b\": [true, (nil), 1.5, (error) ERR no]}", Scanning.Read("%2\r\n$1\r\na\r\n:1\r\n$1\r\nb\r\n*4\r\n#t\r\n_\r\n,1.5\r\n-ERR no\r\n", Replies.Any).ToString());
        string x = new('x', 500_000);
        foreach (string wire in (string[])[$"+{x}\r\n", $"-{x}\r\n", $"${x.Length}\r\n{x}\r\n", $"={x.Length + 4}\r\ntxt:{x}\r\n", $"!{x.Length}\r\n{x}\r\n", $"*3\r\n+{x}\r\n+{x}\r\n+{x}\r\n"])
            Assert.InRange(Scanning.Read(wire, Replies.Any).ToString().Length, 1_000, 3_500);
    }
}
