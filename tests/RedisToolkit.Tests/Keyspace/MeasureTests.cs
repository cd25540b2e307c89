using RedisToolkit.Tests.Support;

namespace RedisToolkit.Tests.Keyspace;

/// <summary>Counting and weighing. The servers draw by chance of their own: the bounds are asked for at a confidence at which these tests see a wrong one in one of some ten thousand runs.</summary>
public sealed class MeasureTests
{
    private static readonly SampleOptions Surely = new() { SampleSize = 3000, Confidence = 0.999999 };

    [Theory, EveryTarget]
    public async Task Bounds_from_a_sample_contain_the_truth(Target target)
    {
        await using RedisServer server = await target.StartServerAsync();
        await using IRedisClient redis = await target.ConnectAsync(server);
        await redis.FillAsync("many:", 20_000);
        await redis.FillAsync("few:", 2000);
        await FillLargeAsync(redis, "large:", 3000, new Random(3));
        var keyspace = new RedisKeyspace(redis);
        foreach ((string pattern, long truth) in new[] { ("many:*", 20_000L), ("few:*", 2000), ("large:*", 3000), ("*", 25_000), ("nothing:*", 0) })
        {
            KeyspaceEstimate count = await keyspace.CountAsync(pattern, Surely);
            Assert.False(count.IsExact);
            Assert.Equal((3000, 25_000), (count.Looked, count.KeysInDatabase));
            Assert.InRange(truth, count.Low, count.High!.Value);
            // Bounds that say nothing would contain everything.
            Assert.InRange(count.High.Value - count.Low, 0, 5000);

            KeyspaceEstimate exact = await keyspace.CountAsync(pattern, Surely with { Exact = true });
            Assert.Equal((truth, truth, (long?)truth, true), (exact.Value, exact.Low, exact.High, exact.IsExact));

            KeyspaceEstimate weight = await keyspace.MeasureMemoryAsync(pattern, Surely);
            KeyspaceEstimate exactly = await keyspace.MeasureMemoryAsync(pattern, Surely with { Exact = true });
            Assert.True(exactly.IsExact);
            Assert.Equal(truth, exactly.Matched);
            Assert.InRange(exactly.Value, weight.Low, weight.High ?? long.MaxValue);
            Assert.Equal(weight.Matched < 30, weight.High is null);
            if (weight.High is { } high) Assert.InRange(high - weight.Low, 0, exactly.Value);
        }
    }

    [Theory, EveryTarget]
    public async Task A_small_database_is_looked_at_as_a_whole(Target target)
    {
        await using RedisServer server = await target.StartServerAsync();
        await using IRedisClient redis = await target.ConnectAsync(server);
        var keyspace = new RedisKeyspace(redis);
        Assert.Equal(0, (await keyspace.CountAsync("*")).Value);
        Assert.Equal(0, (await keyspace.MeasureMemoryAsync("*")).Value);
        await redis.FillAsync("a:", 100);
        await redis.FillAsync("b:", 50);
        KeyspaceEstimate count = await keyspace.CountAsync("a:*");
        Assert.Equal((100, 100, (long?)100, true, 150), (count.Value, count.Low, count.High, count.IsExact, count.KeysInDatabase));
        long one = await redis.ExecuteAsync(RedisCommand.Create("MEMORY", "USAGE", "b:10"), Replies.Integer);
        Assert.InRange((await keyspace.MeasureMemoryAsync("b:??")).Value, 40 * one, 40 * one);
    }

