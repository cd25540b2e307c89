namespace RedisToolkit.Client.Tests.Commands;

public sealed class RedisCommandMapTests
{
    [Fact]
    public void A_command_is_sent_by_its_own_name_unless_the_map_says_otherwise()
    {
        RedisCommandMap map = Map(("keys", "k_9f2"), ("FLUSHALL", null), ("config", ""));

        Assert.True(map.TryGetName("KEYS", out string? keys));
        Assert.Equal("k_9f2", keys);
        Assert.True(map.TryGetName("GET", out string? get));
        Assert.Equal("GET", get);
        Assert.False(map.TryGetName("FLUSHALL", out _));
        Assert.False(map.TryGetName("CONFIG", out _));
        Assert.Equal(3, map.Count);
    }

    [Fact]
    public void A_map_without_entries_is_the_one_that_changes_nothing() => Assert.Same(RedisCommandMap.None, Map());

    [Theory]
    [InlineData("", "x")]
    [InlineData("CONFIG SET", "x")]
    [InlineData("KEYS", "hard to guess")]
    [InlineData("KEYS", "hard\r\nguess")]
    public void A_name_that_cannot_be_sent_is_refused_and_not_quoted(string command, string sentAs)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Map((command, sentAs)));

        Assert.DoesNotContain("hard", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_listed_twice_is_refused() => Assert.Throws<ArgumentException>(() => Map(("keys", "a"), ("KEYS", "b")));

    private static RedisCommandMap Map(params (string Command, string? SentAs)[] entries) =>
        RedisCommandMap.Create(entries.Select(e => KeyValuePair.Create(e.Command, e.SentAs)));
}
