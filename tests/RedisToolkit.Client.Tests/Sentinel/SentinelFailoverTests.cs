using System.Diagnostics;
using System.Globalization;
using RedisToolkit.Client.Tests.Faults;
using RedisToolkit.Testing;
using Xunit.Abstractions;

namespace RedisToolkit.Client.Tests.Sentinel;

/// <summary>Primaries that die, stall and come back while two hundred callers write. The long form (20 kills) runs where REDISTOOLKIT_LONG_TESTS is 1.</summary>
[Collection(nameof(Alone))]
public sealed class SentinelFailoverTests(ITestOutputHelper output)
{
    private const int Callers = 200;
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("REDISTOOLKIT_LONG_TESTS") == "1";

    [Fact]
    public async Task Writers_go_on_at_the_new_primary_and_nobody_writes_to_the_old_one_when_it_returns()
    {
        await using SentinelSet set = await SentinelSet.StartAsync();
        await using RedisClient redis = await set.ConnectAsync(options => options with { MaxDedicatedConnections = 64 });
        var load = new FailoverLoad(redis);
        load.Start(Callers, careful: 10);
        var gaps = new List<double>();
        int rounds = IsLong ? 20 : 2;
        for (int round = 1; round <= rounds; round++)
        {
            RedisNode old = set.Of(redis);
            await load.WritesAgainAsync(Stopwatch.GetTimestamp());
            await old.KillAsync();
            long killed = Stopwatch.GetTimestamp();
            (RedisNode promoted, long at) = await set.PromotedAsync(old);
            await load.WritesAgainAsync(killed);
            long resumed = Stopwatch.GetTimestamp();
            Assert.Equal(promoted, set.Of(redis));
            gaps.Add(Stopwatch.GetElapsedTime(at, resumed).TotalMilliseconds);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round}: promoted {Stopwatch.GetElapsedTime(killed, at).TotalMilliseconds:0} ms after the kill, written to {gaps[^1]:0} ms after that"));
            if (round == rounds) break;
            await old.StartAsync(CancellationToken.None);
            await NobodyWritesToAsync(old);
            await set.SettledAsync();
        }

        await load.StopAsync();
        output.WriteLine($"{load.Writes} writes, longest call {load.Longest.TotalMilliseconds:0} ms; {load.Outcomes}");
        Assert.DoesNotContain("Timeout", load.Outcomes, StringComparison.Ordinal);
        Assert.DoesNotContain("ServerException", load.Outcomes, StringComparison.Ordinal);
        Assert.True(load.Longest < redis.Options.CommandTimeout, load.Outcomes);
        if (IsLong) Assert.True(gaps.Max() < 1000, $"The longest gap was {gaps.Max():0} ms.");
        await EverythingAcknowledgedIsThereAsync(set.Of(redis), load);
    }

    [Fact]
    public async Task A_primary_that_stalls_is_left_for_the_new_one_and_not_returned_to()
    {
        await using SentinelSet set = await SentinelSet.StartAsync();
        await using RedisClient redis = await set.ConnectAsync();
        var load = new FailoverLoad(redis);
        load.Start(Callers, careful: 5);
        RedisNode old = set.Of(redis);
        await load.WritesAgainAsync(Stopwatch.GetTimestamp());
        await old.PauseAsync();
        long paused = Stopwatch.GetTimestamp();
        (RedisNode promoted, long at) = await set.PromotedAsync(old);
        await load.WritesAgainAsync(paused);
        output.WriteLine($"promoted {Stopwatch.GetElapsedTime(paused, at).TotalMilliseconds:0} ms after the pause, written to {Stopwatch.GetElapsedTime(at).TotalMilliseconds:0} ms after that");
        await Bounded.Until(() => redis.Server?.Endpoint.Port == promoted.Port, "the new one is connected to");
        await old.ResumeAsync();
        await set.SettledAsync();
        Assert.Equal(promoted, set.Of(redis));
        await load.StopAsync();
        output.WriteLine($"{load.Writes} writes, longest call {load.Longest.TotalMilliseconds:0} ms; {load.Outcomes}");
        Assert.DoesNotContain("Timeout", load.Outcomes, StringComparison.Ordinal);
        await EverythingAcknowledgedIsThereAsync(promoted, load);
    }

    [Fact]
    public async Task A_failover_by_hand_costs_callers_nothing_but_outcomes_that_are_unknown()
    {
        await using SentinelSet set = await SentinelSet.StartAsync();
        await using RedisClient redis = await set.ConnectAsync();
        var load = new FailoverLoad(redis);
        load.Start(Callers, careful: 5);
        RedisNode old = set.Of(redis);
        await load.WritesAgainAsync(Stopwatch.GetTimestamp());
        await set.Sentinels[0].CommandAsync("SENTINEL", "FAILOVER", SentinelSet.Name);
        (RedisNode promoted, _) = await set.PromotedAsync(old);
        await Bounded.Until(() => redis.Server?.Endpoint.Port == promoted.Port, "the new one is connected to");
        await load.WritesAgainAsync(Stopwatch.GetTimestamp());
        await load.StopAsync();
        output.WriteLine($"{load.Writes} writes, longest call {load.Longest.TotalMilliseconds:0} ms; {load.Outcomes}");
        Assert.DoesNotContain("Timeout", load.Outcomes, StringComparison.Ordinal);
        Assert.DoesNotContain("ServerException", load.Outcomes, StringComparison.Ordinal);
    }

    // It was started without data and says that it is a primary until the sentinels notice.
    private static async Task NobodyWritesToAsync(RedisNode old)
    {
        int looks = 0;
        await Bounded.Until(
            async () =>
            {
                try
                {
                    if (!await IsPrimaryAsync()) return true;
                    long keys = (await old.CommandAsync("DBSIZE")).ToInt64();
                    string stats = (await old.CommandAsync("INFO", "commandstats")).Text!;
                    bool wrote = stats.Contains("cmdstat_set:", StringComparison.Ordinal) || stats.Contains("cmdstat_rpush:", StringComparison.Ordinal);
                    if (!await IsPrimaryAsync()) return true;
                    looks++;
                    Assert.Equal((0, false), (keys, wrote));
                }
                catch (IOException)
                {
                    // It closes all connections in the moment in which it becomes a replica.
                }

                return false;
            },
            "the old primary is made a replica",
            60);
        Assert.True(looks > 0, "It was never seen as a primary.");

        async Task<bool> IsPrimaryAsync() => (await old.CommandAsync("ROLE")).Items[0].Text == "master";
    }

    private async Task EverythingAcknowledgedIsThereAsync(RedisNode primary, FailoverLoad load)
    {
        Assert.NotEmpty(load.Acknowledged);
        foreach ((string key, List<long> numbers) in load.Acknowledged)
        {
            HashSet<long> there = [.. (await primary.CommandAsync("LRANGE", key, "0", "-1")).Items.Select(item => item.ToInt64())];
            int lost = numbers.Count(number => !there.Contains(number));
            Assert.True(lost == 0, $"{key}: {lost} of {numbers.Count} acknowledged writes are lost");
        }

        output.WriteLine($"{load.Acknowledged.Sum(entry => entry.Value.Count)} acknowledged writes by {load.Acknowledged.Count} callers are there");
    }
}
