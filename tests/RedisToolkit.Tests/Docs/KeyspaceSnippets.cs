using RedisToolkit.Tests.Support;

namespace RedisToolkit.Tests.Docs;

/// <summary>The code of docs/keyspace.md, on a server of its own.</summary>
public sealed class KeyspaceSnippets
{
    [Fact]
    public async Task The_code_of_the_page_on_the_keyspace_does_what_the_page_says()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync(server.ConnectionString);
        await redis.FillAsync("session:", 500);
        await redis.FillAsync("user:", 50);
        await redis.FillAsync("cache:", 50);
        await Scan(redis);
        await Delete(redis);
        await Rename(redis);
        Assert.Equal(100, await redis.DatabaseSizeAsync());
        Assert.Equal(50, (await redis.KeysAsync("v2:user:*")).Length);
        Assert.Equal(0, await Measure(redis));
        Assert.Equal(@"user:a\*b:*", System.Text.Encoding.UTF8.GetString(Pattern("a*b").ToBytes()));
    }

    private static async Task Scan(RedisClient redis)
    {
        var keyspace = new RedisKeyspace(redis);
        await foreach (RedisBytes key in keyspace.ScanAsync(new KeyScan { Match = "session:*", Type = "hash" }))
        {
            Console.WriteLine(key);
        }
    }

    private static RedisArgument Pattern(string name)
    {
        RedisArgument pattern = RedisGlob.StartingWith($"user:{name}:");
        return pattern;
    }

    private static async Task Delete(RedisClient redis)
    {
        var keyspace = new RedisKeyspace(redis);
        KeyspaceResult trial = await keyspace.DeleteAsync("session:*", new KeyspaceOptions { DryRun = true });
        Console.WriteLine($"{trial.Total.Matched} keys, such as {string.Join(", ", trial.Examples)}");

        var checkpoint = new KeyspaceCheckpoint();
        KeyspaceResult result = await keyspace.DeleteAsync(
            "session:*",
            new KeyspaceOptions { KeysPerSecond = 20_000, Checkpoint = checkpoint });

        string stored = checkpoint.ToString();
        await keyspace.DeleteAsync("session:*", new KeyspaceOptions { Checkpoint = KeyspaceCheckpoint.Parse(stored) });

        Assert.Equal((500, 500), (trial.Total.Matched, result.Total.Changed));
    }

    private static async Task Rename(RedisClient redis)
    {
        var keyspace = new RedisKeyspace(redis);
        Func<RedisBytes, RedisArgument?> toV2 = KeyMapping.ReplacePrefix("user:", "v2:user:");
        await keyspace.RenameAsync("user:*", toV2, KeyConflict.Skip);
        await keyspace.ExpireAsync("cache:*", TimeToLive.Hours(1), ExpireWhen.HasNone);
    }

    private static async Task<int> Measure(RedisClient redis)
    {
        var keyspace = new RedisKeyspace(redis);
        KeyspaceEstimate sessions = await keyspace.CountAsync("session:*");
        KeyspaceEstimate memory = await keyspace.MeasureMemoryAsync("session:*", new SampleOptions { Confidence = 0.99 });
        Console.WriteLine($"{sessions.Low} to {sessions.High} keys, {memory.Value} bytes");

        foreach (KeySize big in await keyspace.BiggestAsync(10)) Console.WriteLine($"{big.Key}: {big.Type}, {big.Bytes} bytes");
        List<RedisBytes> forEver = await keyspace.WithoutTimeToLiveAsync(new KeyScan { Match = "cache:*" }).ToListAsync();
        return forEver.Count;
    }
}
