using System.Collections.Concurrent;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Batches;

public sealed class RedisBatchFaultTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_connection_cut_between_replies_leaves_the_answered_results_and_fails_the_rest_as_unknown()
    {
        RedisServer server = await Servers.GetAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync($"{proxy.Host}:{proxy.Port}");
        string key = Servers.NewKey();
        var batch = new RedisBatch();
        var counts = Enumerable.Range(0, 100).Select(_ => batch.Add(RedisCommand.Create("INCR", key), Replies.Integer)).ToArray();
        proxy.ToClient.CutAfter(4 * 9 + (5 * 20) + 2); // :1\r\n ... :9\r\n, 20 of :nn\r\n, and half of the next
        RedisConnectionException lost = await Assert.ThrowsAsync<RedisConnectionException>(async () => await redis.ExecuteAsync(batch));
        Assert.Equal(CommandOutcome.Unknown, lost.Outcome);
        for (int i = 0; i < 29; i++) Assert.Equal(i + 1, counts[i].Value);
        for (int i = 29; i < 100; i++) Assert.Same(lost, counts[i].Error);
        Assert.Equal("100", await redis.GetAsync(key));
    }

    [Fact]
    public async Task A_batch_that_only_reads_is_sent_again_as_a_whole()
    {
        RedisServer server = await Servers.GetAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync($"{proxy.Host}:{proxy.Port}");
        var batch = new RedisBatch();
        var echoes = Enumerable.Range(0, 100).Select(i => batch.Add(RedisCommand.Create("ECHO", $"{i:000}"), Replies.Text)).ToArray();
        proxy.ToClient.CutAfter((9 * 40) + 5);
        await redis.ExecuteAsync(batch);
        Assert.Equal(2, proxy.ConnectionsAccepted);
        for (int i = 0; i < 100; i++) Assert.Equal($"{i:000}", echoes[i].Value);
    }

    [Fact]
    public async Task A_long_batch_stops_at_the_part_that_was_lost()
    {
        RedisServer server = await Servers.GetAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync($"{proxy.Host}:{proxy.Port}");
        string key = Servers.NewKey();
        var batch = new RedisBatch();
        for (int i = 0; i < 5000; i++) batch.Add(RedisCommand.Create("INCR", key), Replies.Integer);
        proxy.ToClient.CutAfter(10_000); // in the second part
        RedisConnectionException lost = await Assert.ThrowsAsync<RedisConnectionException>(async () => await redis.ExecuteAsync(batch));
        long executed = long.Parse((await redis.GetAsync(key))!, System.Globalization.CultureInfo.InvariantCulture);
        int done = batch.Results.TakeWhile(result => result.Error is null).Count();
        Assert.Equal(2048, executed);
        Assert.InRange(done, 1025, 2047);
        Assert.All(batch.Results.Skip(done).Take(2048 - done), result => Assert.Same(lost, result.Error));
        Assert.All(batch.Results.Skip(2048), result => Assert.Equal(CommandOutcome.NotSent, Assert.IsType<RedisConnectionException>(result.Error).Outcome));
    }

    [Fact]
    public async Task A_batch_whose_connection_the_server_kills_fails_with_its_outcome_and_the_client_goes_on()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server);
        using var stop = new CancellationTokenSource();
        Task killing = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await server.CommandAsync("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
                await Task.Delay(3);
            }
        });
        var outcomes = new ConcurrentBag<CommandOutcome?>();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(async caller =>
        {
            for (int round = 0; round < 15; round++)
            {
                var batch = new RedisBatch();
                var echoes = Enumerable.Range(0, 30).Select(i => batch.Add(RedisCommand.Create("ECHO", $"{caller}:{round}:{i}").WithoutRepeat(), Replies.Text)).ToArray();
                try
                {
                    await redis.ExecuteAsync(batch);
                    outcomes.Add(null);
                }
                catch (RedisException lost)
                {
                    outcomes.Add(lost.Outcome);
                }

                for (int i = 0; i < 30; i++)
                {
                    Assert.True(echoes[i].IsDone);
                    if (echoes[i].Error is null) Assert.Equal($"{caller}:{round}:{i}", echoes[i].Value);
                }
            }
        })).WaitAsync(TimeSpan.FromSeconds(60));
        await stop.CancelAsync();
        await killing;
        Assert.Equal(150, outcomes.Count);
        Assert.Equal("alive", await redis.ExecuteAsync(RedisCommand.Create("ECHO", "alive"), Replies.Text));
    }

    [Fact]
    public async Task Cancelling_batches_in_the_middle_disturbs_nobody_else()
    {
        await using RedisClient redis = await Servers.ConnectAsync();
        string prefix = Servers.NewKey();
        using var stop = new CancellationTokenSource();
        int cancelled = 0;
        Task[] cancelling = [.. Enumerable.Range(0, 2).Select(async caller =>
        {
            for (int round = 0; !stop.IsCancellationRequested; round++)
            {
                using var source = new CancellationTokenSource();
                var batch = new RedisBatch();
                var echoes = Enumerable.Range(0, 100).Select(i => batch.Add(RedisCommand.Create("ECHO", $"b{caller}:{round}:{i}"), Replies.Text)).ToArray();
                ValueTask sent = redis.ExecuteAsync(batch, source.Token);
                if ((round & 1) == 0) await Task.Yield();
                await source.CancelAsync();
                try
                {
                    await sent;
                }
                catch (OperationCanceledException)
                {
                    Interlocked.Increment(ref cancelled);
                }

                string?[] seen = [.. echoes.Select(echo => echo.Error is null ? echo.Value : null)];
                for (int i = 0; i < seen.Length; i++)
                {
                    if (seen[i] is not null) Assert.Equal($"b{caller}:{round}:{i}", seen[i]);
                    else Assert.IsType<OperationCanceledException>(echoes[i].Error, exactMatch: false);
                }

                // Behind what was cancelled: its replies have been dropped by now, and none of them may change what was seen. Without
                // waiting for anything, these callers would also send faster than the server can answer.
                Assert.Equal("behind", await redis.ExecuteAsync(RedisCommand.Create("ECHO", "behind"), Replies.Text));
                Assert.Equal(seen, echoes.Select(echo => echo.Error is null ? echo.Value : null));
            }
        })];
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async caller =>
        {
            for (int i = 0; i < 1000; i++)
            {
                string value = $"{prefix}:{caller}:{i}";
                Assert.Equal(value, await redis.ExecuteAsync(RedisCommand.Create("ECHO", value), Replies.Text));
            }
        })).WaitAsync(TimeSpan.FromSeconds(60));
        await stop.CancelAsync();
        await Task.WhenAll(cancelling).WaitAsync(Bound);
        Assert.NotEqual(0, cancelled);
    }

    [Fact]
    public async Task A_batch_cancelled_before_it_is_sent_is_not_sent()
    {
        await using RedisClient redis = await Servers.ConnectAsync();
        string key = Servers.NewKey();
        var batch = new RedisBatch();
        BatchResult<bool> set = batch.Add(RedisStrings.Set(key, "x"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await redis.ExecuteAsync(batch, new CancellationToken(canceled: true)));
        Assert.IsType<OperationCanceledException>(set.Error);
        Assert.Null(await redis.GetAsync(key));
    }

    [Fact]
    public async Task A_batch_without_a_server_fails_within_its_deadline_as_not_sent()
    {
        RedisServer server = await Servers.GetAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        proxy.RefuseConnections();
        await using var redis = new RedisClient(RedisClientOptions.Parse($"{proxy.Host}:{proxy.Port}") with { CommandTimeout = TimeSpan.FromMilliseconds(200) });
        var batch = new RedisBatch();
        BatchResult<bool> set = batch.Add(RedisStrings.Set(Servers.NewKey(), "x"));
        RedisTimeoutException late = await Assert.ThrowsAsync<RedisTimeoutException>(async () => await redis.ExecuteAsync(batch).AsTask().WaitAsync(Bound));
        Assert.Equal(CommandOutcome.NotSent, late.Outcome);
        Assert.Same(late, set.Error);
    }

    [Fact]
    public async Task With_verified_replies_a_cut_batch_keeps_no_reply()
    {
        RedisServer server = await Servers.GetAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync(RedisClientOptions.Parse($"{proxy.Host}:{proxy.Port}") with { VerifyReplies = true });
        string key = Servers.NewKey();
        var batch = new RedisBatch();
        var counts = Enumerable.Range(0, 9).Select(_ => batch.Add(RedisCommand.Create("INCR", key), Replies.Integer)).ToArray();
        proxy.ToClient.CutAfter((4 * 9) + 5); // all replies, and a part of the marker behind them
        RedisConnectionException lost = await Assert.ThrowsAsync<RedisConnectionException>(async () => await redis.ExecuteAsync(batch));
        Assert.All(counts, count => Assert.Same(lost, count.Error));
    }

    [Fact]
    public async Task Pooled_replies_that_nobody_sees_are_given_back()
    {
        RedisServer server = await Servers.GetAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync($"{proxy.Host}:{proxy.Port}");
        var reader = new CountingReader();
        var batch = new RedisBatch();
        for (int i = 0; i < 100; i++) batch.Add(RedisCommand.Create("ECHO", $"{i:000}"), reader);
        proxy.ToClient.CutAfter((9 * 40) + 5);
        await redis.ExecuteAsync(batch);
        Assert.Equal(140, reader.Read_);
        Assert.Equal(40, reader.Discarded);
    }

    private sealed class CountingReader : ReplyReader<string>
    {
        public int Read_;
        public int Discarded;

        public override string Read(ref RespReader reader)
        {
            Interlocked.Increment(ref Read_);
            return reader.ReadText()!;
        }

        public override void Discard(string value) => Interlocked.Increment(ref Discarded);
    }
}