    [Theory, EveryTarget]
    public async Task The_biggest_keys_come_first_with_what_they_are(Target target)
    {
        await using RedisServer server = await target.StartServerAsync();
        await using IRedisClient redis = await target.ConnectAsync(server);
        await redis.FillAsync("small:", 2000);
        await redis.SetAsync("text", new byte[300_000], TimeSpan.FromHours(1));
        await redis.HashSetManyAsync("hash", [.. Enumerable.Range(0, 2000).Select(i => ((RedisArgument)i, (RedisArgument)new byte[100]))]);
        await redis.ListPushRightAsync("list", [.. Enumerable.Range(0, 1000).Select(_ => (RedisArgument)new byte[100])]);
        var keyspace = new RedisKeyspace(redis);
        IReadOnlyList<KeySize> biggest = await keyspace.BiggestAsync(4);
        Assert.Equal(["text string", "hash hash", "list list"], [.. biggest.Take(3).Select(key => $"{key.Key} {key.Type}")]);
        Assert.StartsWith("small:", biggest[3].Key.Text, StringComparison.Ordinal);
        Assert.True(biggest[0].Bytes > biggest[1].Bytes && biggest[1].Bytes > biggest[2].Bytes && biggest[2].Bytes > 100_000);
        Assert.InRange(biggest[0].TimeToLive!.Value.TotalMinutes, 59, 60);
        Assert.Null(biggest[1].TimeToLive);
        Assert.Equal("hash", Assert.Single(await keyspace.BiggestAsync(5, new KeyScan { Type = "hash" })).Key.Text);
        Assert.Empty(await keyspace.BiggestAsync(5, new KeyScan { Match = "nothing:*" }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => keyspace.BiggestAsync(0));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => keyspace.CountAsync("a*", new SampleOptions { SampleSize = 99 }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => keyspace.CountAsync("a*", new SampleOptions { Confidence = 1 }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => keyspace.MeasureMemoryAsync("a*", new SampleOptions { ElementSamples = -1 }));
        await Assert.ThrowsAsync<ArgumentException>(() => keyspace.CountAsync(""));
    }

    [Theory, EveryTarget]
    public async Task Measuring_can_be_cancelled(Target target)
    {
        await using FaultProxy proxy = await (await target.ServerAsync()).StartProxyAsync();
        await using IRedisClient redis = await target.ConnectAsync(proxy);
        await redis.SetAsync(TestServers.NewKey(), "value");
        var keyspace = new RedisKeyspace(redis);
        proxy.ToClient.Stall();
        Func<CancellationToken, Task>[] measures = [token => keyspace.CountAsync("*", null, token), token => keyspace.MeasureMemoryAsync("*", null, token), token => keyspace.BiggestAsync(1, null, 5, token)];
        foreach (Func<CancellationToken, Task> measure in measures)
        {
            using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
            await Bounded.Within(Assert.ThrowsAnyAsync<OperationCanceledException>(() => measure(cancellation.Token)), 30, "a measure that waits is cancelled");
        }

        proxy.PassThrough();
    }

    [Theory]
    [InlineData(0.5, 0.674490)]
    [InlineData(0.95, 1.959964)]
    [InlineData(0.99, 2.575829)]
    [InlineData(0.999999, 4.891638)]
    public void The_deviations_of_a_confidence_are_those_of_the_tables(double confidence, double deviations) => Assert.Equal(deviations, Confidence.Deviations(confidence), 5);

    [Theory]
    [InlineData(0, 100, 0.0, 0.036993)]
    [InlineData(50, 100, 0.403832, 0.596168)]
    [InlineData(100, 100, 0.963007, 1.0)]
    [InlineData(3, 1000, 0.001021, 0.008783)]
    public void Bounds_of_a_share_are_those_of_Wilson(long seen, long of, double low, double high)
    {
        (double actualLow, double actualHigh) = Confidence.OfShare(seen, of, 1.959964);
        Assert.Equal(low, actualLow, 5);
        Assert.Equal(high, actualHigh, 5);
    }

    private static async Task FillLargeAsync(IRedisClient redis, string prefix, int count, Random random)
    {
        foreach (int[] some in Enumerable.Range(0, count).Chunk(500))
        {
            var batch = new RedisBatch();
            foreach (int i in some) batch.Add(RedisStrings.Set(prefix + i, new byte[random.Next(100, 5000)]));
            await redis.ExecuteAsync(batch);
        }
    }
}
