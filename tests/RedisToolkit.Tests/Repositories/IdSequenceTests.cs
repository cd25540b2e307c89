using System.Collections.Concurrent;

namespace RedisToolkit.Tests.Repositories;

/// <summary>Ids from a counter.</summary>
public sealed class IdSequenceTests
{
    [Theory, EveryTarget]
    public async Task Ids_rise_one_by_one_from_1(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        var ids = new IdSequence(redis, TestServers.NewKey());
        Assert.Equal(1, await ids.NextAsync());
        Assert.Equal(2, await ids.NextAsync());
        IdBlock block = await ids.ReserveAsync(10);
        Assert.Equal((3, 12, 10), (block.First, block.Last, block.Count));
        Assert.Equal([3, 4, 5, 6, 7, 8, 9, 10, 11, 12], block);
        Assert.Equal(13, await ids.NextAsync());
    }

    [Theory, EveryTarget]
    public async Task No_id_is_given_out_twice_by_several_sequences_with_many_callers(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        string key = TestServers.NewKey();
        IdSequence[] sequences = [new(redis, key, 7), new(redis, key, 1000), new(redis, key), new(redis, key, 7)];
        var given = new ConcurrentBag<long>();
        await Bounded.Within(Task.WhenAll(Enumerable.Range(0, 32).Select(caller => Task.Run(async () =>
        {
            IdSequence ids = sequences[caller % sequences.Length];
            for (int i = 0; i < 400; i++) given.Add(await ids.NextAsync());
            foreach (long id in await ids.ReserveAsync(50)) given.Add(id);
        }))), 60, "ids");
        long[] all = [.. given];
        Assert.Equal(32 * 450, all.Length);
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.All(all, id => Assert.InRange(id, 1, long.MaxValue));
        // Blocks are reserved when they are needed, not by every caller that finds none.
        long counter = long.Parse((await redis.GetAsync(key))!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(counter, all.Max(), all.Length + 1000 + 7 + 7);
    }

    [Theory, EveryTarget]
    public async Task No_id_is_given_out_twice_to_callers_who_never_wait(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        var ids = new IdSequence(redis, TestServers.NewKey(), 100_000);
        const int Callers = 4, Each = 100_000;
        Task<long[]>[] callers = [.. Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            var mine = new long[Each];
            for (int i = 0; i < Each; i++) mine[i] = await ids.NextAsync();
            return mine;
        }))];
        long[] all = [.. (await Bounded.Within(Task.WhenAll(callers), 60, "ids")).SelectMany(mine => mine)];
        Array.Sort(all);
        Assert.Equal(Enumerable.Range(1, Callers * Each).Select(id => (long)id), all);
    }

    [Theory, EveryTarget]
    public async Task A_block_of_a_sequence_is_given_out_in_order_and_costs_one_round_trip(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        var ids = new IdSequence(redis, TestServers.NewKey(), 100);
        for (int i = 1; i <= 100; i++) Assert.Equal(i, await ids.NextAsync());
        Assert.Equal("100", await redis.GetAsync(ids.Key));
        Assert.Equal(101, await ids.NextAsync());
        Assert.Equal("200", await redis.GetAsync(ids.Key));
    }

    [Theory, EveryTarget]
    public async Task After_an_error_the_next_call_tries_again(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        var ids = new IdSequence(redis, TestServers.NewKey(), 10);
        await redis.SetAsync(ids.Key, "no number");
        Assert.Equal(ids.Key, (await Assert.ThrowsAsync<RedisValueException>(async () => await ids.NextAsync())).Key);
        await redis.DeleteAsync(ids.Key);
        await redis.HashSetAsync(ids.Key, "f", "v");
        RedisKeyTypeException error = await Assert.ThrowsAsync<RedisKeyTypeException>(async () => await ids.NextAsync());
        Assert.Equal((ids.Key, "string", "hash"), (error.Key, error.Expected, error.Actual));
        await redis.SetAsync(ids.Key, 41);
        Assert.Equal(42, await ids.NextAsync());
        Assert.Equal(43, await ids.NextAsync());
        await redis.SetAsync(ids.Key, long.MaxValue - 3);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await ids.ReserveAsync(4));
        Assert.Equal(long.MaxValue, (await ids.ReserveAsync(3)).Last);
    }

    [Theory, EveryTarget]
    public async Task A_caller_who_leaves_takes_no_block_away(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        var ids = new IdSequence(redis, TestServers.NewKey(), 10);
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await ids.NextAsync(source.Token));
        Assert.Equal(1, await ids.NextAsync());
    }

    [Fact]
    public async Task Sizes_out_of_their_range_are_refused()
    {
        await using RedisClient redis = await RedisClient.ConnectAsync((await TestServers.GetAsync()).ConnectionString);
        Assert.Throws<ArgumentException>(() => new IdSequence(redis, ""));
        Assert.Throws<ArgumentOutOfRangeException>(() => new IdSequence(redis, "a", 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new IdSequence(redis, "a", 1_000_001));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await new IdSequence(redis, "a").ReserveAsync(0));
    }
}
