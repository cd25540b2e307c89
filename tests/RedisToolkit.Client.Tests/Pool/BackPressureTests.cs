using System.Collections.Concurrent;
using RedisToolkit.Client.Tests.Faults;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Pool;

public sealed class BackPressureTests
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(16, 1)]
    [InlineData(4, 4)]
    public async Task Callers_beyond_the_bound_wait_and_none_fails(int inFlight, int connections)
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server, o => o with { MaxInFlightCommands = inFlight, ConnectionsPerEndpoint = connections, CommandTimeout = TimeSpan.FromSeconds(60) });
        await Bounded.Within(Task.WhenAll(Enumerable.Range(0, 2_000).Select(caller => Task.Run(async () =>
        {
            for (int i = 0; i < 10; i++) Assert.Equal($"{caller}:{i}", await redis.EchoAsync($"{caller}:{i}"));
        }))), 45, "all callers");
    }

    [Fact]
    public async Task Callers_beyond_the_bound_of_unsent_bytes_wait_and_none_fails()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server, o => o with { MaxInFlightBytes = 64 * 1024, CommandTimeout = TimeSpan.FromSeconds(60) });
        string large = new('x', 30_000);
        await Bounded.Within(Task.WhenAll(Enumerable.Range(0, 200).Select(caller => Task.Run(async () =>
        {
            for (int i = 0; i < 10; i++)
            {
                string text = $"{caller}:{i}:{large}";
                Assert.Equal(text, await redis.EchoAsync(text));
            }
        }))), 45, "all callers");
        // One that alone is larger than the bound goes as well.
        string huge = new('y', 500_000);
        Assert.Equal(huge, await redis.EchoAsync(huge));
    }

    [Fact]
    public async Task Commands_of_one_caller_keep_their_order_while_they_wait_for_room()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server, o => o with { MaxInFlightCommands = 4, CommandTimeout = TimeSpan.FromSeconds(60) });
        await Bounded.Within(Task.WhenAll(Enumerable.Range(0, 20).Select(caller => Task.Run(async () =>
        {
            Task[] all = [.. Enumerable.Range(0, 500).Select(i => redis.ExecuteAsync(RedisCommand.Create("RPUSH", $"list {caller}", i), Replies.Done).AsTask())];
            await Task.WhenAll(all);
            string?[] list = await redis.ExecuteAsync(RedisCommand.Create("LRANGE", $"list {caller}", 0, -1), Wire.Texts);
            Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{i}"), list);
        }))), 45, "all callers");
    }

    [Fact]
    public async Task More_waiting_commands_than_allowed_fail_at_once_and_name_the_option()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server, o => o with { MaxInFlightCommands = 2, MaxWaitingCommands = 10, CommandTimeout = TimeSpan.FromSeconds(30), HeartbeatTimeout = TimeSpan.FromSeconds(60) });
        await server.PauseAsync();
        using var leave = new CancellationTokenSource();
        Task<string?>[] accepted = [.. Enumerable.Range(0, 12).Select(i => redis.EchoAsync($"{i}", i < 7 ? default : leave.Token).AsTask())];
        var exhausted = await Assert.ThrowsAsync<RedisPoolExhaustedException>(() => redis.EchoAsync("one too many").AsTask());
        Assert.Equal(CommandOutcome.NotSent, exhausted.Outcome);
        Assert.Contains("RedisClientOptions.MaxWaitingCommands", exhausted.Message, StringComparison.Ordinal);
        // Those who leave make room for others.
        await leave.CancelAsync();
        for (int i = 7; i < 12; i++) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepted[i]);
        Task<string?>? late = null;
        await Bounded.Until(() => !(late = redis.EchoAsync("late").AsTask()).IsFaulted, "room");
        await server.ResumeAsync();
        for (int i = 0; i < 7; i++) Assert.Equal($"{i}", await Bounded.Within(accepted[i], 10, "a command that waited"));
        Assert.Equal("late", await Bounded.Within(late!, 10, "the command that came late"));
    }

    [Fact]
    public async Task No_wake_up_is_lost_while_waiting_callers_leave()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server, o => o with { MaxInFlightCommands = 2, CommandTimeout = TimeSpan.FromSeconds(60) });
        var outcomes = new ConcurrentDictionary<string, int>();
        for (int round = 0; round < 100; round++)
        {
            int r = round;
            await Bounded.Within(Task.WhenAll(Enumerable.Range(0, 50).Select(caller => Task.Run(async () =>
            {
                using var leave = new CancellationTokenSource();
                Task<string?> echo = redis.EchoAsync($"{r}:{caller}", caller % 3 == 0 ? leave.Token : default).AsTask();
                if (caller % 6 == 0) await leave.CancelAsync();
                try
                {
                    Assert.Equal($"{r}:{caller}", await echo);
                    outcomes.AddOrUpdate("reply", 1, static (_, n) => n + 1);
                }
                catch (OperationCanceledException)
                {
                    outcomes.AddOrUpdate("cancelled", 1, static (_, n) => n + 1);
                }
            }))), 15, $"round {round}");
        }

        Assert.Equal(5_000, outcomes.Values.Sum());
    }

    // Twenty thousand stand in line: whoever is served must not cost a look at all of them.
    [Fact]
    public async Task A_long_line_is_served_as_fast_as_a_short_one()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server, o => o with { MaxInFlightCommands = 16, CommandTimeout = TimeSpan.FromSeconds(60) });
        Task<string?>[] all = [.. Enumerable.Range(0, 50_000).Select(i => redis.EchoAsync($"{i}").AsTask())];
        for (int i = 0; i < all.Length; i++) Assert.Equal($"{i}", await Bounded.Within(all[i], 30, $"command {i}"));
    }
}
