using System.Text;

namespace RedisToolkit.Tests.Repositories;

/// <summary>Each wrong input is a clear error, and nothing is lost.</summary>
public sealed class BadInputTests
{
    private const string Secret = "s3cr3t";
    private static readonly Person Ada = new("Ada", 36);

    [Theory, EveryTarget]
    public async Task A_key_of_another_type_is_named_with_what_it_holds_and_keeps_it(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        JsonRepository<Person, int> people = People.Repository(redis);
        string key = people.Keys.Of(1);
        _ = await redis.ExecuteAsync(RedisCommand.Create("HSET", key, "name", Secret), Replies.Integer);
        EntityVersion version = EntityVersion.Parse(new string('0', 40));
        Func<Task>[] calls =
        [
            async () => await people.GetAsync(1),
            async () => await people.GetVersionedAsync(1),
            async () => await people.GetManyAsync([2, 1]),
            async () => await people.GetManyAsync([1, .. Enumerable.Range(10, 1000)]),
            async () => await people.GetOrCreateAsync(1, (_, _) => new ValueTask<Person>(Ada)),
            async () => await people.ReplaceAsync(1, Ada, version),
            async () => await people.DeleteAsync(1, version),
            async () => await people.UpdateAsync(1, person => person),
        ];
        foreach (Func<Task> call in calls)
        {
            RedisKeyTypeException error = await Assert.ThrowsAsync<RedisKeyTypeException>(call);
            Assert.Equal((key, "string", "hash", CommandOutcome.Refused), (error.Key, error.Expected, error.Actual, error.Outcome));
            Assert.Contains(key, error.Message, StringComparison.Ordinal);
            Assert.Contains("hash", error.Message, StringComparison.Ordinal);
        }

        Assert.False(await people.AddAsync(1, Ada));
        Assert.Equal(1, await redis.ExecuteAsync(RedisCommand.Create("HLEN", key), Replies.Integer));
    }

    [Theory, EveryTarget]
    public async Task What_is_no_JSON_is_named_by_its_key_and_never_shown(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        JsonRepository<Person, int> people = People.Repository(redis);
        string[] bad =
        [
            Secret, "{\"name\":\"" + Secret, "null", "[]", "", " ", "{\"name\":{\"" + Secret + "\":1}}", "{\"age\":\"" + Secret + "\"}",
            "{\"name\":\"" + Secret + "\",\"age\":99999999999}", new string('[', 100_000) + Secret,
        ];
        await people.SetAsync(0, Ada);
        for (int id = 1; id <= bad.Length; id++)
        {
            string key = people.Keys.Of(id);
            await redis.SetAsync(key, bad[id - 1]);
            Func<Task>[] calls = [async () => await people.GetAsync(id), async () => await people.GetVersionedAsync(id), async () => await people.GetManyAsync([0, id, 0])];
            foreach (Func<Task> call in calls)
            {
                RedisValueException error = await Assert.ThrowsAsync<RedisValueException>(call);
                Assert.Equal((key, CommandOutcome.Executed), (error.Key, error.Outcome));
                Assert.Contains(key, error.Message, StringComparison.Ordinal);
                Assert.DoesNotContain(Secret, error.ToString(), StringComparison.Ordinal);
            }

            Assert.Equal(bad[id - 1], await redis.GetAsync(key));
        }
    }

    [Theory, EveryTarget]
    public async Task A_serializer_that_fails_is_not_quoted(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        KeyTemplate<Person, int> keys = People.NewNames().Template<Person, int>();
        var people = new JsonRepository<Person, int>(redis, keys, new FailingSerializer(), People.AnHour);
        await people.SetAsync(1, Ada);
        RedisValueException error = await Assert.ThrowsAsync<RedisValueException>(async () => await people.GetAsync(1));
        Assert.DoesNotContain(Secret, error.ToString(), StringComparison.Ordinal);
        Assert.Contains(nameof(FormatException), error.Message, StringComparison.Ordinal);
    }

