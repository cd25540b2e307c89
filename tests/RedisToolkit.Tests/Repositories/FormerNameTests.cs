namespace RedisToolkit.Tests.Repositories;

/// <summary>Keys that were named otherwise before.</summary>
public sealed class FormerNameTests
{
    private static readonly Person Old = new("old", 1);
    private static readonly Person New = new("new", 2);

    [Theory, EveryTarget]
    public async Task What_lies_under_a_former_name_is_found_and_written_under_the_present_one(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        Names names = new(redis);
        await names.Before.SetAsync(1, Old);
        await names.Oldest.SetAsync(2, Old);
        Assert.Equal(Old, await names.Now.GetAsync(1));
        Assert.Equal(Old, await names.Now.GetAsync(2));
        Assert.Equal((IEnumerable<Person?>)[Old, null, Old], await names.Now.GetManyAsync([1, 3, 2]));
        Assert.True(await names.Now.ExistsAsync(2));
        Assert.NotNull((await names.Now.GetTimeToLiveAsync(2)).Left);
        await names.Now.SetAsync(1, New);
        await names.Now.SetManyAsync([new(2, New)]);
        Assert.Equal(New, await names.Now.GetAsync(1));
        Assert.Equal((IEnumerable<Person?>)[New, New], await names.Now.GetManyAsync([1, 2]));
        Assert.False(await names.Before.ExistsAsync(1));
        Assert.False(await names.Oldest.ExistsAsync(2));
        Assert.True(await redis.ExistsAsync(names.Now.Keys.Of(1)));
    }

    [Theory, EveryTarget]
    public async Task What_lies_under_a_later_name_is_the_newer(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        Names names = new(redis);
        await names.Oldest.SetAsync(1, Old with { Name = "oldest" });
        await names.Before.SetAsync(1, Old);
        Assert.Equal(Old, await names.Now.GetAsync(1));
        Assert.Equal(Old, (await names.Now.GetManyAsync([1]))[0]);
        await redis.SetAsync(names.Now.Keys.Of(1), """{"name":"new","age":2}""");
        Assert.Equal(New, await names.Now.GetAsync(1));
        Assert.Equal(New, (await names.Now.GetVersionedAsync(1))!.Entity);
        Assert.Equal(New, (await names.Now.GetManyAsync([1]))[0]);
        Assert.Equal(new KeyTimeToLive(true, null), await names.Now.GetTimeToLiveAsync(1));
        Assert.False(await names.Now.AddAsync(1, Old));
        Assert.Equal(New, await names.Now.GetAsync(1));
        Assert.False(await names.Oldest.ExistsAsync(1));
        await names.Oldest.SetAsync(2, Old with { Name = "oldest" });
        await names.Before.SetAsync(2, Old);
        Assert.False(await names.Now.AddAsync(2, New));
        Assert.Equal(Old, await names.Now.GetAsync(2));
    }

