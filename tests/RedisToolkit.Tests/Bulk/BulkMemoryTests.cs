namespace RedisToolkit.Tests.Bulk;

/// <summary>Tests that measure the whole process: nothing else runs meanwhile.</summary>
[CollectionDefinition(nameof(MeasuresProcess), DisableParallelization = true)]
public sealed class MeasuresProcess;

/// <summary>What loading holds in memory.</summary>
[Collection(nameof(MeasuresProcess))]
public sealed class BulkMemoryTests
{
    [Fact]
    public async Task Memory_stays_the_same_over_a_million_entries()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using IRedisClient redis = await new OwnClient().ConnectAsync(new ClientSettings(server.Host, server.Port));
        var loader = new BulkLoader(redis);
        await loader.LoadAsync(Entries("warm:", 10_000, () => 0), TimeToLive.Forever);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long most = 0;
        int given = 0;
        BulkResult result = await loader.LoadAsync(
            Entries("key:", 1_000_000, () =>
            {
                // What is alive, not what waits for the collector.
                if (++given % 100_000 == 0) most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
                return given;
            }),
            TimeToLive.Forever);
        Assert.Equal(1_000_000, result.Total.Loaded);
        Assert.Equal(1_010_000, await redis.DatabaseSizeAsync());
        // Five batches of 500 entries are some 2 MB.
        Assert.InRange(most, 1, 10 << 20);
    }

    private static async IAsyncEnumerable<BulkEntry> Entries(string prefix, int count, Func<int> onEach)
    {
        for (int i = 0; i < count; i++)
        {
            _ = onEach();
            yield return new BulkEntry(prefix + i, "value " + i);
        }

        await Task.CompletedTask;
    }
}
