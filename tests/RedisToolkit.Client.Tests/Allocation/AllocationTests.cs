using Xunit.Abstractions;

namespace RedisToolkit.Client.Tests.Allocation;

/// <summary>Nothing else runs while these count what the whole process allocates.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public sealed class AllocationCollection;

/// <summary>What a command costs the garbage collector, with 50 callers at work on one connection to a real server.</summary>
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests(ITestOutputHelper output)
{
    private const int Callers = 50;
    private const int PerCaller = 400;
    private const int Operations = Callers * PerCaller;
    private const int Rounds = 3;
    private const int ValueBytes = 100;
    // The array's own header and length, rounded up to 8 bytes.
    private const int ArrayBytes = 24 + ((ValueBytes + 7) / 8 * 8);
    // The loops of the callers, the counting, and what the runtime does in the background: not of the command.
    private const double Slack = 8;

    [Fact]
    public async Task Reading_bytes_costs_their_array_and_next_to_nothing_else()
    {
        await using RedisClient redis = await Servers.ConnectAsync();
        RedisArgument key = await FilledKeyAsync(redis);
        double bytes = await MeasureAsync("GET as an array", redis, RedisStrings.GetBytes(key), static value => value!.Length == ValueBytes);
        Assert.InRange(bytes, ArrayBytes, ArrayBytes + 24 + Slack);
    }

    [Fact]
    public async Task Reading_into_pooled_memory_costs_next_to_nothing()
    {
        await using RedisClient redis = await Servers.ConnectAsync();
        RedisArgument key = await FilledKeyAsync(redis);
        double bytes = await MeasureAsync("GET into pooled memory", redis, RedisStrings.GetPooled(key), static pooled =>
        {
            using (pooled) return pooled.Length == ValueBytes;
        });
        Assert.InRange(bytes, 0, Slack);
    }

    [Fact]
    public async Task Writing_costs_next_to_nothing()
    {
        await using RedisClient redis = await Servers.ConnectAsync();
        RedisArgument key = await FilledKeyAsync(redis);
        byte[] value = new byte[ValueBytes];
        double bytes = await MeasureAsync("SET", redis, RedisStrings.Set(key, value), static done => done);
        Assert.InRange(bytes, 0, Slack);
    }

    [Fact]
    public async Task A_token_that_can_be_cancelled_costs_little_more()
    {
        await using RedisClient redis = await Servers.ConnectAsync();
        RedisArgument key = await FilledKeyAsync(redis);
        using var source = new CancellationTokenSource();
        double bytes = await MeasureAsync("SET with a token", redis, RedisStrings.Set(key, 1), static done => done, source.Token);
        // A token's source keeps the nodes of its registrations for reuse.
        Assert.InRange(bytes, 0, 16 + Slack);
    }

    private static async Task<RedisArgument> FilledKeyAsync(RedisClient redis)
    {
        byte[] key = System.Text.Encoding.UTF8.GetBytes(Servers.NewKey());
        _ = await redis.ExecuteAsync(RedisStrings.Set(key, new byte[ValueBytes]).Command, Replies.Done);
        return key;
    }

    // Bytes for one operation, in the best of the rounds: another one may have met a collection or a timer.
    private async Task<double> MeasureAsync<T>(string what, RedisClient redis, RedisCommand<T> command, Func<T, bool> isRight, CancellationToken token = default)
    {
        for (int warmUp = 0; warmUp < 3; warmUp++) await RoundAsync(redis, command, isRight, token);
        double best = double.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await RoundAsync(redis, command, isRight, token);
            best = Math.Min(best, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Operations);
        }

        output.WriteLine($"{what}: {best:0.0} bytes for each of {Operations} operations by {Callers} callers");
        return best;
    }

    private static Task RoundAsync<T>(RedisClient redis, RedisCommand<T> command, Func<T, bool> isRight, CancellationToken token)
    {
        var callers = new Task[Callers];
        for (int i = 0; i < callers.Length; i++) callers[i] = CallAsync(redis, command, isRight, token);
        return Task.WhenAll(callers).WaitAsync(TimeSpan.FromMinutes(2), CancellationToken.None);
    }

    // Awaits the client itself: a method in between would have a state of its own to keep.
    private static async Task CallAsync<T>(RedisClient redis, RedisCommand<T> command, Func<T, bool> isRight, CancellationToken token)
    {
        await Task.Yield();
        for (int i = 0; i < PerCaller; i++)
        {
            T reply = await redis.ExecuteAsync(command.Command, command.Reply, token);
            if (!isRight(reply)) Assert.Fail("a wrong reply came");
        }
    }
}