    [Theory, EveryTarget]
    public async Task Conditions_hold_for_what_lies_under_a_former_name(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        Names names = new(redis);
        await names.Before.SetAsync(1, Old, TimeToLive.After(TimeSpan.FromMinutes(10)));
        Assert.False(await names.Now.AddAsync(1, New));
        Assert.Equal(Old, await names.Now.GetAsync(1));
        Assert.InRange((await names.Now.GetTimeToLiveAsync(1)).Left!.Value, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
        await names.Oldest.SetAsync(2, Old, TimeToLive.Forever);
        Assert.True(await names.Now.ReplaceAsync(2, New, TimeToLive.Unchanged));
        Assert.Equal(New, await names.Now.GetAsync(2));
        Assert.Equal(new KeyTimeToLive(true, null), await names.Now.GetTimeToLiveAsync(2));
        await names.Before.SetAsync(3, Old);
        Versioned<Person> read = (await names.Now.GetVersionedAsync(3))!;
        Assert.NotNull(await names.Now.ReplaceAsync(3, New, read.Version));
        Assert.Null(await names.Now.ReplaceAsync(3, Old, read.Version));
        await names.Before.SetAsync(4, Old);
        Assert.Equal(Old, await names.Now.GetOrCreateAsync(4, (_, _) => new ValueTask<Person>(New)));
        Assert.Equal(8, (await names.Now.UpdateAsync(4, person => person with { Age = 8 }))!.Age);
        Assert.True(await names.Now.TouchAsync(4, TimeToLive.Forever));
        foreach (int id in new[] { 1, 2, 3, 4 }) Assert.False(await names.Before.ExistsAsync(id) || await names.Oldest.ExistsAsync(id));
    }

    [Theory, EveryTarget]
    public async Task What_is_deleted_does_not_come_back_from_a_former_name(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        Names names = new(redis);
        await names.Before.SetAsync(1, Old);
        await names.Oldest.SetAsync(1, Old);
        Assert.True(await names.Now.DeleteAsync(1));
        Assert.Null(await names.Now.GetAsync(1));
        await names.Before.SetAsync(2, Old);
        Assert.Equal(1, await names.Now.DeleteManyAsync([2, 3]));
        Assert.Null(await names.Now.GetAsync(2));
        await names.Before.SetAsync(3, Old);
        Assert.True(await names.Now.DeleteAsync(3, (await names.Now.GetVersionedAsync(3))!.Version));
        Assert.Null(await names.Now.GetAsync(3));
    }

    [Theory, EveryTarget]
    public async Task Enumeration_brings_entities_of_all_names_and_of_each_the_newest(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        Names names = new(redis);
        await names.Oldest.SetManyAsync(Enumerable.Range(0, 30).ToDictionary(id => id, _ => Old));
        for (int id = 10; id < 20; id++) await redis.SetAsync(names.Now.Keys.Of(id), """{"name":"new","age":2}""");
        var seen = new List<KeyValuePair<int, Person>>();
        await foreach (KeyValuePair<int, Person> pair in names.Now.EnumerateAsync()) seen.Add(pair);
        Assert.Equal(Enumerable.Range(0, 30), seen.Select(pair => pair.Key).Order());
        Assert.All(seen, pair => Assert.Equal(pair.Key is >= 10 and < 20 ? New : Old, pair.Value));
    }

    [Theory, EveryTarget]
    public async Task An_entity_that_is_moved_again_and_again_is_never_missed(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        Names names = new(redis);
        for (int id = 0; id < 60; id++)
        {
            await names.Before.SetAsync(id, Old);
            using var moved = new CancellationTokenSource();
            Task<int> reading = Task.Run(async () =>
            {
                int reads = 0;
                while (reads == 0 || !moved.IsCancellationRequested)
                {
                    Assert.NotNull(await names.Now.GetAsync(id));
                    Assert.NotNull((await names.Now.GetManyAsync([id]))[0]);
                    reads++;
                }

                return reads;
            });
            if (id % 2 == 0) await names.Now.SetAsync(id, New);
            else Assert.True(await names.Now.ReplaceAsync(id, New));
            await moved.CancelAsync();
            Assert.InRange(await Bounded.Within(reading, 30, "reading"), 1, int.MaxValue);
            Assert.Equal(New, await names.Now.GetAsync(id));
        }
    }

    private sealed class Names
    {
        public Names(IRedisClient redis)
        {
            KeyNames names = People.NewNames();
            Oldest = People.Repository(redis, names, template: "person:v1:{id}");
            Before = People.Repository(redis, names, template: "person:{id}");
            KeyTemplate<Person, int> keys = names.Template<Person, int>("p:{id}").FormerlyNamed("person:v1:{id}").FormerlyNamed("person:{id}");
            Now = new JsonRepository<Person, int>(redis, keys, TestJson.Default.Person, People.AnHour);
        }

        public JsonRepository<Person, int> Oldest { get; }

        public JsonRepository<Person, int> Before { get; }

        public JsonRepository<Person, int> Now { get; }
    }
}
