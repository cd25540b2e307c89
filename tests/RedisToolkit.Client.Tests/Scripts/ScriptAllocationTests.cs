namespace RedisToolkit.Client.Tests.Scripts;

/// <summary>Allocation is counted for the whole process, so nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(ScriptAllocation), DisableParallelization = true)]
public sealed class ScriptAllocation;

[Collection(nameof(ScriptAllocation))]
public sealed class ScriptAllocationTests
{
    private static readonly LuaScript Add = LuaScript.FromResource(typeof(ScriptAllocationTests).Assembly, "add.lua");

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public async Task A_call_of_a_known_script_allocates_next_to_nothing(int callers)
    {
        const int Calls = 20_000;
        await using RedisClient redis = await Servers.ConnectAsync();
        RedisArgument key = Servers.NewKey();
        await RunAsync(redis, key, callers, Calls);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        await RunAsync(redis, key, callers, Calls);
        double each = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Calls;
        Assert.InRange(each, 0, 8);
    }

    private static Task RunAsync(RedisClient redis, RedisArgument key, int callers, int calls) => Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
    {
        for (int i = 0; i < calls / callers; i++) await redis.EvaluateAsync(Add, [key], [1], Replies.Integer);
    }));
}
