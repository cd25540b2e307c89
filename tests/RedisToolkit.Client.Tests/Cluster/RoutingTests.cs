using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Cluster;

/// <summary>Commands go to the nodes that serve their keys, in one round trip.</summary>
[Collection(nameof(SlotMoveTests))]
public sealed class RoutingTests
{
    [Theory]
    [MemberData(nameof(Servers.Flavors), MemberType = typeof(Servers))]
    public async Task Keys_of_every_node_are_written_and_read(RedisFlavor flavor)
    {
        await using RedisClient redis = await ClusterServers.ConnectAsync(flavor);
        string key = Servers.NewKey();
        Task[] writing = [.. Enumerable.Range(0, 300).Select(i => redis.SetAsync($"{key}:{i}", i).AsTask())];
        await Task.WhenAll(writing);
        for (int i = 0; i < 300; i++) Assert.Equal($"{i}", await redis.GetAsync($"{key}:{i}"));
    }

    [Theory]
    [MemberData(nameof(ClusterServers.Flavors), MemberType = typeof(ClusterServers))]
    public async Task No_command_is_sent_to_a_wrong_node_once_the_map_is_known(RedisFlavor flavor)
    {
        RedisServer server = await ClusterServers.GetAsync(flavor);
        await using RedisClient redis = await ClusterServers.ConnectAsync(flavor);
        string key = Servers.NewKey();
        foreach (RedisNode node in server.Primaries) await node.CommandAsync("CONFIG", "RESETSTAT");
        for (int i = 0; i < 100; i++) await redis.SetAsync($"{key}:{i}", i);
        foreach (RedisNode node in server.Primaries)
        {
            string stats = (await node.CommandAsync("INFO", "errorstats")).Text!;
            Assert.DoesNotContain("errorstat_MOVED", stats, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(ClusterServers.Flavors), MemberType = typeof(ClusterServers))]
    public async Task Keys_in_several_slots_are_refused_before_anything_is_sent_and_named(RedisFlavor flavor)
    {
        await using RedisClient redis = await ClusterServers.ConnectAsync(flavor);
        RedisCrossSlotException error = await Assert.ThrowsAsync<RedisCrossSlotException>(async () => await redis.ExecuteAsync(RedisCommand.Create("RENAME", "a", "b"), Replies.Done));
        Assert.Contains("'a' in slot 15495", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RedisCrossSlotException>(async () => await redis.ExecuteAsync(RedisCommand.Create("BLPOP", "a", "b", 1), Replies.Any));
        await Assert.ThrowsAsync<RedisCrossSlotException>(async () => await redis.EvaluateAsync(LuaScript.FromText("return 1"), ["a", "b"], [], Replies.Integer));
    }

    [Theory]
    [MemberData(nameof(ClusterServers.Flavors), MemberType = typeof(ClusterServers))]
    public async Task Commands_on_many_keys_are_split_and_joined(RedisFlavor flavor)
    {
        await using RedisClient redis = await ClusterServers.ConnectAsync(flavor);
        string key = Servers.NewKey();
        RedisArgument[] keys = [.. Enumerable.Range(0, 40).Select(i => (RedisArgument)$"{key}:{i}")];
        RedisArgument[] pairs = [.. Enumerable.Range(0, 40).SelectMany(i => new RedisArgument[] { keys[i], i })];
        Assert.True(await redis.ExecuteAsync(RedisCommand.Create("MSET", pairs), Replies.Done));
        string?[] values = await redis.ExecuteAsync(RedisCommand.Create("MGET", [.. keys, $"{key}:missing"]), Replies.ArrayOf(Replies.Text));
        Assert.Equal<string?[]>([.. Enumerable.Range(0, 40).Select(i => $"{i}"), null], values);
        Assert.Equal(41, await redis.ExecuteAsync(RedisCommand.Create("EXISTS", [.. keys, keys[0]]), Replies.Integer));
        Assert.Equal(40, await redis.ExecuteAsync(RedisCommand.Create("TOUCH", keys), Replies.Integer));
        Assert.Equal(20, await redis.ExecuteAsync(RedisCommand.Create("DEL", keys[..20]), Replies.Integer));
        Assert.Equal(20, await redis.ExecuteAsync(RedisCommand.Create("UNLINK", keys), Replies.Integer));
    }

    [Theory]
    [MemberData(nameof(ClusterServers.Flavors), MemberType = typeof(ClusterServers))]
    public async Task A_batch_over_all_nodes_keeps_its_order(RedisFlavor flavor)
    {
        await using RedisClient redis = await ClusterServers.ConnectAsync(flavor);
        string key = Servers.NewKey();
        var batch = new RedisBatch();
        var read = new List<BatchResult<string?>>();
        var counts = new List<BatchResult<long>>();
        for (int i = 0; i < 3000; i++)
        {
            batch.Add(RedisStrings.Set($"{key}:{i}", i));
            read.Add(batch.Add(RedisStrings.Get($"{key}:{i}")));
            counts.Add(batch.Add(RedisStrings.Increment($"{key}:count")));
        }

        BatchResult<bool> ping = batch.Add(RedisServerCommands.Ping());
        BatchResult<string?[]> all = batch.Add(RedisCommand.Create("MGET", $"{key}:1", $"{key}:2", $"{key}:3"), Replies.ArrayOf(Replies.Text));
        await redis.ExecuteAsync(batch);
        for (int i = 0; i < 3000; i++)
        {
            Assert.Equal($"{i}", read[i].Value);
            Assert.Equal(i + 1, counts[i].Value);
        }

        Assert.True(ping.Value);
        Assert.Equal<string?[]>(["1", "2", "3"], all.Value);
    }

    [Theory]
    [MemberData(nameof(ClusterServers.Flavors), MemberType = typeof(ClusterServers))]
    public async Task A_batch_whose_keys_cannot_go_together_sends_nothing(RedisFlavor flavor)
    {
        await using RedisClient redis = await ClusterServers.ConnectAsync(flavor);
        string key = Servers.NewKey();
        var batch = new RedisBatch();
        BatchResult<bool> first = batch.Add(RedisStrings.Set(key, 1));
        batch.Add(RedisCommand.Create("RENAME", "a", "b"), Replies.Done);
        await Assert.ThrowsAsync<RedisCrossSlotException>(async () => await redis.ExecuteAsync(batch));
        Assert.IsType<RedisCrossSlotException>(first.Error);
        Assert.Null(await redis.GetAsync(key));
    }

    [Theory]
    [MemberData(nameof(ClusterServers.Flavors), MemberType = typeof(ClusterServers))]
    public async Task Transactions_are_bound_to_one_slot(RedisFlavor flavor)
    {
        await using RedisClient redis = await ClusterServers.ConnectAsync(flavor);
        string key = Servers.NewKey();
        foreach (bool conditional in new[] { false, true })
        {
            var transaction = new RedisTransaction();
            if (conditional) transaction.Require(Condition.KeyExists($"{{{key}}}:n"));
            BatchResult<bool> ping = transaction.Add(RedisServerCommands.Ping());
            BatchResult<long> n = transaction.Add(RedisStrings.Increment($"{{{key}}}:n"));
            transaction.Add(RedisStrings.Set($"{{{key}}}:other", 1));
            Assert.True(await redis.ExecuteAsync(transaction));
            Assert.True(ping.Value);
            Assert.Equal(conditional ? 2 : 1, n.Value);
        }

        var apart = new RedisTransaction();
        BatchResult<bool> set = apart.Add(RedisStrings.Set("a", 1));
        apart.Add(RedisStrings.Set("b", 1));
        RedisCrossSlotException error = await Assert.ThrowsAsync<RedisCrossSlotException>(async () => await redis.ExecuteAsync(apart));
        Assert.Contains("The transaction was not sent", error.Message, StringComparison.Ordinal);
        Assert.Same(error, set.Error);

        var conditionApart = new RedisTransaction();
        conditionApart.Require(Condition.KeyNotExists("b"));
        conditionApart.Add(RedisStrings.Set("a", 1));
        await Assert.ThrowsAsync<RedisCrossSlotException>(async () => await redis.ExecuteAsync(conditionApart));
    }

    [Theory]
    [MemberData(nameof(ClusterServers.Flavors), MemberType = typeof(ClusterServers))]
    public async Task Scripts_and_functions_reach_nodes_that_do_not_know_them(RedisFlavor flavor)
    {
        await using RedisClient redis = await ClusterServers.ConnectAsync(flavor);
        string key = Servers.NewKey();
        LuaScript script = LuaScript.FromText($"return redis.call('INCRBY', KEYS[1], ARGV[1]) -- {key}");
        for (int i = 0; i < 12; i++) Assert.Equal(3, await redis.EvaluateAsync(script, [$"{key}:{i}"], [3], Replies.Integer));
        var library = RedisFunctionLibrary.FromText($"#!lua name=lib{Guid.NewGuid():N}\nredis.register_function('f{key[^12..]}', function(keys) return redis.call('INCR', keys[1]) end)");
        await redis.LoadFunctionsAsync(library);
        for (int i = 0; i < 12; i++) Assert.Equal(4, await redis.CallAsync($"f{key[^12..]}", [$"{key}:{i}"], [], Replies.Integer));
        Assert.True(await redis.ExecuteAsync(RedisCommand.Create("FUNCTION", "DELETE", library.Name), Replies.Done));
    }

    [Theory]
    [MemberData(nameof(ClusterServers.Flavors), MemberType = typeof(ClusterServers))]
    public async Task A_blocking_command_waits_on_the_node_of_its_key_and_can_be_left(RedisFlavor flavor)
    {
        await using RedisClient redis = await ClusterServers.ConnectAsync(flavor);
        for (int i = 0; i < 6; i++)
        {
            string key = Servers.NewKey();
            Task<RedisReply> popping = redis.ExecuteAsync(RedisCommand.Create("BLPOP", key, 20), Replies.Any).AsTask();
            await redis.ExecuteAsync(RedisCommand.Create("RPUSH", key, "x"), Replies.Integer);
            Assert.Equal("x", (await Bounded.Within(popping, 10, "BLPOP")).Items[1].AsText());
            using var leaving = new CancellationTokenSource();
            Task<RedisReply> left = redis.ExecuteAsync(RedisCommand.Create("BLPOP", key, 20), Replies.Any, leaving.Token).AsTask();
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Bounded.Within(left, 10, "a BLPOP that was cancelled"));
            await redis.ExecuteAsync(RedisCommand.Create("RPUSH", key, "y"), Replies.Integer);
            // Whoever left takes nothing with him.
            Assert.Equal(1, await redis.ExecuteAsync(RedisCommand.Create("LLEN", key), Replies.Integer));
        }
    }

    [Theory]
    [MemberData(nameof(ClusterServers.Flavors), MemberType = typeof(ClusterServers))]
    public async Task What_concerns_every_node_reaches_every_primary(RedisFlavor flavor)
    {
        await using RedisServer server = await ClusterServers.StartAsync(flavor, options => options with { Replicas = 0 });
        await using RedisClient redis = await ClusterServers.ConnectAsync(server);
        for (int i = 0; i < 50; i++) await redis.SetAsync($"k{i}", i);
        Assert.Equal(50, await redis.DatabaseSizeAsync());
        IReadOnlyList<IRedisClient> primaries = await redis.GetPrimariesAsync();
        Assert.Equal(3, primaries.Count);
        long sum = 0;
        foreach (IRedisClient primary in primaries)
        {
            long own = await primary.DatabaseSizeAsync();
            Assert.InRange(own, 1, 49);
            sum += own;
        }

        Assert.Equal(50, sum);
        var batch = new RedisBatch();
        BatchResult<long> size = batch.Add(RedisServerCommands.DatabaseSize());
        BatchResult<string?> value = batch.Add(RedisStrings.Get("k7"));
        await redis.ExecuteAsync(batch);
        Assert.Equal(50, size.Value);
        Assert.Equal("7", value.Value);
        string? sha = await redis.ExecuteAsync(RedisCommand.Create("SCRIPT", "LOAD", "return 7"), Replies.Text);
        foreach (IRedisClient primary in primaries) Assert.Equal(7, await primary.ExecuteAsync(RedisCommand.Create("EVALSHA", sha!, 0), Replies.Integer));
        await redis.FlushDatabaseAsync();
        Assert.Equal(0, await redis.DatabaseSizeAsync());
        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(async () => await redis.ExecuteAsync(RedisCommand.Create("SCAN", "0"), Replies.Any));
        Assert.Contains("GetPrimariesAsync", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_of_one_primary_does_not_follow_a_key_elsewhere()
    {
        await using RedisClient redis = await ClusterServers.ConnectAsync();
        int moved = 0;
        foreach (IRedisClient primary in await redis.GetPrimariesAsync())
        {
            try
            {
                _ = await primary.GetAsync("foo");
            }
            catch (RedisServerException refusal) when (refusal.Code == RedisErrorCode.Moved)
            {
                moved++;
            }
        }

        Assert.Equal(2, moved);
    }
}
