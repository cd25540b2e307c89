namespace RedisToolkit.Tests.Docs;

/// <summary>The code of docs/bulk.md, on a server of its own.</summary>
public sealed class BulkSnippets
{
    [Fact]
    public async Task The_code_of_the_page_on_many_commands_does_what_the_page_says()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync(server.ConnectionString);
        string path = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(path, Enumerable.Range(0, 1000).Select(i => $"{i}\tproduct number {i}"));
            await Load(redis, path);
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Equal("product number 17", await redis.GetAsync("product:17"));
        Assert.InRange((await redis.TimeToLiveAsync("product:17")).Left!.Value.TotalHours, 23, 24);
        Assert.Equal(11_000, await redis.DatabaseSizeAsync());
    }

    private static async Task Load(RedisClient redis, string path)
    {
        var loader = new BulkLoader(redis);
        BulkResult result = await loader.LoadAsync(ReadLinesAsync(path), TimeSpan.FromDays(1));
        Console.WriteLine($"{result.Total.Loaded} keys, {result.Total.PerSecond:N0} in a second");

        IAsyncEnumerable<RedisCommand> commands = AsyncEnumerable.Range(0, 10_000).Select(i => RedisCommand.Create("HSET", $"user:{i}", "seen", 0));
        var options = new BulkOptions { MaxFailures = 100, PerSecond = 50_000 };
        BulkResult sent = await loader.SendAsync(commands, options);

        Assert.Equal((1000, 10_000), (result.Total.Loaded, sent.Total.Loaded));

        static async IAsyncEnumerable<BulkEntry> ReadLinesAsync(string path)
        {
            await foreach (string line in File.ReadLinesAsync(path))
            {
                string[] parts = line.Split('\t');
                yield return new BulkEntry($"product:{parts[0]}", parts[1]);
            }
        }
    }
}
