using RedisToolkit.Client.Tests.Faults;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Errors;

/// <summary>What servers refuse: a code to decide by, and a mend to read.</summary>
public sealed class ServerErrorTests
{
    [Theory]
    [InlineData(RedisFlavor.Redis)]
    [InlineData(RedisFlavor.Valkey)]
    [InlineData(RedisFlavor.Redis7)]
    public async Task A_server_that_is_still_loading_says_so_and_takes_commands_afterwards(RedisFlavor flavor)
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Flavor = flavor });
        // The connection that asks for the reload is silent for as long as it takes.
        await using RedisClient redis = await Servers.ConnectAsync(server, o => o with { HeartbeatTimeout = TimeSpan.FromMinutes(1) });
        await redis.ExecuteAsync(RedisCommand.Create("EVAL", "for i = 1, 3000 do redis.call('SET', 'k' .. i, string.rep('x', 100)) end", 0), Replies.Done);
        // Half a millisecond for each key: loading takes more than a second, and clients are served in between.
        await server.SetConfigAsync("key-load-delay", "500");
        await server.SetConfigAsync("loading-process-events-interval-bytes", "1024");
        Task reload = redis.ExecuteAsync(RedisCommand.Create("DEBUG", "RELOAD").WithTimeout(TimeSpan.FromSeconds(30)), Replies.Done).AsTask();
        await using RedisClient other = await Servers.ConnectAsync(server);
        RedisServerException? loading = null;
        await Bounded.Until(
            async () =>
            {
                loading = await Record.ExceptionAsync(() => other.GetAsync("k1").AsTask()) as RedisServerException;
                return loading is not null || reload.IsCompleted;
            },
            "the server loads");
        Assert.NotNull(loading);
        Assert.Equal((RedisErrorCode.Loading, CommandOutcome.Refused, true), (loading.Code, loading.Outcome, loading.IsTransient));
        Assert.Contains("answers when that is done", loading.Message, StringComparison.Ordinal);
        await Bounded.Within(reload, 30, "the reload");
        Assert.Equal(100, (await other.GetAsync("k1"))!.Length);
    }

    [Fact]
    public async Task A_server_without_memory_refuses_writes()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server);
        await server.SetConfigAsync("maxmemory", "1");
        var full = await Assert.ThrowsAsync<RedisServerException>(() => redis.SetAsync("k", "v").AsTask());
        Assert.Equal((RedisErrorCode.OutOfMemory, CommandOutcome.Refused, true), (full.Code, full.Outcome, full.IsTransient));
        Assert.Contains("'maxmemory'", full.Message, StringComparison.Ordinal);
        await server.SetConfigAsync("maxmemory", "0");
        await redis.SetAsync("k", "v");
    }

    [Fact]
    public async Task A_replica_refuses_writes()
    {
        await using RedisServer set = await RedisServer.StartAsync(new RedisServerOptions { Topology = RedisTopology.Replicated, Replicas = 1 });
        await using RedisClient redis = await RedisClient.ConnectAsync(Wire.At(set.Replicas[0].Port));
        var refused = await Assert.ThrowsAsync<RedisServerException>(() => redis.SetAsync("k", "v").AsTask());
        Assert.Equal((RedisErrorCode.ReadOnly, CommandOutcome.Refused), (refused.Code, refused.Outcome));
        Assert.Contains("primary", refused.Message, StringComparison.Ordinal);
        Assert.Null(await redis.GetAsync("k"));
    }

    [Theory]
    [InlineData(RedisFlavor.Redis)]
    [InlineData(RedisFlavor.Valkey)]
    public async Task A_server_whose_script_never_ends_is_busy_until_the_script_is_killed(RedisFlavor flavor)
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Flavor = flavor, Configuration = new Dictionary<string, string> { ["busy-reply-threshold"] = "50" } });
        await using RedisClient redis = await Servers.ConnectAsync(server, o => o with { VerifyReplies = true });
        await using RedisClient other = await Servers.ConnectAsync(server, o => o with { VerifyReplies = true });
        Task script = redis.ExecuteAsync(RedisCommand.Create("EVAL", "while true do end", 0).WithTimeout(TimeSpan.FromSeconds(30)), Replies.Done).AsTask();
        RedisServerException? busy = null;
        await Bounded.Until(async () => (busy = await Record.ExceptionAsync(() => other.SetAsync("k", "v").AsTask()) as RedisServerException) is not null, "the server is busy");
        Assert.Equal((RedisErrorCode.Busy, CommandOutcome.Refused, true), (busy!.Code, busy.Outcome, busy.IsTransient));
        Assert.Contains("SCRIPT KILL", busy.Message, StringComparison.Ordinal);
        // A client that connects only now gets to know the same.
        await using RedisClient late = await Servers.ConnectAsync(server);
        Assert.Equal(RedisErrorCode.Busy, (await Assert.ThrowsAsync<RedisServerException>(() => late.GetAsync("k").AsTask())).Code);
        await other.ExecuteAsync(RedisCommand.Create("SCRIPT", "KILL"), Replies.Done);
        await Assert.ThrowsAsync<RedisServerException>(() => Bounded.Within(script, 10, "the script ends"));
        await other.SetAsync("k", "v");
        Assert.Equal("v", await late.GetAsync("k"));
    }

    [Fact]
    public async Task What_is_too_large_is_refused_before_anything_is_sent()
    {
        await using RedisClient redis = await Servers.ConnectAsync(with: o => o with { MaxArgumentBytes = 2_000 });
        foreach (Task task in new Task[] { redis.GetAsync(new string('k', 2_001)).AsTask(), redis.SetAsync("k", new byte[2_001]).AsTask(), redis.SetAsync("k", new string('ä', 1_001)).AsTask() })
        {
            var refused = await Assert.ThrowsAsync<ArgumentException>(() => task);
            Assert.Contains("RedisClientOptions.MaxArgumentBytes", refused.Message, StringComparison.Ordinal);
            Assert.Contains("2000", refused.Message, StringComparison.Ordinal);
        }

        string key = Servers.NewKey();
        await redis.SetAsync(key, new string('ä', 1_000));
        Assert.Equal(1_000, (await redis.GetAsync(key))!.Length);
    }

    [Fact]
    public async Task A_value_the_server_finds_too_large_costs_one_connection_and_says_so()
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Configuration = new Dictionary<string, string> { ["proto-max-bulk-len"] = "1048576" } });
        await using RedisClient redis = await Servers.ConnectAsync(server);
        RedisException refused = await Assert.ThrowsAnyAsync<RedisException>(() => Bounded.Within(redis.SetAsync("k", new byte[1_048_577]).AsTask(), 10, "the large value"));
        Assert.True(refused is RedisServerException or RedisConnectionException { Outcome: CommandOutcome.Unknown }, $"{refused}");
        if (refused is RedisServerException server1) Assert.Contains("RedisClientOptions.MaxArgumentBytes", server1.Message, StringComparison.Ordinal);
        Assert.Null(await redis.GetAsync("k"));
    }

    [Fact]
    public async Task A_reply_longer_than_allowed_costs_one_connection_and_names_the_option()
    {
        await using RedisClient redis = await Servers.ConnectAsync(with: o => o with { MaxReplyBytes = 10_000 });
        string key = Servers.NewKey();
        await redis.SetAsync(key, new byte[20_000]);
        var tooLong = await Assert.ThrowsAsync<RedisConnectionException>(() => redis.GetAsync(key).AsTask());
        Assert.Equal(ConnectionFailure.Protocol, tooLong.Failure);
        Assert.Contains("RedisClientOptions.MaxReplyBytes", tooLong.Message, StringComparison.Ordinal);
        Assert.Equal("x", await redis.EchoAsync("x"));
    }

    [Fact]
    public async Task A_wrong_type_is_explained()
    {
        await using RedisClient redis = await Servers.ConnectAsync();
        string key = Servers.NewKey();
        await redis.ExecuteAsync(RedisCommand.Create("LPUSH", key, "a"), Replies.Done);
        var wrong = await Assert.ThrowsAsync<RedisServerException>(() => redis.GetAsync(key).AsTask());
        Assert.Equal((RedisErrorCode.WrongType, false), (wrong.Code, wrong.IsTransient));
        Assert.Contains("another type", wrong.Message, StringComparison.Ordinal);
    }
}
