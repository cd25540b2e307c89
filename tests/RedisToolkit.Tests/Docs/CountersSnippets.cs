namespace RedisToolkit.Tests.Docs;

/// <summary>The code of docs/counters.md, on a server of its own.</summary>
public sealed class CountersSnippets
{
    [Fact]
    public async Task The_code_of_the_page_on_counters_does_what_the_page_says()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync(server.ConnectionString);
        await redis.SetAsync("stock:42", 2);
        await Snippets(redis);
        Assert.Equal(0, await new Counters(redis).GetAsync("stock:42"));
    }

    private static async Task Snippets(RedisClient redis)
    {
        var counters = new Counters(redis);
        CounterResult visits = await counters.AddAsync("visits:today", TimeToLive.Days(1));
        Console.WriteLine(visits.IsNew ? "The first one today." : $"Visitor {visits.Value}.");

        var stock = new CounterBounds(Least: 0, Greatest: 100);
        CounterResult left = await counters.AddAsync("stock:42", TimeToLive.Forever, by: -3, stock);
        if (left.IsSaturated) Console.WriteLine("Fewer than three were left; now there are none.");

        var used = new List<long>();
        void Use(long id) => used.Add(id);
        IdBlock block = await counters.ReserveAsync("ids:order", 1000);
        for (long id = block.First; id <= block.Last; id++) Use(id);

        Assert.True(visits.IsNew && left.IsSaturated);
        Assert.Equal((1, 1000, 1000), (used[0], used[^1], used.Count));
    }
}
