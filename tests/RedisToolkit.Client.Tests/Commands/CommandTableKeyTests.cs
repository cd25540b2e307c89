using System.Globalization;
using System.Text;

namespace RedisToolkit.Client.Tests.Commands;

/// <summary>Where keys stand. The same lines are put to real servers in <see cref="CommandTableServerSuite"/>.</summary>
public sealed class CommandTableKeyTests
{
    /// <summary>Commands with their keys, as <c>COMMAND GETKEYS</c> lists them.</summary>
    public static TheoryData<string, string> Lines => new()
    {
        { "GET k", "k" },
        { "OBJECT ENCODING k", "k" },
        { "MEMORY USAGE k SAMPLES 5", "k" },
        { "MSET a 1 b 2", "a b" },
        { "MGET a b c", "a b c" },
        { "BLPOP a b 0", "a b" },
        { "BITOP AND d a b", "d a b" },
        { "RENAME a b", "a b" },
        { "XGROUP CREATE s g $", "s" },
        { "EVAL return 2 a b c", "a b" },
        { "FCALL f 1 a b", "a" },
        { "LMPOP 2 a b LEFT", "a b" },
        { "BLMPOP 0 2 a b LEFT", "a b" },
        { "BZMPOP 0 1 a MIN", "a" },
        { "ZUNION 2 a b WITHSCORES", "a b" },
        { "ZUNIONSTORE d 2 a b WEIGHTS 1 2", "d a b" },
        { "ZDIFFSTORE d 1 a", "d a" },
        { "SINTERCARD 2 a b LIMIT 1", "a b" },
        { "XREAD STREAMS a b 0 0", "a b" },
        { "XREAD COUNT 2 BLOCK 5 streams a $", "a" },
        { "XREADGROUP GROUP g c COUNT 1 NOACK STREAMS a b > >", "a b" },
        { "XREADGROUP GROUP streams streams STREAMS a >", "a" },
        { "SORT l BY w_* LIMIT 0 5 GET STORE DESC STORE d", "l d" },
        { "SORT l BY STORE GET STORE", "l" },
        { "SORT_RO l BY w_*", "l" },
        { "GEORADIUS g 1 2 3 km COUNT 5 STORE d", "g d" },
        { "GEORADIUSBYMEMBER g m 3 km STOREDIST d", "g d" },
        { "MIGRATE h 1 k 0 5000", "k" },
        { "MIGRATE h 1  0 5000 COPY KEYS a b", "a b" },
        { "MIGRATE h 1  0 5000 AUTH KEYS KEYS a b", "a b" },
        { "MIGRATE h 1  0 5000 AUTH2 u KEYS KEYS a", "a" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    [InlineData("MSETEX 2 a 1 b 2 EX 5", "a b")]                                // Valkey 9.1 alone has it
    [InlineData("SSUBSCRIBE c1 c2", "c1 c2")]                                   // Valkey does not list channels as keys, yet routes by them
    [InlineData("GEORADIUS g 1 2 3 km STORE d STOREDIST e", "g d e")]           // Valkey lists the last destination only
    [InlineData("GEORADIUS g 1 2 3 km STOREDIST e COUNT 1 STORE d", "g e d")]
    public void Keys_are_found_where_they_stand(string command, string keys) => Assert.Equal(keys, string.Join(' ', Keys(command.Split(' '))));

    [Theory]
    [InlineData("PING")]
    [InlineData("GET")]
    [InlineData("BLPOP 0")]
    [InlineData("EVAL return")]
    [InlineData("EVAL return many a")]
    [InlineData("EVAL return -1 a")]
    [InlineData("EVAL return 0 a")]
    [InlineData("EVAL return 2 a")]
    [InlineData("EVAL return 9223372036854775807 a")]
    [InlineData("MSETEX 2 a 1 b")]
    [InlineData("XREAD STREAMS")]
    [InlineData("XREAD STREAMS a b 0")]
    [InlineData("XREAD COUNT 1")]
    [InlineData("MIGRATE h 1  0 5000 COPY")]
    public void Arguments_that_the_server_will_refuse_have_no_keys(string command) => Assert.Empty(Keys(command.Split(' ')));

    [Theory]
    [InlineData("BLPOP a 0", true)]
    [InlineData("WAIT 1 0", true)]
    [InlineData("XREAD BLOCK 0 STREAMS a $", true)]
    [InlineData("XREAD count 5 block 0 STREAMS a $", true)]
    [InlineData("XREADGROUP GROUP g c BLOCK 0 STREAMS a >", true)]
    [InlineData("XREADGROUP GROUP block block STREAMS a >", false)]
    [InlineData("XREAD STREAMS block 0", false)]
    [InlineData("XREAD COUNT 1 STREAMS a 0", false)]
    [InlineData("GET block", false)]
    public void A_command_that_waits_at_the_server_is_told_by_its_name_or_its_option(string command, bool blocks)
    {
        var arguments = new Words(command.Split(' '));

        Assert.Equal(blocks, CommandKeyFinder.Blocks(arguments.Info(), arguments.Count, arguments));
    }

    internal static IEnumerable<string> Keys(string[] words)
    {
        var arguments = new Words(words);
        KeyPositions positions = CommandKeyFinder.Find(arguments.Info(), arguments.Count, arguments);
        for (int i = 0; i < positions.Count; i++) yield return words[positions[i]];
    }

    private readonly struct Words(string[] words) : ICommandArguments
    {
        internal int Count => words.Length;

        public bool IsToken(int index, ReadOnlySpan<byte> upperToken) =>
            words[index].Equals(Encoding.ASCII.GetString(upperToken), StringComparison.OrdinalIgnoreCase);

        public bool TryInteger(int index, out long value) => long.TryParse(words[index], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

        internal CommandInfo Info() => CommandTable.TryGet(words[0], words.ElementAtOrDefault(1), out CommandInfo info) ? info : CommandInfo.Unknown(words[0]);
    }
}
