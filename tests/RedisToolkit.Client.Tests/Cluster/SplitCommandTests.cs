using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace RedisToolkit.Client.Tests.Cluster;

/// <summary>A command split by slots and joined again is the command as it was.</summary>
public sealed class SplitCommandTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(300);

    [Fact]
    public void Values_come_back_in_the_order_of_the_keys() => Prop.ForAll(Keys().ToArbitrary(), keys =>
    {
        SplitCommand split = SplitCommand.Of(Command("MGET", keys));
        byte[][] frames = [.. split.Parts.Select(part => Values([.. Arguments(part.Command)]))];
        return split.Join(frames).Span.SequenceEqual(Values(keys)).ToProperty();
    }).Check(Thorough);

    [Fact]
    public void Every_part_has_keys_of_one_slot_and_together_they_are_all() => Prop.ForAll(Keys().ToArbitrary(), keys =>
    {
        SplitCommand split = SplitCommand.Of(Command("DEL", keys));
        bool ofOne = split.Parts.All(part => Arguments(part.Command).All(key => HashSlot.Of((RedisArgument)key) == part.Slot));
        bool all = split.Parts.SelectMany(part => Arguments(part.Command)).Order().SequenceEqual(keys.Order());
        bool eachSlotOnce = split.Parts.Select(part => part.Slot).Distinct().Count() == split.Parts.Count;
        return (ofOne && all && eachSlotOnce).ToProperty();
    }).Check(Thorough);

    [Fact]
    public void Pairs_stay_together() => Prop.ForAll(Keys().ToArbitrary(), keys =>
    {
        string[] pairs = [.. keys.SelectMany(key => new[] { key, "value of " + key })];
        SplitCommand split = SplitCommand.Of(Command("MSET", pairs));
        return split.Parts.All(part => Arguments(part.Command).Chunk(2).All(pair => pair[1] == "value of " + pair[0])).ToProperty();
    }).Check(Thorough);

    [Fact]
    public void Numbers_are_added()
    {
        SplitCommand split = SplitCommand.Of(Command("EXISTS", ["a", "b", "c"]));
        Assert.Equal(":6\r\n", Encoding.ASCII.GetString(split.Join([.. split.Parts.Select((_, i) => Encoding.ASCII.GetBytes($":{i + 1}\r\n"))]).Span));
    }

    [Fact]
    public void Absent_values_and_errors_within_keep_their_places()
    {
        SplitCommand split = SplitCommand.Of(Command("MGET", ["a", "b", "{a}2"]));
        Assert.Equal("*3\r\n$-1\r\n-ERR x\r\n_\r\n", Encoding.ASCII.GetString(split.Join(["*2\r\n$-1\r\n_\r\n"u8.ToArray(), "*1\r\n-ERR x\r\n"u8.ToArray()]).Span));
    }

    [Fact]
    public void A_part_with_another_number_of_values_is_no_answer()
    {
        SplitCommand split = SplitCommand.Of(Command("MGET", ["a", "b"]));
        Assert.Throws<RedisReplyException>(() => split.Join(["*2\r\n$-1\r\n$-1\r\n"u8.ToArray(), "*1\r\n$-1\r\n"u8.ToArray()]));
    }

    [Fact]
    public void Parts_keep_what_was_said_of_the_whole()
    {
        RedisCommand whole = Command("DEL", ["a", "b"]).SafeToRepeat().WithTimeout(TimeSpan.FromSeconds(7));
        Assert.All(SplitCommand.Of(whole).Parts, part =>
        {
            Assert.True(part.Command.Repeatable);
            Assert.Equal(TimeSpan.FromSeconds(7), part.Command.Timeout);
        });
    }

    [Fact]
    public void Failures_are_told_key_by_key_in_the_order_of_the_command()
    {
        SplitCommand split = SplitCommand.Of(Command("DEL", ["a", "b", "{a}2"]));
        var lost = new RedisConnectionException(ConnectionFailure.Lost, "x:1", "gone", CommandOutcome.Unknown);
        var error = Assert.IsType<RedisSplitCommandException>(split.Failed([lost, null]));
        Assert.Equal(["a", "{a}2"], error.Failures.Select(failure => Encoding.UTF8.GetString(failure.Key.ToBytes())));
        Assert.Equal(CommandOutcome.Unknown, error.Outcome);
        Assert.Contains("2 of 3 keys", error.Message, StringComparison.Ordinal);
        Assert.All(error.Failures, failure => Assert.Same(lost, failure.Error));
    }

    [Theory]
    [InlineData("MSETNX", "a", "1", "b", "2")]
    [InlineData("SUNION", "a", "b")]
    [InlineData("PFCOUNT", "a", "b")]
    [InlineData("MSET", "a", "1", "b")]
    [InlineData("RENAME", "a", "b")]
    public void What_needs_its_keys_in_one_place_is_refused_with_their_slots(params string[] words)
    {
        RedisCrossSlotException error = Assert.Throws<RedisCrossSlotException>(() => SplitCommand.Of(Command(words[0], words[1..])));
        Assert.Equal(CommandOutcome.NotSent, error.Outcome);
        Assert.Contains("'a' in slot 15495", error.Message, StringComparison.Ordinal);
        Assert.Contains("'b' in slot 3300", error.Message, StringComparison.Ordinal);
        Assert.Contains("hash tag", error.Message, StringComparison.Ordinal);
        Assert.Equal(15495, error.Keys[0].Slot);
    }

    private static RedisCommand Command(string name, string[] arguments) => RedisCommand.Create(name, [.. arguments.Select(argument => (RedisArgument)argument)]);

    private static IEnumerable<string> Arguments(RedisCommand command) =>
        Enumerable.Range(0, command.ArgumentCount).Select(i => Encoding.UTF8.GetString(command.GetArgument(i).ToBytes()));

    private static byte[] Values(IReadOnlyList<string> keys) =>
        Encoding.UTF8.GetBytes($"*{keys.Count}\r\n" + string.Concat(keys.Select(key => $"${Encoding.UTF8.GetByteCount(key) + 3}\r\nof {key}\r\n")));

    private static Gen<string[]> Keys() =>
        Gen.Choose(0, 400).Select(number => number % 3 == 0 ? $"{{t{number % 7}}}:{number}" : $"k{number}").NonEmptyListOf().Select(keys => keys.ToArray());
}
