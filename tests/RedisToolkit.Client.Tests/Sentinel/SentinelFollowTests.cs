using System.Globalization;
using RedisToolkit.Client.Tests.Faults;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Sentinel;

/// <summary>
/// A primary that is demoted while its connections stay open, which answers READONLY from then on. The sentinels are not told, so that
/// nothing else shows it: the addresses that they announce are translated to the new primary's.
/// </summary>
[Collection(nameof(Alone))]
public sealed class SentinelFollowTests : IAsyncLifetime
{
    private static readonly LuaScript Add = LuaScript.FromText("return redis.call('INCRBY', KEYS[1], ARGV[1])");
    private SentinelSet _set = null!;
    private RedisNode _old = null!;
    private RedisNode _new = null!;
    private int _switched;

    public async Task InitializeAsync()
    {
        // They must not set right what the test turns round.
        _set = await SentinelSet.StartAsync(with: options => options with { DownAfter = TimeSpan.FromSeconds(30), Replicas = 1 });
        _old = _set.Server.Primary;
        _new = _set.Server.Replicas[0];
    }

    public async Task DisposeAsync() => await _set.DisposeAsync();

    private Task<RedisClient> ConnectAsync() => _set.ConnectAsync(options => options with
    {
        AddressTranslation = endpoint => endpoint.Port == _old.Port && Volatile.Read(ref _switched) == 1 ? SentinelSet.At(_new) : endpoint,
    });

    private async Task SwitchAsync()
    {
        await _new.CommandAsync("REPLICAOF", "NO", "ONE");
        await _old.CommandAsync("REPLICAOF", _new.Host, _new.Port.ToString(CultureInfo.InvariantCulture));
        // Only now: the refusals come first.
        Volatile.Write(ref _switched, 1);
    }

    [Fact]
    public async Task Commands_refused_since_the_primary_was_demoted_are_executed_at_the_new_one_and_no_caller_notices()
    {
        await using RedisClient redis = await ConnectAsync();
        using var stop = new CancellationTokenSource();
        int rounds = 0;
        Task[] callers =
        [
            .. Enumerable.Range(0, 100).Select(caller => Task.Run(() => RepeatAsync(i => redis.SetAsync($"single:{caller}", i).AsTask()))),
            .. Enumerable.Range(0, 20).Select(caller => Task.Run(() => RepeatAsync(async _ => await redis.EvaluateAsync(Add, [$"script:{caller}"], [1], Replies.Integer)))),
            .. Enumerable.Range(0, 20).Select(caller => Task.Run(() => RepeatAsync(i => BatchAsync(redis, caller, i)))),
            .. Enumerable.Range(0, 20).Select(caller => Task.Run(() => RepeatAsync(i => TransactAsync(redis, caller, i, condition: false)))),
            .. Enumerable.Range(0, 10).Select(caller => Task.Run(() => RepeatAsync(i => TransactAsync(redis, 100 + caller, i, condition: true)))),
        ];
        await Bounded.Until(() => Volatile.Read(ref rounds) > 1000, "they are at work");
        await SwitchAsync();
        await Bounded.Until(() => redis.Server?.Endpoint.Port == _new.Port, "the new primary is connected to");
        int before = Volatile.Read(ref rounds);
        await Bounded.Until(() => Volatile.Read(ref rounds) > before + 1000, "they go on");
        await stop.CancelAsync();
        await Bounded.Within(Task.WhenAll(callers), 30, "the callers");
        Assert.NotEmpty((await _new.CommandAsync("KEYS", "batch:*")).Items);
        Assert.Contains("errorstat_READONLY", (await _old.CommandAsync("INFO", "errorstats")).Text!, StringComparison.Ordinal);

        async Task RepeatAsync(Func<int, Task> call)
        {
            for (int i = 1; !stop.IsCancellationRequested; i++)
            {
                await call(i);
                Interlocked.Increment(ref rounds);
            }
        }
    }

    [Fact]
    public async Task A_demoted_server_is_given_time_to_refuse_what_it_was_sent()
    {
        string name = $"c{Guid.NewGuid():N}";
        await using FaultProxy slow = await _old.StartProxyAsync();
        await using RedisClient redis = await _set.ConnectAsync(options => options with
        {
            ClientName = name,
            Sentinel = options.Sentinel! with { RefreshInterval = TimeSpan.FromMinutes(10) },
            AddressTranslation = endpoint => endpoint.Port != _old.Port ? endpoint : Volatile.Read(ref _switched) == 1 ? SentinelSet.At(_new) : new RedisEndpoint("127.0.0.1", slow.Port),
        });
        // The first rounds are over, so that nothing but a refusal can show what has happened.
        for (int look = 0; look < 3; look++) await Bounded.Until(() => AllAskedAsync(name), "every sentinel is listened to, and was asked after that");
        slow.ToClient.Delay(TimeSpan.FromMilliseconds(300));
        await SwitchAsync();
        // When the first is refused, those behind it are under way.
        var counted = new List<Task<long>>();
        for (int i = 0; i < 10; i++)
        {
            counted.Add(redis.IncrementAsync("counted").AsTask());
            await Task.Delay(20);
        }

        await Bounded.Within(Task.WhenAll(counted), 20, "all of them");
        Assert.Equal("10", (await _new.CommandAsync("GET", "counted")).Text);
    }

