namespace RedisToolkit.Tests.Docs;

/// <summary>The code of docs/hash-fields.md, on a server of its own kind each.</summary>
public sealed class HashFieldsSnippets
{
    [Theory, EveryServer]
    public async Task The_code_of_the_page_on_hash_fields_does_what_the_page_says(RedisFlavor flavor)
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Flavor = flavor });
        await using RedisClient redis = await RedisClient.ConnectAsync(server.ConnectionString);
        HashFields fields = await First(redis);
        await Calls(fields);
        await Maps(fields);
        await Sweep(fields, CancellationToken.None);
        await Back(redis, CancellationToken.None);
    }

    private static async Task<HashFields> First(RedisClient redis)
    {
        var fields = new HashFields(redis);
        await fields.SetAsync("dash:7", [("cpu", 71, TimeToLive.Seconds(5)), ("owner", "ada", TimeToLive.Hours(1)), ("name", "Frontend", TimeToLive.Forever)]);
        string? cpu = await fields.GetAsync("dash:7", "cpu");                                     // null once its five seconds are over
        Dictionary<string, string> dashboard = await fields.GetAllAsync("dash:7");                // what is there now

        Assert.Equal("ada", dashboard["owner"]);
        if (cpu is not null) Assert.Equal("71", cpu);
        return fields;
    }

    private static async Task Calls(HashFields fields)
    {
        bool taken = await fields.SetAsync("jobs", [("import", "worker-3", TimeToLive.Minutes(1))], SetFieldsWhen.NoneExists);
        string?[] read = await fields.GetAndExpireAsync("jobs", ["import", "export"], TimeToLive.Minutes(1));             // read, and one minute more
        FieldOutcome[] longer = await fields.ExpireAsync("jobs", [("import", TimeToLive.Hours(1)), ("export", TimeToLive.Hours(2))], ExpireWhen.Later);
        FieldTimeToLive[] left = await fields.TimeToLiveAsync("jobs", ["import", "export"]);
        FieldOutcome[] kept = await fields.PersistAsync("jobs", ["import"]);

        Assert.True(taken);
        FieldsUnderTest.Same(["worker-3", null], read);
        Assert.Equal([FieldOutcome.Done, FieldOutcome.NoSuchField], longer);
        Assert.InRange(left[0].Left!.Value, TimeSpan.FromMinutes(50), TimeSpan.FromHours(1));
        Assert.Equal([FieldOutcome.Done], kept);
    }

    private static async Task Maps(HashFields fields)
    {
        var maps = new ResultMaps(fields);
        var prices = new Dictionary<string, double> { ["BTC"] = 64_000.5, ["EUR"] = 1.08 };
        await maps.StoreAsync("prices", prices, write: price => price, policy: (name, price) => name == "BTC" ? TimeToLive.Seconds(2) : TimeToLive.Hours(1));

        foreach (StoredResult<double> price in await maps.LoadAsync("prices", ["BTC", "EUR", "XAU"], Replies.Double))
        {
            string shown = price.State switch
            {
                ResultState.Found => $"{price.Value}",
                ResultState.Expired => "was here, ask again",
                _ => "never heard of",
            };
            Console.WriteLine(shown);
        }

        Assert.Equal(1.08, (await maps.LoadAsync("prices", ["EUR"], Replies.Double))[0].Value);
    }

    private static async Task Sweep(HashFields fields, CancellationToken cancellationToken)
    {
        await foreach (HashSweep hash in fields.SweepAllAsync(cancellationToken))
        {
            if (hash.Error is not null) Console.WriteLine($"{hash.Key}: {hash.Error.Message}");
        }
    }

    private static async Task Back(RedisClient redis, CancellationToken cancellationToken)
    {
        var portable = new HashFields(redis, new HashFieldsOptions { Storage = HashFieldStorage.Portable });
        long moved = await portable.ConvertAsync("dash:7", cancellationToken);

        Assert.InRange(moved, 0, 2);
        Assert.True(await redis.ExistsAsync("{dash:7}:field-deadlines", cancellationToken));
    }
}
