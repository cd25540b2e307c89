using Xunit.Abstractions;

namespace RedisToolkit.Tests.Repositories;

/// <summary>Nothing else runs while these count what the whole process allocates.</summary>
[CollectionDefinition(nameof(RepositoryAllocationTests), DisableParallelization = true)]
public sealed class RepositoryAllocationCollection;

/// <summary>What an entity costs the garbage collector beside itself: neither its JSON nor a buffer for it.</summary>
[Collection(nameof(RepositoryAllocationTests))]
public sealed class RepositoryAllocationTests(ITestOutputHelper output)
{
    private const int Rounds = 3;
    private const int NotesLength = 2000;
    // The key as text, which anybody has to make.
    private const int OfKey = 22 + (2 * 60);

    [Fact]
    public async Task Reading_one_costs_the_entity_and_its_key()
    {
        await using RedisClient redis = await RedisClient.ConnectAsync((await TestServers.GetAsync()).ConnectionString);
        JsonRepository<Person, int> people = People.Repository(redis);
        await people.SetAsync(1, new Person("Ada", 36, new string('x', NotesLength)));
        double entity = await MeasureEntityAsync();
        double bytes = await MeasureAsync("get", 500, async () => await people.GetAsync(1));
        // Built for debugging, methods that await cost more; an array for the JSON would still be seen.
        Assert.InRange(bytes, entity, entity + OfKey + 1000);
    }

    [Fact]
    public async Task Writing_one_costs_its_key_and_not_its_JSON()
    {
        await using RedisClient redis = await RedisClient.ConnectAsync((await TestServers.GetAsync()).ConnectionString);
        JsonRepository<Person, int> people = People.Repository(redis);
        var person = new Person("Ada", 36, new string('x', NotesLength));
        double bytes = await MeasureAsync("set", 500, async () => await people.SetAsync(1, person));
        Assert.InRange(bytes, 0, OfKey + 1000);
    }

    [Fact]
    public async Task Reading_many_costs_the_entities_and_their_keys()
    {
        await using RedisClient redis = await RedisClient.ConnectAsync((await TestServers.GetAsync()).ConnectionString);
        JsonRepository<Person, int> people = People.Repository(redis);
        int[] ids = [.. Enumerable.Range(0, 1000)];
        await people.SetManyAsync(ids.ToDictionary(id => id, id => new Person("Ada", id, new string('x', NotesLength))));
        double entity = await MeasureEntityAsync();
        double bytes = await MeasureAsync("each of 1,000", 5, async () => await people.GetManyAsync(ids)) / ids.Length;
        Assert.InRange(bytes, entity - 100, entity + OfKey + 100);
    }

    // What System.Text.Json itself allocates to make an entity of its JSON.
    private Task<double> MeasureEntityAsync()
    {
        byte[] json = Serialization.SerializerTests.Serialized(ValueSerializers.Json(TestJson.Default.Person), new Person("Ada", 36, new string('x', NotesLength)));
        return MeasureAsync("System.Text.Json alone", 500, () =>
        {
            Assert.NotNull(System.Text.Json.JsonSerializer.Deserialize(json, TestJson.Default.Person));
            return Task.CompletedTask;
        });
    }

    private async Task<double> MeasureAsync(string what, int times, Func<Task> call)
    {
        double least = double.MaxValue;
        for (int round = 0; round <= Rounds; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < times; i++) await call();
            double each = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)times;
            // The first round warms up.
            if (round > 0) least = Math.Min(least, each);
        }

        output.WriteLine($"{what}: {least:N0} B");
        return least;
    }
}
