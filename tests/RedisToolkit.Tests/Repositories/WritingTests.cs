using System.Collections.Concurrent;

namespace RedisToolkit.Tests.Repositories;

/// <summary>Storing under conditions, times to live, deleting.</summary>
public sealed class WritingTests
{
    private static readonly Person Ada = new("Ada", 36);
    private static readonly Person Grace = new("Grace", 85);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory, EveryTarget]
    public async Task Adding_stores_only_the_first_and_replacing_only_what_is_there(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        JsonRepository<Person, int> people = People.Repository(redis);
        Assert.False(await people.ReplaceAsync(1, Ada));
        Assert.Null(await people.GetAsync(1));
        Assert.True(await people.AddAsync(1, Ada));
        Assert.False(await people.AddAsync(1, Grace));
        Assert.Equal(Ada, await people.GetAsync(1));
        Assert.True(await people.ReplaceAsync(1, Grace));
        Assert.Equal(Grace, await people.GetAsync(1));
    }

    [Theory, EveryTarget]
    public async Task Every_write_gives_the_time_to_live_that_was_chosen(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        JsonRepository<Person, int> people = People.Repository(redis);
        Task<KeyTimeToLive> Left() => people.GetTimeToLiveAsync(1).AsTask();
        Assert.Equal(new KeyTimeToLive(false, null), await Left());
        await people.SetAsync(1, Ada);
        Assert.InRange((await Left()).Left!.Value, TimeSpan.FromMinutes(59), Hour);
        await people.SetAsync(1, Ada, TimeToLive.Forever);
        Assert.Equal(new KeyTimeToLive(true, null), await Left());
        Assert.True(await people.TouchAsync(1));
        Assert.InRange((await Left()).Left!.Value, TimeSpan.FromMinutes(59), Hour);
        Assert.True(await people.ReplaceAsync(1, Grace, TimeToLive.Unchanged));
        Assert.InRange((await Left()).Left!.Value, TimeSpan.FromMinutes(59), Hour);
        Assert.True(await people.TouchAsync(1, TimeToLive.Forever));
        Assert.True(await people.TouchAsync(1, TimeToLive.Forever));
        Assert.Equal(new KeyTimeToLive(true, null), await Left());
        await people.SetManyAsync([new(1, Ada)], TimeToLive.After(TimeSpan.FromTicks(1)));
        await Bounded.Until(async () => !await people.ExistsAsync(1), "a millisecond to pass");
        Assert.False(await people.TouchAsync(1));
        Assert.False(await people.TouchAsync(1, TimeToLive.Forever));
    }

    [Theory, EveryTarget]
    public async Task Deleting_tells_whether_there_was_one(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        JsonRepository<Person, int> people = People.Repository(redis);
        await people.SetManyAsync(Enumerable.Range(0, 700).ToDictionary(id => id, _ => Ada));
        Assert.True(await people.DeleteAsync(0));
        Assert.False(await people.DeleteAsync(0));
        Assert.Equal(699, await people.DeleteManyAsync([.. Enumerable.Range(0, 1000)]));
        Assert.Equal(0, await people.DeleteManyAsync([]));
        Assert.All(await people.GetManyAsync([.. Enumerable.Range(0, 700)]), Assert.Null);
    }

    [Theory, EveryTarget]
    public async Task More_than_one_round_of_entities_is_stored_whole(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        JsonRepository<Person, int> people = People.Repository(redis);
        Dictionary<int, Person> all = Enumerable.Range(0, 1300).ToDictionary(id => id, id => new Person("p", id, new string('x', 3000)));
        await people.SetManyAsync(all);
        Assert.Equal(all.Values, await people.GetManyAsync(all.Keys));
    }

    [Theory, EveryTarget]
    public async Task Of_many_who_create_at_once_all_get_the_one_that_is_stored(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        JsonRepository<Person, int> people = People.Repository(redis);
        for (int id = 0; id < 20; id++)
        {
            int made = 0;
            var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Task<Person>[] callers = [.. Enumerable.Range(0, 32).Select(caller => Task.Run(async () => await people.GetOrCreateAsync(id, async (_, token) =>
            {
                // All have seen that it is missing before any of them stores one.
                if (Interlocked.Increment(ref made) == 32) gate.SetResult();
                await gate.Task.WaitAsync(TimeSpan.FromSeconds(20), token);
                return new Person("made", caller);
            })))];
            Person[] got = await Bounded.Within(Task.WhenAll(callers), 30, "creation");
            Assert.Single(got.Distinct());
            Assert.Equal(got[0], await people.GetAsync(id));
            Assert.Equal(got[0], await people.GetOrCreateAsync(id, (_, _) => throw new InvalidOperationException("it is there")));
        }

        Assert.InRange((await people.GetTimeToLiveAsync(0)).Left!.Value, TimeSpan.FromMinutes(59), Hour);
    }

    [Theory, EveryTarget]
    public async Task What_fails_to_be_created_stores_nothing(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        JsonRepository<Person, int> people = People.Repository(redis);
        await Assert.ThrowsAsync<TimeZoneNotFoundException>(async () => await people.GetOrCreateAsync(1, (_, _) => throw new TimeZoneNotFoundException()));
        InvalidOperationException made = await Assert.ThrowsAsync<InvalidOperationException>(async () => await people.GetOrCreateAsync(1, (_, _) => new ValueTask<Person>((Person)null!)));
        Assert.Contains(people.Keys.Of(1), made.Message, StringComparison.Ordinal);
        Assert.False(await people.ExistsAsync(1));
    }

    [Theory, EveryTarget]
    public async Task Callers_at_once_never_get_each_others_bytes(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        JsonRepository<Person, int> people = People.Repository(redis, options: People.AnHour with { Compression = ValueCompression.Brotli });
        var wrong = new ConcurrentQueue<string>();
        await Bounded.Within(Task.WhenAll(Enumerable.Range(0, 24).Select(caller => Task.Run(async () =>
        {
            for (int round = 0; round < 40; round++)
            {
                var person = new Person($"caller {caller}", round, new string((char)('a' + caller), caller * 100 * (round % 5)));
                await people.SetAsync(caller, person);
                if (await people.GetAsync(caller) != person) wrong.Enqueue($"{caller} in round {round}");
            }
        }))), 60, "writing and reading");
        Assert.Empty(wrong);
    }
}