    [Theory, EveryTarget]
    public async Task An_entity_over_the_limit_is_neither_written_nor_read(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        KeyNames names = People.NewNames();
        JsonRepository<Person, int> narrow = People.Repository(redis, names, People.AnHour with { MaxValueBytes = 100_000 });
        JsonRepository<Person, int> compressed = People.Repository(redis, names, People.AnHour with { MaxValueBytes = 100_000, Compression = ValueCompression.Brotli });
        JsonRepository<Person, int> wide = People.Repository(redis, names);
        JsonRepository<Person, int> wideCompressed = People.Repository(redis, names, People.AnHour with { Compression = ValueCompression.Brotli });
        var large = new Person("large", 1, new string('x', 200_000));
        foreach (JsonRepository<Person, int> people in new[] { narrow, compressed })
        {
            ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(async () => await people.SetAsync(1, large));
            Assert.Contains("100,000", error.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<ArgumentException>(async () => await people.SetManyAsync([new(1, large)]));
            Assert.False(await wide.ExistsAsync(1));
        }

        foreach (JsonRepository<Person, int> writer in new[] { wide, wideCompressed })
        {
            await writer.SetAsync(2, large);
            foreach (JsonRepository<Person, int> people in new[] { narrow, compressed })
            {
                RedisValueException error = await Assert.ThrowsAsync<RedisValueException>(async () => await people.GetAsync(2));
                Assert.Contains("100,000", error.Message, StringComparison.Ordinal);
                await Assert.ThrowsAsync<RedisValueException>(async () => await people.GetManyAsync([2]));
            }

            Assert.Equal(large, await wide.GetAsync(2));
        }
    }

    [Theory, EveryTarget]
    public async Task A_corrupt_compressed_entity_is_an_error_that_names_its_key(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        JsonRepository<Person, int> people = People.Repository(redis, options: People.AnHour with { Compression = ValueCompression.Deflate });
        string key = people.Keys.Of(1);
        await people.SetAsync(1, new Person("Ada", 36, string.Concat(Enumerable.Repeat(Secret, 1000))));
        byte[] stored = (await redis.GetBytesAsync(key))!;
        Assert.Equal(0xC1, stored[0]);
        foreach (byte[] corrupt in new[] { stored[..^9], stored[..5], stored[..1], [.. stored[..^1], (byte)~stored[^1]], [0xC1, 77, .. stored[2..]] })
        {
            await redis.SetAsync(key, corrupt);
            RedisValueException error = await Assert.ThrowsAsync<RedisValueException>(async () => await people.GetAsync(1));
            Assert.Equal(key, error.Key);
            Assert.DoesNotContain(Secret, error.ToString(), StringComparison.Ordinal);
            Assert.Equal(corrupt, await redis.GetBytesAsync(key));
        }
    }

    [Theory, EveryTarget]
    public async Task Wrong_arguments_are_refused_before_anything_is_sent(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        KeyTemplate<Person, string> keys = new KeyNames(Guid.NewGuid().ToString("N"), maxKeyBytes: 64).Template<Person, string>("p:{id}");
        var people = new JsonRepository<Person, string>(redis, keys, TestJson.Default.Person, People.AnHour);
        foreach (string bad in new[] { "", "a:b", "a{b", "a}b", new string('ä', 20) })
        {
            await Assert.ThrowsAsync<ArgumentException>("id", async () => await people.GetAsync(bad));
            await Assert.ThrowsAsync<ArgumentException>("id", async () => await people.SetAsync(bad, Ada));
            await Assert.ThrowsAsync<ArgumentException>("id", async () => await people.GetManyAsync(["good", bad]));
            await Assert.ThrowsAsync<ArgumentException>("id", async () => await people.SetManyAsync([new("good", Ada), new(bad, Ada)]));
            await Assert.ThrowsAsync<ArgumentException>("id", async () => await people.DeleteAsync(bad));
            await Assert.ThrowsAsync<ArgumentException>("id", async () => await people.TouchAsync(bad));
        }

        await Assert.ThrowsAsync<ArgumentNullException>(async () => await people.GetAsync(null!));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await people.SetAsync("good", null!));
        await Assert.ThrowsAsync<ArgumentException>(async () => await people.SetManyAsync([new("good", Ada), new("other", null!)]));
        await Assert.ThrowsAsync<ArgumentException>(async () => await people.SetAsync("good", Ada, default(TimeToLive)));
        await Assert.ThrowsAsync<ArgumentException>(async () => await people.SetAsync("good", Ada, TimeToLive.Unchanged));
        await Assert.ThrowsAsync<ArgumentException>(async () => await people.AddAsync("good", Ada, TimeToLive.Unchanged));
        await Assert.ThrowsAsync<ArgumentException>(async () => await people.TouchAsync("good", TimeToLive.Unchanged));
        await Assert.ThrowsAsync<ArgumentException>(async () => await people.ReplaceAsync("good", Ada, default(TimeToLive)));
        Assert.False(await people.ExistsAsync("good"));
    }

    [Fact]
    public async Task A_repository_without_a_choice_of_time_to_live_is_not_made()
    {
        await using RedisClient redis = await RedisClient.ConnectAsync((await TestServers.GetAsync()).ConnectionString);
        var options = new JsonRepositoryOptions { TimeToLive = default, MaxValueBytes = 0, Compression = null! };
        RedisOptionsException error = Assert.Throws<RedisOptionsException>(() => People.Repository(redis, options: options));
        Assert.Equal(3, error.Faults.Count);
        Assert.Throws<RedisOptionsException>(() => People.Repository(redis, options: People.AnHour with { TimeToLive = TimeToLive.Unchanged }));
        Assert.Throws<RedisOptionsException>(() => People.Repository(redis, options: People.AnHour with { Compression = new() { Method = (CompressionMethod)9 } }));
        IValueSerializer<Person> twice = ValueSerializers.Json(TestJson.Default.Person).Compressed();
        Assert.Throws<ArgumentException>("serializer", () => new JsonRepository<Person, int>(redis, new KeyNames().Template<Person, int>(), twice, People.AnHour with { Compression = ValueCompression.Brotli }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    [InlineData(36_500 * TimeSpan.TicksPerDay + 1)]
    public void A_time_to_live_out_of_its_range_is_refused(long ticks)
    {
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>("duration", () => TimeToLive.After(new TimeSpan(ticks)));
        Assert.Contains("36,500 days", error.Message, StringComparison.Ordinal);
    }

    [Theory, EveryTarget]
    public async Task The_longest_time_to_live_is_taken(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        JsonRepository<Person, int> people = People.Repository(redis);
        await people.SetAsync(1, Ada, TimeToLive.After(TimeToLive.Longest));
        Assert.InRange((await people.GetTimeToLiveAsync(1)).Left!.Value, TimeToLive.Longest - TimeSpan.FromHours(1), TimeToLive.Longest);
        Assert.True(await people.DeleteAsync(1));
    }

    private sealed class FailingSerializer : IValueSerializer<Person>
    {
        public void Serialize(Person value, System.Buffers.IBufferWriter<byte> destination) => destination.Advance(Encoding.UTF8.GetBytes(Secret, destination.GetSpan(100)));

        public Person Deserialize(ReadOnlySpan<byte> source) => throw new FormatException(Encoding.UTF8.GetString(source));
    }
}
