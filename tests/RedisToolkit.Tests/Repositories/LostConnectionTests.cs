namespace RedisToolkit.Tests.Repositories;

/// <summary>Connections that break while entities are on their way.</summary>
public sealed class LostConnectionTests
{
    [Theory, EveryTarget]
    public async Task A_connection_that_breaks_within_a_reply_loses_no_entity(Target target)
    {
        RedisServer server = await target.ServerAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        await using IRedisClient redis = await target.ConnectAsync(proxy);
        JsonRepository<Person, int> people = People.Repository(redis, options: People.AnHour with { Compression = ValueCompression.Brotli });
        // Long ones are compressed, and decoded later than the others.
        Person[] stored = [.. Enumerable.Range(0, 400).Select(id => new Person("p", id, new string('x', id % 3 == 0 ? 3000 : 100)))];
        await people.SetManyAsync(Enumerable.Range(0, stored.Length).ToDictionary(id => id, id => stored[id]));
        foreach (int bytes in new[] { 1, 500, 15_000, 40_000 })
        {
            proxy.ToClient.CutAfter(bytes);
            Person?[] read = await Bounded.Within(people.GetManyAsync([.. Enumerable.Range(0, stored.Length)]).AsTask(), 60, "reading");
            Assert.Equal(stored, read);
        }
    }

    [Theory, EveryTarget]
    public async Task A_write_that_was_cancelled_leaves_its_memory_to_nobody_else(Target target)
    {
        RedisServer server = await target.ServerAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        await using IRedisClient redis = await target.ConnectAsync(proxy);
        JsonRepository<Person, int> people = People.Repository(redis);
        for (int round = 0; round < 20; round++)
        {
            using var source = new CancellationTokenSource();
            Task[] cancelled = [.. Enumerable.Range(0, 20).Select(id => people.SetAsync(id, new Person("cancelled", id, new string((char)('a' + id), 2000)), cancellationToken: source.Token).AsTask())];
            await source.CancelAsync();
            await people.SetManyAsync(Enumerable.Range(100, 20).ToDictionary(id => id, id => new Person("after", id, new string('z', 2000))));
            foreach (Task task in cancelled)
            {
                Exception? error = await Record.ExceptionAsync(() => task);
                Assert.True(error is null or OperationCanceledException, $"{error}");
            }

            // Each was written as it is, or not at all.
            for (int id = 0; id < 20; id++)
            {
                if (await people.GetAsync(id) is { } person) Assert.Equal(new Person("cancelled", id, new string((char)('a' + id), 2000)), person);
            }
        }
    }
}
