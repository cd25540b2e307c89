namespace RedisToolkit.Tests.Repositories;

/// <summary>Reading one, many and all entities.</summary>
public sealed class ReadingTests
{
    private static readonly Person Ada = new("Ada", 36, Tags: ["maths", "engines"]);

    [Theory, EveryTarget]
    public async Task What_was_stored_is_read_and_what_was_not_is_null(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        JsonRepository<Person, int> people = People.Repository(redis);
        Assert.Null(await people.GetAsync(1));
        Assert.False(await people.ExistsAsync(1));
        await people.SetAsync(1, Ada);
        Person? read = await people.GetAsync(1);
        Assert.Equal((Ada.Name, Ada.Age), (read!.Name, read.Age));
        Assert.Equal(Ada.Tags, read.Tags);
        Assert.True(await people.ExistsAsync(1));
        Assert.Equal("""{"name":"Ada","age":36,"notes":null,"tags":["maths","engines"]}""", await redis.GetAsync(people.Keys.Of(1)));
    }

    [Theory, EveryTarget]
    public async Task JSON_that_another_program_has_written_is_read(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        JsonRepository<Person, int> people = People.Repository(redis, options: People.AnHour with { Compression = ValueCompression.Brotli });
        await redis.SetAsync(people.Keys.Of(1), " { \"age\": 36,\n \"unknown\": [1], \"name\": \"Ada\" }");
        Assert.Equal(new Person("Ada", 36), await people.GetAsync(1));
        byte[] marked = [0xEF, 0xBB, 0xBF, .. "{\"name\":\"Grace\",\"age\":1}"u8];
        await redis.SetAsync(people.Keys.Of(2), marked);
        Assert.Equal(new Person("Grace", 1), await people.GetAsync(2));
    }

    [Theory, EveryTarget]
    public async Task Many_are_read_in_the_order_asked_for_with_null_for_the_missing(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        JsonRepository<Person, int> people = People.Repository(redis);
        await people.SetManyAsync(Enumerable.Range(0, 1500).ToDictionary(id => id, id => new Person($"name {id}", id)));
        int[] ids = [1499, 7, 5000, 7, .. Enumerable.Range(0, 1400)];
        Person?[] read = await people.GetManyAsync(ids);
        Assert.Equal(ids.Select(id => id < 1500 ? new Person($"name {id}", id) : null), read);
        Assert.Empty(await people.GetManyAsync([]));
        Assert.Equal((IEnumerable<Person?>)[null, null], await people.GetManyAsync([9001, 9002]));
    }

    [Theory, EveryTarget]
    public async Task Long_and_compressed_entities_are_read_alone_and_among_many(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        KeyNames names = People.NewNames();
        JsonRepository<Person, int> plain = People.Repository(redis, names);
        JsonRepository<Person, int> brotli = People.Repository(redis, names, People.AnHour with { Compression = ValueCompression.Brotli });
        JsonRepository<Person, int> deflate = People.Repository(redis, names, People.AnHour with { Compression = ValueCompression.Deflate });
        var expected = new List<Person>();
        for (int id = 0; id < 9; id++)
        {
            expected.Add(new Person("long", id, new string((char)('a' + id), 1 << (2 * id))));
            await new[] { plain, brotli, deflate }[id % 3].SetAsync(id, expected[id]);
        }

        foreach (JsonRepository<Person, int> any in new[] { plain, brotli, deflate })
        {
            for (int id = 0; id < expected.Count; id++) Assert.Equal(expected[id], await any.GetAsync(id));
            Assert.Equal(expected, await any.GetManyAsync([.. Enumerable.Range(0, expected.Count)]));
        }

        Assert.InRange(await redis.ExecuteAsync(RedisStrings.Length(plain.Keys.Of(7))), 20, 200);
    }

    [Theory, EveryTarget]
    public async Task All_are_enumerated_and_nothing_else(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        KeyNames names = People.NewNames();
        JsonRepository<Person, int> people = People.Repository(redis, names);
        await people.SetManyAsync(Enumerable.Range(0, 2000).ToDictionary(id => id, id => new Person("p", id)));
        await redis.SetAsync($"{names.Prefix}person:7:cart", "no person");
        await redis.SetAsync($"{names.Prefix}person:007", "no person");
        await redis.SetAsync($"{names.Prefix}person:x", "no person");
        _ = await redis.ExecuteAsync(RedisCommand.Create("HSET", $"{names.Prefix}person:5000", "a", "b"), Replies.Integer);
        var seen = new Dictionary<int, Person>();
        await foreach ((int id, Person person) in people.EnumerateAsync()) seen[id] = person;
        Assert.Equal(Enumerable.Range(0, 2000), seen.Keys.Order());
        Assert.All(seen, pair => Assert.Equal(pair.Key, pair.Value.Age));
    }

    [Theory, EveryTarget]
    public async Task Enumeration_ends_with_its_token(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        JsonRepository<Person, int> people = People.Repository(redis);
        await people.SetManyAsync(Enumerable.Range(0, 10).ToDictionary(id => id, id => new Person("p", id)));
        using var source = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (KeyValuePair<int, Person> _ in people.EnumerateAsync(source.Token))
            {
                await source.CancelAsync();
            }
        });
    }
}
