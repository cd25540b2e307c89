namespace RedisToolkit.Client.Tests.TypedCommands;

/// <summary>What typed commands refuse, and how they spell what they are given. What they do on servers is in the conformance suite.</summary>
public sealed class TypedCommandInputTests
{
    [Fact]
    public void Bad_input_is_refused_before_anything_is_sent()
    {
        Assert.Throws<ArgumentException>(() => RedisStrings.GetMany());
        Assert.Throws<ArgumentException>(() => RedisStrings.SetMany());
        Assert.Throws<ArgumentException>(() => RedisKeys.DeleteMany());
        Assert.Throws<ArgumentException>(() => RedisHashes.GetMany("k"));
        Assert.Throws<ArgumentException>(() => RedisLists.PushLeft("k"));
        Assert.Throws<ArgumentException>(() => RedisSets.Add("k"));
        Assert.Throws<ArgumentException>(() => RedisSortedSets.AddMany("k"));
        Assert.Throws<ArgumentException>(() => RedisSortedSets.Add("k", "m", double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => RedisKeys.Expire("k", TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => Expiry.After(TimeSpan.FromSeconds(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Expiry.At(DateTimeOffset.UnixEpoch));
        Assert.Throws<ArgumentOutOfRangeException>(() => RedisStrings.Set("k", "v", default, (SetWhen)9));
    }

    [Fact]
    public void A_part_of_a_millisecond_to_live_counts_as_a_whole_one()
    {
        Assert.Equal("after 1 ms", Expiry.After(TimeSpan.FromTicks(1)).ToString());
        Assert.Equal("after 2 ms", Expiry.After(TimeSpan.FromTicks(10_001)).ToString());
        Assert.Equal("after 2 ms", Expiry.After(TimeSpan.FromMilliseconds(2)).ToString());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(5, 7)]
    public void Arguments_joined_from_lists_keep_their_order(int middle, int tail)
    {
        RedisArgument[] second = [.. Enumerable.Range(0, middle).Select(i => (RedisArgument)$"m{i}")];
        RedisArgument[] third = [.. Enumerable.Range(0, tail).Select(i => (RedisArgument)$"t{i}")];
        var command = new RedisCommand(CommandHeader.Of("MGET"), ["head"], second, third);
        RedisArgument[] all = [.. Enumerable.Range(0, command.ArgumentCount).Select(command.GetArgument)];
        Assert.Equal((RedisArgument[])["head", .. second, .. third], all);
    }
}
