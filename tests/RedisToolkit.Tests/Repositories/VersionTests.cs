namespace RedisToolkit.Tests.Repositories;

/// <summary>Changes that are made only if nobody else has made one.</summary>
public sealed class VersionTests
{
    private static readonly Person Ada = new("Ada", 36);

    [Theory, EveryTarget]
    public async Task A_version_is_replaced_once(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        JsonRepository<Person, int> people = People.Repository(redis);
        Assert.Null(await people.GetVersionedAsync(1));
        await people.SetAsync(1, Ada);
        Versioned<Person> read = (await people.GetVersionedAsync(1))!;
        Assert.Equal(Ada, read.Entity);
        EntityVersion? second = await people.ReplaceAsync(1, Ada with { Age = 37 }, read.Version);
        Assert.NotNull(second);
        Assert.Null(await people.ReplaceAsync(1, Ada with { Age = 38 }, read.Version));
        Assert.Equal(new Versioned<Person>(Ada with { Age = 37 }, second.Value), await people.GetVersionedAsync(1));
        Assert.False(await people.DeleteAsync(1, read.Version));
        Assert.True(await people.DeleteAsync(1, EntityVersion.Parse(second.Value.ToString())));
        Assert.False(await people.DeleteAsync(1, second.Value));
        Assert.Null(await people.ReplaceAsync(1, Ada, second.Value));
        Assert.False(await people.ExistsAsync(1));
    }

    [Theory, EveryTarget]
    public async Task A_change_by_a_program_that_knows_no_versions_is_seen(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        JsonRepository<Person, int> people = People.Repository(redis);
        await people.SetAsync(1, Ada);
        EntityVersion version = (await people.GetVersionedAsync(1))!.Version;
        await redis.SetAsync(people.Keys.Of(1), """{"name":"Ada","age":99}""");
        Assert.Null(await people.ReplaceAsync(1, Ada, version));
        Assert.Equal(99, (await people.GetAsync(1))!.Age);
    }

    [Theory, EveryTarget]
    public async Task Replacing_a_version_gives_the_time_to_live_that_was_chosen(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        JsonRepository<Person, int> people = People.Repository(redis);
        async Task<TimeSpan?> AfterReplacing(TimeToLive? chosen)
        {
            EntityVersion version = (await people.GetVersionedAsync(1))!.Version;
            Assert.NotNull(await people.ReplaceAsync(1, Ada, version, chosen));
            return (await people.GetTimeToLiveAsync(1)).Left;
        }

        await people.SetAsync(1, Ada, TimeToLive.Forever);
        Assert.Null(await AfterReplacing(TimeToLive.Unchanged));
        Assert.InRange((await AfterReplacing(null))!.Value, TimeSpan.FromMinutes(59), TimeSpan.FromHours(1));
        Assert.InRange((await AfterReplacing(TimeToLive.Unchanged))!.Value, TimeSpan.FromMinutes(59), TimeSpan.FromHours(1));
        Assert.InRange((await AfterReplacing(TimeToLive.After(TimeSpan.FromDays(1))))!.Value, TimeSpan.FromHours(23), TimeSpan.FromDays(1));
        Assert.Null(await AfterReplacing(TimeToLive.Forever));
    }

    [Theory, EveryTarget]
    public async Task Of_many_updates_at_once_none_is_lost(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        JsonRepository<Person, int> people = People.Repository(redis);
        Assert.Null(await people.UpdateAsync(1, person => person));
        await people.SetAsync(1, Ada with { Age = 0 });
        const int Callers = 8, Rounds = 25;
        await Bounded.Within(Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            for (int round = 0; round < Rounds; round++) Assert.NotNull(await people.UpdateAsync(1, person => person with { Age = person.Age + 1 }));
        }))), 60, "updates");
        Assert.Equal(Callers * Rounds, (await people.GetAsync(1))!.Age);
    }

    [Theory, EveryTarget]
    public async Task An_update_that_is_always_too_late_ends_with_an_error_that_names_the_key(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        await using IRedisClient others = await target.ConnectAsync();
        KeyNames names = People.NewNames();
        JsonRepository<Person, int> people = People.Repository(redis, names);
        JsonRepository<Person, int> elsewhere = People.Repository(others, names);
        await people.SetAsync(1, Ada);
        int changes = 0;
        Person ChangedMeanwhile(Person person)
        {
            // Somebody else is faster each time.
            Task writing = Task.Run(async () => await elsewhere.SetAsync(1, Ada with { Age = ++changes }));
            Assert.True(SpinWait.SpinUntil(() => writing.IsCompletedSuccessfully, TimeSpan.FromSeconds(20)));
            return person with { Name = "never" };
        }

        RedisConcurrencyException error = await Assert.ThrowsAsync<RedisConcurrencyException>(() => Task.Run(async () => await people.UpdateAsync(1, ChangedMeanwhile)));
        Assert.Equal((people.Keys.Of(1), changes), (error.Key, error.Attempts));
        Assert.Equal("Ada", (await people.GetAsync(1))!.Name);
    }

    [Fact]
    public async Task A_version_that_is_none_is_refused()
    {
        Assert.False(EntityVersion.TryParse("abc", null, out _));
        Assert.False(EntityVersion.TryParse(new string('G', 40), null, out _));
        Assert.False(EntityVersion.TryParse(null, null, out _));
        Assert.Throws<FormatException>(() => EntityVersion.Parse(new string('A', 40)));
        await using IRedisClient redis = await new TargetOfOwnClient().ConnectAsync();
        JsonRepository<Person, int> people = People.Repository(redis);
        await Assert.ThrowsAsync<ArgumentException>("expected", async () => await people.ReplaceAsync(1, Ada, default(EntityVersion)));
        await Assert.ThrowsAsync<ArgumentException>("expected", async () => await people.DeleteAsync(1, default(EntityVersion)));
    }

    private sealed class TargetOfOwnClient
    {
        public async Task<IRedisClient> ConnectAsync() => await RedisClient.ConnectAsync((await TestServers.GetAsync()).ConnectionString);
    }
}
