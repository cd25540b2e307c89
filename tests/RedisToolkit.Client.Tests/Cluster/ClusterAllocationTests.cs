using RedisToolkit.Client.Tests.Allocation;

namespace RedisToolkit.Client.Tests.Cluster;

/// <summary>Finding the node of a command costs the garbage collector nothing.</summary>
[Collection(nameof(AllocationTests))]
public sealed class ClusterAllocationTests
{
    private const int Callers = 50;
    private const int PerCaller = 400;

    [Fact]
    public async Task A_write_to_a_cluster_costs_next_to_nothing()
    {
        await using RedisClient redis = await ClusterServers.ConnectAsync();
        string[] keys = [.. Enumerable.Range(0, Callers).Select(i => Servers.NewKey() + i)];
        byte[] value = new byte[100];
        for (int warmUp = 0; warmUp < 3; warmUp++) await RoundAsync();
        double best = double.MaxValue;
        for (int round = 0; round < 3; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await RoundAsync();
            best = Math.Min(best, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)(Callers * PerCaller));
        }

        Assert.InRange(best, 0, 8);

        Task RoundAsync() => Task.WhenAll(keys.Select(CallAsync)).WaitAsync(TimeSpan.FromMinutes(2));

        async Task CallAsync(string key)
        {
            await Task.Yield();
            RedisCommand<bool> command = RedisStrings.Set(key, value);
            for (int i = 0; i < PerCaller; i++) _ = await redis.ExecuteAsync(command.Command, command.Reply);
        }
    }
}
