namespace RedisToolkit.Client.Tests.Sentinel;

/// <summary>What sentinels that contradict one another say together.</summary>
public sealed class SentinelVerdictTests
{
    private static readonly RedisEndpoint Old = new("10.0.0.1");
    private static readonly RedisEndpoint New = new("10.0.0.2");

    private static SentinelAnswer Says(RedisEndpoint primary, long epoch, bool failingOver = false) =>
        new(new RedisEndpoint($"10.0.1.{Random.Shared.Next(200) + 1}", 26379)) { Primary = primary, Epoch = epoch, IsFailingOver = failingOver };

    private static SentinelAnswer Silent(int number) => new(new RedisEndpoint($"10.0.2.{number}", 26379)) { Failure = new RedisConnectionException(ConnectionFailure.Refused, "x", "nobody there", CommandOutcome.NotSent) };

    private static SentinelVerdict Of(long seen, params SentinelAnswer[] answers) => SentinelVerdict.Of(answers, 3, seen, "mymaster");

    [Fact]
    public void One_who_knows_of_the_later_failover_is_right_against_two() => Assert.Equal(New, Of(1, Says(Old, 1), Says(New, 2), Says(Old, 1)).Primary);

    [Fact]
    public void Of_those_who_know_as_much_the_most_are_right() => Assert.Equal(New, Of(1, Says(Old, 1), Says(New, 1), Says(New, 1)).Primary);

    [Fact]
    public void One_alone_is_believed() => Assert.Equal(Old, Of(1, Silent(1), Says(Old, 1), Silent(2)).Primary);

    [Fact]
    public void One_alone_who_missed_a_failover_is_not_believed()
    {
        SentinelVerdict verdict = Of(2, Silent(1), Says(Old, 1), Silent(2));
        Assert.Null(verdict.Primary);
        Assert.Equal(ConnectionFailure.NotPrimary, verdict.Failure!.Failure);
        Assert.Contains("1 of 3 sentinels", verdict.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Most_of_them_are_believed_even_if_their_count_began_anew() => Assert.Equal(New, Of(7, Says(New, 0), Says(New, 0), Silent(1)).Primary);

    [Fact]
    public void One_who_does_not_know_the_name_does_not_matter_as_long_as_another_does()
    {
        Assert.Equal(Old, Of(0, new SentinelAnswer(New) { IsNameUnknown = true }, Says(Old, 0)).Primary);
        Assert.Equal(ConnectionFailure.UnknownService, Of(0, new SentinelAnswer(New) { IsNameUnknown = true }, Silent(1)).Failure!.Failure);
        Assert.Equal(ConnectionFailure.NoSentinel, Of(0, Silent(1), Silent(2)).Failure!.Failure);
    }
}
