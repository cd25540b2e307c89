namespace RedisToolkit.StackExchangeRedis.Tests.Commands;

/// <summary>Nothing else runs while these count what the whole process allocates.</summary>
[CollectionDefinition(nameof(CommandAllocationTests), DisableParallelization = true)]
public sealed class CommandAllocationCollection;

/// <summary>What a command costs the garbage collector beside what the multiplexer itself takes.</summary>
[Collection(nameof(CommandAllocationTests))]
public sealed class CommandAllocationTests
{
    [Fact]
    public async Task A_command_allocates_no_more_than_the_multiplexer_does()
    {
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync();
        await redis.SetAsync("some", "value");
        byte[] value = new byte[100];
        Assert.InRange(await MeasureAsync(async () => await redis.GetBytesAsync("some")), 0, 900);
        Assert.InRange(await MeasureAsync(async () => await redis.SetAsync("some", value)), 0, 900);
    }

    // Of the whole process, as the multiplexer works on threads of its own; its timers may add to it, so the least of several counts.
    private static async Task<long> MeasureAsync(Func<Task> once)
    {
        const int Times = 1000;
        for (int i = 0; i < Times; i++) await once();
        long least = long.MaxValue;
        for (int round = 0; round < 10; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < Times; i++) await once();
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / Times);
        }

        return least;
    }
}
