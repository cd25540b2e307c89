using System.Collections.Concurrent;

namespace RedisToolkit.Tests.HashRepositories;

/// <summary>What holds whatever others do at the same time.</summary>
public sealed class ConcurrencyTests
{
    [Theory, EveryTarget]
    public async Task Many_increments_add_up(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        HashRepository<Product, int> products = Products.Repository(redis);
        await products.SetAsync(1, Products.Chair with { Stock = 0, Sold = 0, Weight = 0 });
        await Bounded.Within(Task.WhenAll(Enumerable.Range(0, 20).Select(caller => Task.Run(async () =>
        {
            for (int i = 0; i < 25; i++)
            {
                await products.IncrementAsync(1, TestHashes.Product.Stock, 2);
                await products.UpdateAsync(1, change => change.Increment(TestHashes.Product.Sold, -1).Increment(TestHashes.Product.Weight, 0.5).Set(TestHashes.Product.Note, $"{caller}"));
            }
        }))), 60, "increments");
        Assert.Equal((1000, -500L, 250.0), await products.GetAsync(1, TestHashes.Product.Stock, TestHashes.Product.Sold, TestHashes.Product.Weight));
    }

    [Theory, EveryTarget]
    public async Task An_update_that_races_with_expiry_leaves_nothing_without_a_time_to_live(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        HashRepository<Product, int> products = Products.Repository(redis);
        int updated = 0, missed = 0;
        await Bounded.Within(Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            for (int round = 0; round < 60; round++)
            {
                int id = caller * 1000 + round;
                await products.SetAsync(id, Products.Chair, TimeToLive.Milliseconds(3));
                for (bool there = true; there;)
                {
                    there = round % 2 == 0
                        ? await products.UpdateAsync(id, change => change.Set(TestHashes.Product.Price, 1m).Remove(TestHashes.Product.Note), TimeToLive.Unchanged)
                        : await products.IncrementAsync(id, TestHashes.Product.Stock, 1, TimeToLive.Unchanged) is not null;
                    if (there) Interlocked.Increment(ref updated);
                }

                Interlocked.Increment(ref missed);
                Assert.False(await products.ExistsAsync(id));
            }
        }))), 60, "updates");
        // Both sides of the race were seen.
        Assert.Equal(480, missed);
        Assert.NotEqual(0, updated);
    }

    [Theory, EveryTarget]
    public async Task A_whole_write_is_never_seen_in_part_nor_without_a_time_to_live(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        HashRepository<Product, int> products = Products.Repository(redis);
        Product[] states = [Products.Chair, new("bare", 1m), Products.Chair with { Name = "long", Note = new string('x', 500) }];
        await products.SetAsync(1, states[0]);
        using var stop = new CancellationTokenSource();
        var wrong = new ConcurrentQueue<string>();
        Task writer = Task.Run(async () =>
        {
            for (int i = 0; i < 400; i++) await products.SetAsync(1, states[i % states.Length]);
            await stop.CancelAsync();
        });
        Task[] readers = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                Product? read = await products.GetAsync(1);
                if (Array.IndexOf(states, read) < 0) wrong.Enqueue("an entity that nobody wrote");
                if ((await products.GetTimeToLiveAsync(1)).Left is null) wrong.Enqueue("no time to live");
                (string? name, Shelf? shelf) = await products.GetAsync(1, TestHashes.Product.Name, TestHashes.Product.Shelf);
                if (!states.Any(state => (state.Name, state.Shelf) == (name, shelf))) wrong.Enqueue($"{name} on {shelf}");
            }
        }))];
        await Bounded.Within(Task.WhenAll([writer, .. readers]), 60, "writing and reading");
        Assert.Empty(wrong);
    }

    [Theory, EveryTarget]
    public async Task A_part_of_an_entity_that_is_just_made_is_not_taken_for_empty(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        HashRepository<Product, int> products = Products.Repository(redis);
        var wrong = new ConcurrentQueue<int?>();
        await Bounded.Within(Task.WhenAll(Enumerable.Range(0, 200).SelectMany(id => new[]
        {
            Task.Run(async () => await products.SetAsync(id, Products.Chair with { Stock = 99 })),
            Task.Run(async () =>
            {
                // There is none, or it has 99; the default would be of an entity without the field.
                int? stock = await products.GetAsync(id, TestHashes.Product.Stock);
                if (stock is not (null or 99)) wrong.Enqueue(stock);
            }),
        })), 60, "writing and reading");
        Assert.Empty(wrong);
    }

    [Theory, EveryTarget]
    public async Task Of_many_who_add_at_once_one_does(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        HashRepository<Product, int> products = Products.Repository(redis);
        bool[] added = await Bounded.Within(Task.WhenAll(Enumerable.Range(0, 50).Select(caller => products.AddAsync(1, Products.Chair with { Stock = caller }).AsTask())), 30, "adding");
        Assert.Single(added, true);
        Assert.Equal(Array.IndexOf(added, true), await products.GetAsync(1, TestHashes.Product.Stock));
    }

    [Theory, EveryTarget]
    public async Task A_connection_that_breaks_within_a_reply_loses_no_entity(Target target)
    {
        RedisServer server = await target.ServerAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        await using IRedisClient redis = await target.ConnectAsync(proxy);
        HashRepository<Product, int> products = Products.Repository(redis);
        // Long ones are decoded later than the others.
        Product[] stored = [.. Enumerable.Range(0, 200).Select(id => Products.Chair with { Stock = id, Note = new string('x', id % 3 == 0 ? 20_000 : 100) })];
        await products.SetManyAsync(Enumerable.Range(0, stored.Length).ToDictionary(id => id, id => stored[id]));
        foreach (int bytes in new[] { 1, 500, 15_000, 40_000 })
        {
            proxy.ToClient.CutAfter(bytes);
            Product?[] read = await Bounded.Within(products.GetManyAsync([.. Enumerable.Range(0, stored.Length)]).AsTask(), 60, "reading");
            Assert.Equal(stored, read);
        }
    }

    [Theory, EveryTarget]
    public async Task Scripts_that_the_server_forgot_are_sent_again(Target target)
    {
        await using RedisServer server = await target.StartServerAsync();
        await using IRedisClient redis = await target.ConnectAsync(server);
        HashRepository<Product, int> products = Products.Repository(redis);
        for (int round = 0; round < 3; round++)
        {
            _ = await redis.ExecuteAsync(RedisCommand.Create("SCRIPT", "FLUSH"), Replies.Done);
            await products.SetManyAsync(Enumerable.Range(0, 20).ToDictionary(id => id, id => Products.Chair with { Stock = id }));
            _ = await redis.ExecuteAsync(RedisCommand.Create("SCRIPT", "FLUSH"), Replies.Done);
            Assert.Equal(20, await products.IncrementAsync(19, TestHashes.Product.Stock));
        }
    }
}
