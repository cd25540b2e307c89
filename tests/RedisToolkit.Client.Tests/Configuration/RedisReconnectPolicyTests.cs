namespace RedisToolkit.Client.Tests.Configuration;

public sealed class RedisReconnectPolicyTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 1, 20)]
    [InlineData(1, 0, 20)]
    [InlineData(1, 1, 40)]
    [InlineData(2, 0.5, 60)]
    [InlineData(4, 1, 320)]
    [InlineData(5, 0, 250)]
    [InlineData(5, 1, 500)]
    [InlineData(int.MaxValue, 1, 500)]
    public void The_wait_doubles_at_each_failure_up_to_its_limit_with_jitter(int attempt, double random01, double milliseconds) =>
        Assert.Equal(milliseconds, new RedisReconnectPolicy().DelayFor(attempt, random01).TotalMilliseconds, precision: 3);

    [Theory]
    [InlineData(-1, 0.5)]
    [InlineData(0, -0.1)]
    [InlineData(0, 1.1)]
    [InlineData(0, double.NaN)]
    public void Numbers_that_make_no_sense_are_refused(int attempt, double random01) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RedisReconnectPolicy().DelayFor(attempt, random01));
}
