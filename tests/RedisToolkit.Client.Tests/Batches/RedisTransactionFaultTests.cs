using System.Globalization;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Batches;

public sealed class RedisTransactionFaultTests
{
    [Theory]
    [InlineData(RedisFlavor.Redis)]
    [InlineData(RedisFlavor.Valkey)]
    public async Task Many_callers_who_read_check_and_write_lose_no_increment(RedisFlavor flavor)
    {
        await using RedisClient redis = await Servers.ConnectAsync(flavor, options => options with { MaxDedicatedConnections = 8, CommandTimeout = TimeSpan.FromSeconds(60) });
        string key = Servers.NewKey();
        await redis.SetAsync(key, 0);
        int conflicts = 0;
        await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ =>
        {
            while (true)
            {
                string now = (await redis.GetAsync(key))!;
                var transaction = new RedisTransaction();
                transaction.Require(Condition.StringEquals(key, now));
                transaction.Add(RedisStrings.Set(key, long.Parse(now, CultureInfo.InvariantCulture) + 1));
                if (await redis.ExecuteAsync(transaction)) return;
                Interlocked.Increment(ref conflicts);
            }
        })).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal("100", await redis.GetAsync(key));
        Assert.NotEqual(0, conflicts);
        Assert.Equal(0, Dedicated(redis).InUse);
    }

    [Theory]
    [InlineData(RedisFlavor.Redis)]
    [InlineData(RedisFlavor.Valkey)]
    [InlineData(RedisFlavor.Redis7)]
    public async Task A_key_changed_between_check_and_commit_prevents_the_commit(RedisFlavor flavor)
    {
        await using RedisClient redis = await Servers.ConnectAsync(flavor);
        await using RedisClient other = await Servers.ConnectAsync(flavor);
        string key = Servers.NewKey();
        var transaction = new RedisTransaction();
        // The change is there before the check's reply is read, and after the server sent it.
        using var changed = new ManualResetEventSlim();
        BatchResult<bool> held = transaction.Require(Condition.That(RedisStrings.Get(key), value =>
        {
            _ = Task.Run(async () =>
            {
                await other.SetAsync(key, "theirs");
                changed.Set();
            });
            Assert.True(changed.Wait(TimeSpan.FromSeconds(30)));
            return value is null;
        }));
        BatchResult<bool> set = transaction.Add(RedisStrings.Set(key, "ours"));
        Assert.False(await redis.ExecuteAsync(transaction));
        Assert.True(held.Value);
        Assert.Contains("changed", Assert.IsType<InvalidOperationException>(set.Error).Message, StringComparison.Ordinal);
        Assert.Equal("theirs", await redis.GetAsync(key));
        Assert.Equal(0, Dedicated(redis).InUse);
        Assert.Equal(1, Dedicated(redis).Idle);
    }

    [Fact]
    public async Task Transactions_with_conditions_use_few_connections_again_and_again()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server);
        string key = Servers.NewKey();
        for (int i = 0; i < 50; i++)
        {
            var transaction = new RedisTransaction();
            transaction.Require(i % 2 == 0 ? Condition.KeyNotExists(key) : Condition.KeyExists(key));
            transaction.Add(RedisStrings.Get(key));
            Assert.Equal(i % 2 == 0, await redis.ExecuteAsync(transaction));
        }

        Assert.Equal(0, Dedicated(redis).InUse);
        Assert.Equal(1, Dedicated(redis).Idle);
        // The shared one, the dedicated one, and that of INFO itself.
        Assert.Contains("connected_clients:3", (await server.CommandAsync("INFO", "clients")).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_went_stale_while_unused_is_replaced_without_an_error()
    {
        RedisServer server = await Servers.GetAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync($"{proxy.Host}:{proxy.Port}");
        string key = Servers.NewKey();
        for (int i = 0; i < 10; i++)
        {
            var transaction = new RedisTransaction();
            transaction.Require(Condition.KeyNotExists(key));
            transaction.Add(RedisStrings.Get(key));
            if (i > 0) proxy.ToClient.CutAfter(1);
            Assert.True(await redis.ExecuteAsync(transaction));
        }
    }

    [Fact]
    public async Task A_transaction_whose_connection_is_cut_before_EXEC_answers_has_an_unknown_outcome()
    {
        RedisServer server = await Servers.GetAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync($"{proxy.Host}:{proxy.Port}");
        string key = Servers.NewKey();
        var transaction = new RedisTransaction();
        BatchResult<long> count = transaction.Add(RedisCommand.Create("INCR", key), Replies.Integer);
        proxy.ToClient.CutAfter("+OK\r\n+QUEUED\r\n*1".Length);
        RedisConnectionException lost = await Assert.ThrowsAsync<RedisConnectionException>(async () => await redis.ExecuteAsync(transaction));
        Assert.Equal(CommandOutcome.Unknown, lost.Outcome);
        Assert.Same(lost, count.Error);
        Assert.Equal("1", await redis.GetAsync(key));
    }

    [Fact]
    public async Task A_transaction_that_only_reads_is_sent_again()
    {
        RedisServer server = await Servers.GetAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync($"{proxy.Host}:{proxy.Port}");
        var transaction = new RedisTransaction();
        BatchResult<string?> first = transaction.Add(RedisCommand.Create("ECHO", "first"), Replies.Text);
        BatchResult<string?> second = transaction.Add(RedisCommand.Create("ECHO", "second"), Replies.Text);
        proxy.ToClient.CutAfter("+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n$5\r\nfir".Length);
        Assert.True(await redis.ExecuteAsync(transaction));
        Assert.Equal("first", first.Value);
        Assert.Equal("second", second.Value);
    }

    [Fact]
    public async Task A_conditional_transaction_cut_at_its_commit_is_unknown_and_leaks_no_connection()
    {
        RedisServer server = await Servers.GetAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync($"{proxy.Host}:{proxy.Port}");
        string key = Servers.NewKey();
        var warm = new RedisTransaction();
        warm.Require(Condition.KeyNotExists(key));
        Assert.True(await redis.ExecuteAsync(warm));
        var transaction = new RedisTransaction();
        BatchResult<bool> held = transaction.Require(Condition.KeyNotExists(key));
        BatchResult<long> count = transaction.Add(RedisCommand.Create("INCR", key), Replies.Integer);
        proxy.ToClient.CutAfter("+OK\r\n:0\r\n+OK\r\n+QUEUED\r\n*1".Length);
        RedisConnectionException lost = await Assert.ThrowsAsync<RedisConnectionException>(async () => await redis.ExecuteAsync(transaction));
        Assert.Equal(CommandOutcome.Unknown, lost.Outcome);
        Assert.True(held.Value);
        Assert.Same(lost, count.Error);
        Assert.Equal("1", await redis.GetAsync(key));
        Assert.Equal(0, Dedicated(redis).InUse);
        Assert.Equal(0, Dedicated(redis).Idle);
    }

    [Fact]
    public async Task A_conditional_transaction_without_a_server_was_not_sent()
    {
        RedisServer server = await Servers.GetAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync($"{proxy.Host}:{proxy.Port}");
        proxy.RefuseConnections();
        var transaction = new RedisTransaction();
        transaction.Require(Condition.KeyNotExists("k"));
        BatchResult<bool> set = transaction.Add(RedisStrings.Set("k", "v"));
        RedisException error = await Assert.ThrowsAnyAsync<RedisException>(async () => await redis.ExecuteAsync(transaction));
        Assert.Equal(CommandOutcome.NotSent, error.Outcome);
        Assert.Same(error, set.Error);
    }

    [Fact]
    public async Task A_stalled_server_ends_a_conditional_transaction_at_its_deadline()
    {
        RedisServer server = await Servers.GetAsync();
        await using FaultProxy proxy = await server.StartProxyAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync(RedisClientOptions.Parse($"{proxy.Host}:{proxy.Port}") with { CommandTimeout = TimeSpan.FromMilliseconds(300) });
        string key = Servers.NewKey();
        var warm = new RedisTransaction();
        warm.Require(Condition.KeyNotExists(key));
        Assert.True(await redis.ExecuteAsync(warm));
        proxy.ToClient.Stall();
        var transaction = new RedisTransaction();
        transaction.Require(Condition.KeyNotExists(key));
        transaction.Add(RedisStrings.Set(key, "v"));
        RedisTimeoutException late = await Assert.ThrowsAsync<RedisTimeoutException>(async () => await redis.ExecuteAsync(transaction).AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(CommandOutcome.NotSent, late.Outcome);
        Assert.Equal(0, Dedicated(redis).InUse);
        proxy.PassThrough();
        Assert.Null(await redis.GetAsync(key));
    }

    [Fact]
    public async Task Cancelling_transactions_in_the_middle_disturbs_nobody_and_leaks_nothing()
    {
        await using RedisClient redis = await Servers.ConnectAsync(with: options => options with { MaxDedicatedConnections = 4 });
        string key = Servers.NewKey();
        using var stop = new CancellationTokenSource();
        Task[] cancelling = [.. Enumerable.Range(0, 4).Select(async caller =>
        {
            for (int round = 0; !stop.IsCancellationRequested; round++)
            {
                using var source = new CancellationTokenSource();
                var transaction = new RedisTransaction();
                if (caller % 2 == 0) transaction.Require(Condition.KeyNotExists(key));
                BatchResult<string?> echo = transaction.Add(RedisCommand.Create("ECHO", $"{caller}:{round}"), Replies.Text);
                Task<bool> sent = redis.ExecuteAsync(transaction, source.Token).AsTask();
                for (int i = 0; i < round % 4; i++) await Task.Yield();
                await source.CancelAsync();
                try
                {
                    Assert.True(await sent);
                    Assert.Equal($"{caller}:{round}", echo.Value);
                }
                catch (OperationCanceledException)
                {
                    Assert.IsType<OperationCanceledException>(echo.Error, exactMatch: false);
                }
            }
        })];
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async caller =>
        {
            for (int i = 0; i < 500; i++)
            {
                string value = $"{key}:{caller}:{i}";
                Assert.Equal(value, await redis.ExecuteAsync(RedisCommand.Create("ECHO", value), Replies.Text));
            }
        })).WaitAsync(TimeSpan.FromSeconds(60));
        await stop.CancelAsync();
        await Task.WhenAll(cancelling).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, Dedicated(redis).InUse);
    }

    private static DedicatedPool Dedicated(RedisClient redis) => redis.Router.NodeFor(default).Dedicated;
}