    private async Task<bool> AllAskedAsync(string name)
    {
        foreach (RedisNode sentinel in _set.Sentinels)
        {
            string? line = (await sentinel.CommandAsync("CLIENT", "LIST")).Text!.Split('\n').FirstOrDefault(line => line.Contains(name, StringComparison.Ordinal));
            if (line is null || !line.Contains(" sub=1 ", StringComparison.Ordinal) || !line.Contains("cmd=sentinel", StringComparison.Ordinal)) return false;
        }

        return true;
    }

    [Fact]
    public async Task A_blocking_command_goes_on_at_the_new_primary()
    {
        await using RedisClient redis = await ConnectAsync();
        Task<string?[]> pop = redis.ExecuteAsync(RedisCommand.Create("BLPOP", "queue", 20), Replies.ArrayOf(Replies.Text)).AsTask();
        await Bounded.Until(async () => (await _old.CommandAsync("INFO", "clients")).Text!.Contains("blocked_clients:1", StringComparison.Ordinal), "it waits at the old primary");
        await SwitchAsync();
        await Bounded.Until(async () => (await _new.CommandAsync("INFO", "clients")).Text!.Contains("blocked_clients:1", StringComparison.Ordinal), "it waits at the new primary");
        await redis.ExecuteAsync(RedisCommand.Create("RPUSH", "queue", "first"), Replies.Integer);
        Assert.Equal("queue first", string.Join(" ", await Bounded.Within(pop, 10, "the pop")));
    }

    [Fact]
    public async Task A_caller_who_leaves_a_batch_that_is_executed_anew_is_not_told_that_it_was_refused()
    {
        await using RedisClient redis = await ConnectAsync();
        await redis.SetAsync("x", "before");
        await SwitchAsync();
        await _new.PauseAsync();
        // Whether the old one is asked at all depends on who notices first, this batch or the next look at the role.
        using var leave = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var batch = new RedisBatch();
        BatchResult<string?> read = batch.Add(RedisCommand.Create("GET", "x"), Replies.Text);
        BatchResult<bool> write = batch.Add(RedisCommand.Create("SET", "x", "after"), Replies.Done);
        await Assert.ThrowsAsync<OperationCanceledException>(() => redis.ExecuteAsync(batch, leave.Token).AsTask());
        Assert.True(read.Error is OperationCanceledException || read.Value == "before");
        Assert.IsType<OperationCanceledException>(write.Error, exactMatch: false);
        await _new.ResumeAsync();
    }

    [Fact]
    public async Task A_server_that_keeps_refusing_has_the_last_word()
    {
        await using RedisClient redis = await ConnectAsync();
        var script = LuaScript.FromText("return redis.error_reply('READONLY so says the script')");
        RedisServerException refusal = await Assert.ThrowsAsync<RedisServerException>(() => redis.EvaluateAsync(script, [], [], Replies.Any).AsTask());
        Assert.Equal(RedisErrorCode.ReadOnly, refusal.Code);
        var batch = new RedisBatch();
        BatchResult<string?> ping = batch.Add(RedisCommand.Create("PING"), Replies.Text);
        BatchResult<RedisReply> refused = batch.Add(RedisCommand.Create("EVAL", "return redis.error_reply('READONLY so says the script')", 0), Replies.Any);
        await redis.ExecuteAsync(batch);
        Assert.Equal("PONG", ping.Value);
        Assert.Equal(RedisErrorCode.ReadOnly, Assert.IsType<RedisServerException>(refused.Error).Code);
    }

    private static async Task BatchAsync(RedisClient redis, int caller, int number)
    {
        var batch = new RedisBatch();
        BatchResult<string?> echo = batch.Add(RedisCommand.Create("ECHO", $"{caller}:{number}"), Replies.Text);
        BatchResult<bool> set = batch.Add(RedisCommand.Create("SET", $"batch:{caller}", number), Replies.Done);
        BatchResult<string?> second = batch.Add(RedisCommand.Create("ECHO", $"{number}:{caller}"), Replies.Text);
        BatchResult<bool> again = batch.Add(RedisCommand.Create("SET", $"batch:{caller}:b", number), Replies.Done);
        await redis.ExecuteAsync(batch);
        Assert.Equal(($"{caller}:{number}", $"{number}:{caller}", true, true), (echo.Value, second.Value, set.Value, again.Value));
    }

    private static async Task TransactAsync(RedisClient redis, int caller, int number, bool condition)
    {
        var transaction = new RedisTransaction();
        string key = $"transaction:{caller}";
        if (condition) transaction.Require(Condition.KeyNotExists($"never:{caller}"));
        BatchResult<bool> set = transaction.Add(RedisCommand.Create("SET", key, number), Replies.Done);
        BatchResult<string?> get = transaction.Add(RedisCommand.Create("GET", key), Replies.Text);
        Assert.True(await redis.ExecuteAsync(transaction));
        Assert.Equal((true, $"{number}"), (set.Value, get.Value));
    }
}
