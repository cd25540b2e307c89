using System.Diagnostics;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Diagnostics;

[Collection(nameof(ProcessWide))]
public sealed class ActivityTests
{
    [Fact]
    public async Task A_command_is_one_span_below_the_callers_own()
    {
        using var probe = new ActivityProbe();
        RedisServer server = await Servers.GetAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server);
        using Activity outer = new Activity("outer").Start();
        ValueTask<bool> set = redis.SetAsync(Servers.NewKey(), "value");
        Assert.Same(outer, Activity.Current);
        _ = await set;
        Assert.Same(outer, Activity.Current);

        Activity span = probe.Single("SET");
        Assert.Equal(ActivityKind.Client, span.Kind);
        Assert.Equal(outer.SpanId, span.ParentSpanId);
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
        Assert.Equal("redis", span.GetTagItem("db.system.name"));
        Assert.Equal("SET", span.GetTagItem("db.operation.name"));
        Assert.Equal("SET ? ?", span.GetTagItem("db.query.text"));
        Assert.Equal("127.0.0.1", span.GetTagItem("server.address"));
        Assert.Equal(server.Port, span.GetTagItem("server.port"));
    }

    [Fact]
    public async Task A_subcommand_is_part_of_the_name_and_the_rest_is_not_shown()
    {
        using var probe = new ActivityProbe();
        await using RedisClient redis = await Servers.ConnectAsync();
        _ = await redis.ExecuteAsync(RedisCommand.Create("CONFIG", "GET", "maxmemory"), Replies.Any);
        Assert.Equal("CONFIG GET ?", probe.Single("CONFIG GET").GetTagItem("db.query.text"));
    }

    [Fact]
    public async Task A_refusal_marks_its_span_with_the_code_and_not_with_the_servers_text()
    {
        using var probe = new ActivityProbe();
        await using RedisClient redis = await Servers.ConnectAsync();
        await Assert.ThrowsAsync<RedisServerException>(() => redis.ExecuteAsync(RedisCommand.Create("EVAL", "return redis.error_reply('SECRET about ' .. KEYS[1])", 1, "hidden"), Replies.Any).AsTask());
        Activity span = probe.Single("EVAL");
        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.Equal("SECRET", span.GetTagItem("db.response.status_code"));
        Assert.DoesNotContain("hidden", span.StatusDescription, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_is_one_span_with_its_size()
    {
        using var probe = new ActivityProbe();
        await using RedisClient redis = await Servers.ConnectAsync();
        var batch = new RedisBatch();
        for (int i = 0; i < 5; i++) _ = batch.Add(RedisStrings.Get(Servers.NewKey()));
        await redis.ExecuteAsync(batch);
        Activity span = Assert.Single(probe.All);
        Assert.Equal("PIPELINE GET", span.DisplayName);
        Assert.Equal(5, span.GetTagItem("db.operation.batch.size"));
    }

    [Fact]
    public async Task A_transaction_is_one_span_with_or_without_conditions()
    {
        using var probe = new ActivityProbe();
        await using RedisClient redis = await Servers.ConnectAsync();
        var plain = new RedisTransaction();
        _ = plain.Add(RedisStrings.Set(Servers.NewKey(), "value"));
        Assert.True(await redis.ExecuteAsync(plain));
        var conditional = new RedisTransaction();
        _ = conditional.Require(Condition.KeyNotExists(Servers.NewKey()));
        _ = conditional.Add(RedisStrings.Set(Servers.NewKey(), "value"));
        _ = conditional.Add(RedisStrings.Set(Servers.NewKey(), "value"));
        Assert.True(await redis.ExecuteAsync(conditional));
        Assert.Equal([("MULTI", (object)1), ("MULTI", 2)], probe.All.Select(span => (span.DisplayName, span.GetTagItem("db.operation.batch.size")!)));
    }

    [Fact]
    public async Task Without_a_listener_observing_allocates_nothing()
    {
        await using RedisClient redis = await Servers.ConnectAsync();
        Assert.False(ObservedOperation.IsWanted);
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool wanted = false;
        for (int i = 0; i < 1000; i++) wanted |= ObservedOperation.IsWanted;
        Assert.False(wanted);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Null(Activity.Current);
    }
}
