using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace RedisToolkit.Client.Tests.Commands;

/// <summary>A command on the wire is its name and its arguments, byte for byte, whatever they hold.</summary>
public sealed class RedisCommandTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(2_000);
    private static readonly CommandSpelling Plain = new(RedisCommandMap.None, int.MaxValue);

    [Fact]
    public void What_is_spelled_parses_back_to_the_same_bytes() => Prop.ForAll(
        Gen.Elements("GET", "set", "MyModule.Do-It", "X").ToArbitrary(),
        Arguments.Any.ListOf().ToArbitrary(),
        (name, arguments) =>
        {
            byte[][] parts = WrittenCommand.Only(Spell(RedisCommand.Create(name, [.. arguments.Select(argument => argument.Argument)])));
            byte[][] meant = [Encoding.ASCII.GetBytes(name.ToUpperInvariant()), .. arguments.Select(argument => argument.Bytes)];
            return Same(meant, parts);
        }).Check(Thorough);

    [Fact]
    public void Several_commands_in_one_buffer_stay_apart() => Prop.ForAll(Arguments.Any.ListOf().ListOf().ToArbitrary(), commands =>
    {
        var buffer = new SendBuffer(16);
        foreach (var arguments in commands) RedisCommand.Create("ECHO", [.. arguments.Select(argument => argument.Argument)]).WriteTo(buffer, Plain);
        ReadOnlySpan<byte> wire = buffer.Written;
        foreach (var arguments in commands)
        {
            if (!Same(["ECHO"u8.ToArray(), .. arguments.Select(argument => argument.Bytes)], WrittenCommand.Next(ref wire))) return false;
        }

        return wire.IsEmpty;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Theory]
    [InlineData("\r\n")]
    [InlineData("x\r\n$7\r\nFLUSHDB\r\n")]
    [InlineData("\r\n*1\r\n$8\r\nFLUSHALL\r\n")]
    [InlineData("\0")]
    [InlineData("a b")]
    [InlineData("\"; DEL x")]
    [InlineData("")]
    public void No_content_of_an_argument_makes_another_command(string content)
    {
        byte[][] parts = WrittenCommand.Only(Spell(RedisCommand.Create("SET", content, Encoding.UTF8.GetBytes(content))));
        Assert.Equal(3, parts.Length);
        Assert.Equal(content, Encoding.UTF8.GetString(parts[1]));
        Assert.Equal(content, Encoding.UTF8.GetString(parts[2]));
    }

    [Theory]
    [InlineData("GET x")]
    [InlineData(" GET")]
    [InlineData("GET ")]
    [InlineData("GET\r\n")]
    [InlineData("GET\r\n$3\r\nfoo")]
    [InlineData("GET\t")]
    [InlineData("CONFIG|GET")]
    [InlineData("MEMORY|USAGE")]
    [InlineData("G\u00cbT")]
    [InlineData("GET\0")]
    [InlineData("GET\u00a0x")]
    [InlineData("GET\u2028")]
    [InlineData("GET\u0085")]
    [InlineData(" ")]
    [InlineData("")]
    public void A_name_with_blanks_or_none_is_refused(string name) => Assert.ThrowsAny<ArgumentException>(() => RedisCommand.Create(name, "x"));

    [Fact]
    public void What_is_no_command_or_no_argument_is_refused()
    {
        Assert.ThrowsAny<ArgumentException>(() => RedisCommand.Create(null!));
        ArgumentException missing = Assert.Throws<ArgumentException>(() => RedisCommand.Create("SET", "key", default));
        Assert.Contains("Argument 2 of SET", missing.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Spell(default));
        Assert.Throws<ArgumentException>(() => default(RedisCommand).Name);
        Assert.Throws<ArgumentException>(() => default(RedisArgument).ToBytes());
        Assert.Throws<ArgumentException>(() => Spell(RedisStrings.Get(default).Command));
        Assert.Throws<ArgumentNullException>(() => (RedisArgument)(string)null!);
        Assert.Throws<ArgumentNullException>(() => (RedisArgument)(byte[])null!);
        Assert.Throws<ArgumentException>(() => (RedisArgument)double.NaN);
        Assert.Throws<ArgumentNullException>(() => RedisCommand.Create("GET", "x").Returning<string>(null!));
        Assert.Equal("no command", default(RedisCommand).ToString());
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused_and_leaves_nothing_of_it_to_be_sent()
    {
        // Not in attributes: those are stored as UTF-8, which has no halves.
        foreach (string text in (string[])["\ud800", "\udc00", "a\ud800b", "\udc00\ud800", "value\ud83d"])
        {
            RedisArgument argument = text;
            Assert.Throws<ArgumentException>(() => argument.ToBytes());
            var buffer = new SendBuffer(16);
            RedisCommand.Create("PING").WriteTo(buffer, Plain);
            int mark = buffer.Length;
            Assert.Throws<ArgumentException>(() => RedisCommand.Create("SET", "key", text).WriteTo(buffer, Plain));
            buffer.Truncate(mark);
            RedisCommand.Create("ECHO", "x").WriteTo(buffer, Plain);
            Assert.Equal("*1\r\n$4\r\nPING\r\n*2\r\n$4\r\nECHO\r\n$1\r\nx\r\n", Encoding.UTF8.GetString(buffer.Written));
        }
    }

    [Fact]
    public void Arguments_are_as_long_as_allowed_and_no_longer()
    {
        var spelling = new CommandSpelling(RedisCommandMap.None, 1024);
        var buffer = new SendBuffer(16);
        foreach (RedisArgument fits in (RedisArgument[])[new string('a', 1024), new byte[1024], new string('ä', 512), long.MinValue, double.MinValue])
            RedisCommand.Create("SET", "k", fits).WriteTo(buffer, spelling);
        foreach (RedisArgument large in (RedisArgument[])[new string('a', 1025), new byte[1025], new string('ä', 513)])
        {
            ArgumentException error = Assert.Throws<ArgumentException>(() => RedisCommand.Create("SET", "k", large).WriteTo(buffer, spelling));
            Assert.Contains("1024 are allowed; RedisClientOptions.MaxArgumentBytes", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Renamed_commands_are_sent_by_their_new_names_and_disabled_ones_not_at_all()
    {
        RedisCommandMap map = RedisCommandMap.Create([new("GET", "hidden-get"), new("FLUSHALL", null)]);
        var spelling = new CommandSpelling(map, int.MaxValue);
        Assert.Equal("hidden-get", Encoding.ASCII.GetString(WrittenCommand.Only(Spell(RedisCommand.Create("get", "k"), spelling))[0]));
        Assert.Equal("SET", Encoding.ASCII.GetString(WrittenCommand.Only(Spell(RedisCommand.Create("SET", "k", "v"), spelling))[0]));
        Assert.Throws<RedisCommandDisabledException>(() => Spell(RedisCommand.Create("FLUSHALL"), spelling));
    }

    [Fact]
    public void Doubles_are_sent_so_that_they_read_back_as_the_same_number() => Prop.ForAll(ArbMap.Default.ArbFor<long>(), bits =>
    {
        double number = BitConverter.Int64BitsToDouble(bits);
        if (double.IsNaN(number)) return true;
        string sent = Encoding.ASCII.GetString(((RedisArgument)number).ToBytes());
        return double.IsInfinity(number)
            ? sent == (number > 0 ? "inf" : "-inf")
            : BitConverter.DoubleToInt64Bits(double.Parse(sent, CultureInfo.InvariantCulture)) == bits;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(-0.0, "-0")]
    [InlineData(0.1, "0.1")]
    [InlineData(1e21, "1E+21")]
    [InlineData(double.Epsilon, "5E-324")]
    [InlineData(double.MaxValue, "1.7976931348623157E+308")]
    [InlineData(double.NegativeInfinity, "-inf")]
    public void Doubles_are_sent_in_the_fewest_digits(double number, string sent) => Assert.Equal(sent, Encoding.ASCII.GetString(((RedisArgument)number).ToBytes()));

    [Fact]
    public void Names_and_arguments_of_commands_are_not_shown_only_described()
    {
        string shown = RedisCommand.Create("AUTH", "user", "geheim"u8.ToArray(), 12345678, 0.12345).ToString();
        Assert.Equal("AUTH (text of 4 characters, 6 bytes, an integer, a double)", shown);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(300)]
    public void Arguments_are_found_by_their_number_and_no_other(int count)
    {
        RedisCommand command = RedisCommand.Create("MGET", [.. Enumerable.Range(0, count).Select(i => (RedisArgument)i)]);
        Assert.Equal(count, command.ArgumentCount);
        for (int i = 0; i < count; i++) Assert.Equal(i, command.GetArgument(i));
        Assert.Throws<ArgumentOutOfRangeException>(() => command.GetArgument(count));
        Assert.Throws<ArgumentOutOfRangeException>(() => command.GetArgument(-1));
    }

    private static byte[] Spell(in RedisCommand command, CommandSpelling? spelling = null)
    {
        var buffer = new SendBuffer(16);
        command.WriteTo(buffer, spelling ?? Plain);
        return buffer.Written.ToArray();
    }

    private static bool Same(byte[][] meant, byte[][] read) => meant.Length == read.Length && meant.Zip(read).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));
}
