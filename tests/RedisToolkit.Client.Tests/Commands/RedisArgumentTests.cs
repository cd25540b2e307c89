using FsCheck;
using FsCheck.Fluent;

namespace RedisToolkit.Client.Tests.Commands;

/// <summary>Arguments are equal when they send the same bytes.</summary>
public sealed class RedisArgumentTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(2_000);

    [Fact]
    public void An_argument_equals_the_bytes_that_it_sends_and_no_others() => Prop.ForAll(Arguments.Any.ToArbitrary(), Arguments.Any.ToArbitrary(), (one, other) =>
    {
        bool same = one.Bytes.AsSpan().SequenceEqual(other.Bytes);
        return one.Argument == one.Bytes
            && one.Argument.GetHashCode() == ((RedisArgument)one.Bytes).GetHashCode()
            && one.Argument.ToBytes().AsSpan().SequenceEqual(one.Bytes)
            && one.Argument.Equals(other.Argument) == same
            && one.Argument.Equals((object)other.Argument) == same
            && (one.Argument != other.Argument) == !same;
    }).Check(Thorough);

    [Fact]
    public void Text_that_cannot_be_sent_equals_itself_alone()
    {
        RedisArgument half = "a\ud800";
        Assert.True(half == "a\ud800");
        Assert.Equal(half.GetHashCode(), ((RedisArgument)"a\ud800").GetHashCode());
        Assert.False(half == "a\ufffd");
        Assert.False(half == "a\ud801");
        Assert.False(half == new byte[] { 0x61, 0xEF, 0xBF, 0xBD });
        Assert.False(half == default);
        Assert.Contains("a\ud800", new HashSet<RedisArgument> { half });
    }

    [Fact]
    public void No_argument_equals_only_no_argument()
    {
        Assert.True(default == default(RedisArgument));
        Assert.False(default == (RedisArgument)"");
        Assert.Equal(default(RedisArgument).GetHashCode(), default(RedisArgument).GetHashCode());
        Assert.False(((RedisArgument)"").Equals((object?)null));
        Assert.True((RedisArgument)"" == Array.Empty<byte>());
        Assert.True((RedisArgument)"" == ReadOnlyMemory<byte>.Empty);
    }

    [Fact]
    public void Numbers_equal_their_spelling()
    {
        Assert.True((RedisArgument)42 == "42");
        Assert.True((RedisArgument)42L == "42"u8.ToArray());
        Assert.True((RedisArgument)42.0 == 42);
        Assert.False((RedisArgument)0.0 == -0.0);
        Assert.True((RedisArgument)double.PositiveInfinity == "inf");
    }

    [Fact]
    public void An_argument_shows_its_kind_and_not_its_content()
    {
        foreach (RedisArgument secret in (RedisArgument[])["hunter2", "hunter2"u8.ToArray(), (ReadOnlyMemory<byte>)"hunter2"u8.ToArray().AsMemory(1), 7777777, 7.777])
        {
            string shown = secret.ToString();
            Assert.DoesNotContain("hunter", shown, StringComparison.Ordinal);
            Assert.DoesNotContain("777", shown, StringComparison.Ordinal);
        }
    }
}
