using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Faults;

public sealed class OutcomeTests
{
    [Fact]
    public async Task Writes_are_never_repeated_once_they_may_have_been_executed()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync(proxy.OptionsFor());
        int acknowledged = 0;
        int unknown = 0;
        int notSent = 0;
        using var stop = new CancellationTokenSource();
        Task[] callers = [.. Enumerable.Range(0, 40).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    await redis.IncrAsync("counter");
                    Interlocked.Increment(ref acknowledged);
                }
                catch (RedisException e) when (e.Outcome == CommandOutcome.Unknown)
                {
                    Interlocked.Increment(ref unknown);
                }
                catch (RedisException e) when (e.Outcome == CommandOutcome.NotSent)
                {
                    Interlocked.Increment(ref notSent);
                }
            }
        }))];
        var random = new Random(3);
        for (int round = 0; round < 15; round++)
        {
            int before = Volatile.Read(ref acknowledged);
            long accepted = proxy.ConnectionsAccepted;
            (round % 2 == 0 ? proxy.ToClient : proxy.ToServer).CutAfter(random.Next(3_000), random.Next(2) == 0 ? ConnectionEnd.Close : ConnectionEnd.Reset);
            await Bounded.Until(() => proxy.ConnectionsAccepted > accepted && Volatile.Read(ref acknowledged) > before, "progress after a cut");
        }

        await stop.CancelAsync();
        await Bounded.Within(Task.WhenAll(callers), 20, "all callers");
        long final = (await server.CommandAsync("GET", "counter")).ToInt64();
        Assert.InRange(final, acknowledged, acknowledged + unknown);
        Assert.True(unknown > 0, $"{acknowledged} acknowledged, {unknown} unknown, {notSent} not sent");
    }

    [Fact]
    public async Task A_write_whose_connection_is_cut_after_it_left_is_of_unknown_outcome_and_a_read_is_sent_again()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync(proxy.OptionsFor());
        proxy.ToClient.CutAfter(0);
        var lost = await Assert.ThrowsAsync<RedisConnectionException>(() => redis.IncrAsync("n").AsTask());
        Assert.Equal((CommandOutcome.Unknown, ConnectionFailure.Lost), (lost.Outcome, lost.Failure));
        Assert.Contains("unknown whether it was executed", lost.Message, StringComparison.Ordinal);
        Assert.Equal("1", await redis.GetAsync("n"));

        proxy.ToClient.CutAfter(1);
        Assert.Equal("1", await redis.GetAsync("n"));
        Assert.Equal(3, proxy.ConnectionsAccepted);

        // A write that its sender declares safe to repeat is repeated.
        proxy.ToClient.CutAfter(1);
        Assert.True(await redis.ExecuteAsync(RedisCommand.Create("SET", "s", "v").SafeToRepeat(), Replies.Done));

        // And a read that its sender forbids to repeat is not.
        proxy.ToClient.CutAfter(1);
        lost = await Assert.ThrowsAsync<RedisConnectionException>(() => redis.ExecuteAsync(RedisCommand.Create("GET", "n").WithoutRepeat(), Replies.Text).AsTask());
        Assert.Equal(CommandOutcome.Unknown, lost.Outcome);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_read_is_repeated_so_often_and_no_more(int most)
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using var wire = new Middlebox(server.EndPoint, (command, passed) => command == "GET" ? Middlebox.Fate.CutAfterwards : Middlebox.Fate.Pass);
        await using RedisClient redis = await RedisClient.ConnectAsync(Wire.At(wire.Port) with { MaxRepeats = most });
        var lost = await Assert.ThrowsAsync<RedisConnectionException>(() => Bounded.Within(redis.GetAsync("k").AsTask(), 20, "the read"));
        Assert.Equal(CommandOutcome.Unknown, lost.Outcome);
        Assert.Equal(1 + most, wire.Seen("GET"));
    }

    [Fact]
    public async Task A_write_that_was_not_sent_waits_for_the_next_connection()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync(proxy.OptionsFor() with { MaxInFlightCommands = 2 });
        proxy.ToServer.Stall();
        Task<long>[] writes = [.. Enumerable.Range(0, 20).Select(_ => redis.IncrAsync("n").AsTask())];
        await proxy.DropConnectionsAsync();
        proxy.PassThrough();
        int unknown = 0;
        for (int i = 0; i < writes.Length; i++)
        {
            try
            {
                await Bounded.Within(writes[i], 10, "a write");
            }
            catch (RedisConnectionException e)
            {
                Assert.Equal(CommandOutcome.Unknown, e.Outcome);
                unknown++;
            }
        }

        // The two that were in flight may have left; the others were sent for the first time afterwards.
        Assert.Equal(2, unknown);
        Assert.Equal("18", await redis.GetAsync("n"));
    }

    // The socket takes only the beginning of the large value: what was spelled behind it has not left this process.
    [Fact]
    public async Task Writes_that_were_still_in_the_buffer_are_sent_on_the_next_connection_and_executed_once()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync(proxy.OptionsFor() with { CommandTimeout = TimeSpan.FromSeconds(30) });
        for (int round = 0; round < 3; round++)
        {
            await redis.EchoAsync("connected");
            proxy.ToServer.Stall();
            Task<bool> large = redis.SetAsync("large", new byte[32 << 20]).AsTask();
            Task<long>[] writes = [.. Enumerable.Range(0, 20).Select(_ => redis.IncrAsync("n").AsTask())];
            await proxy.DropConnectionsAsync();
            proxy.PassThrough();
            var lost = await Assert.ThrowsAsync<RedisConnectionException>(() => Bounded.Within(large, 20, "the large value"));
            Assert.Equal(CommandOutcome.Unknown, lost.Outcome);
            for (int i = 0; i < writes.Length; i++) Assert.Equal((round * 20) + i + 1, await Bounded.Within(writes[i], 20, "a write"));
        }
    }

    [Fact]
    public async Task A_refusal_and_a_reply_of_another_shape_tell_what_became_of_the_command()
    {
        await using RedisClient redis = await Servers.ConnectAsync();
        string key = Servers.NewKey();
        await redis.SetAsync(key, "text");
        var refused = await Assert.ThrowsAsync<RedisServerException>(() => redis.IncrAsync(key).AsTask());
        Assert.Equal(CommandOutcome.Refused, refused.Outcome);
        var shape = await Assert.ThrowsAsync<RedisReplyException>(() => redis.ExecuteAsync(RedisCommand.Create("APPEND", key, "!"), Replies.ArrayOf(Replies.Text)).AsTask());
        Assert.Equal(CommandOutcome.Executed, shape.Outcome);
        Assert.Equal("text!", await redis.GetAsync(key));
    }
}
