using System.Globalization;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Cluster;

/// <summary>While slots move, nobody notices: no error, no wrong data, and not more than one extra round trip for a command.</summary>
[Collection(nameof(SlotMoveTests))]
public sealed class SlotMoveTests
{
    [Theory]
    [MemberData(nameof(ClusterServers.Flavors), MemberType = typeof(ClusterServers))]
    public async Task A_moved_slot_costs_one_redirection_and_then_none(RedisFlavor flavor)
    {
        RedisServer server = await ClusterServers.GetAsync(flavor);
        await using RedisClient redis = await ClusterServers.ConnectAsync(server, options => options with { Cluster = new() { RefreshInterval = TimeSpan.FromHours(1) } });
        string key = Servers.NewKey();
        await redis.SetAsync(key, "here");
        SlotMover mover = await SlotMover.OfAsync(server, key);
        await mover.MoveAsync();
        try
        {
            await mover.Source.CommandAsync("CONFIG", "RESETSTAT");
            for (int i = 0; i < 20; i++) Assert.Equal("here", await redis.GetAsync(key));
            Assert.Equal(1, await RefusalsAsync(mover.Source, "MOVED"));
        }
        finally
        {
            await mover.Back().MoveAsync();
        }
    }

    [Theory]
    [MemberData(nameof(ClusterServers.Flavors), MemberType = typeof(ClusterServers))]
    public async Task In_the_middle_of_a_move_every_kind_of_command_finds_its_keys(RedisFlavor flavor)
    {
        RedisServer server = await ClusterServers.GetAsync(flavor);
        await using RedisClient redis = await ClusterServers.ConnectAsync(server);
        string tag = $"{{{Servers.NewKey()}}}";
        string stays = tag + "stays", moves = tag + "moves", list = tag + "list";
        await redis.SetAsync(stays, 1);
        await redis.SetAsync(moves, 2);
        LuaScript script = LuaScript.FromText("return redis.call('GET', KEYS[1]) -- ask");
        SlotMover mover = await SlotMover.OfAsync(server, stays);
        await mover.BeginAsync();
        try
        {
            await mover.MoveKeysAsync(moves);
            Assert.Equal("1", await redis.GetAsync(stays));
            Assert.Equal("2", await redis.GetAsync(moves));
            Assert.Equal("2", await redis.EvaluateAsync(script, [moves], [], Replies.Text));
            Assert.Equal(3, await redis.ExecuteAsync(RedisStrings.Increment(moves)));
            await redis.SetAsync(tag + "new", "written in between");
            Assert.Equal("written in between", await redis.GetAsync(tag + "new"));

            var batch = new RedisBatch();
            BatchResult<string?> first = batch.Add(RedisStrings.Get(stays));
            BatchResult<string?> second = batch.Add(RedisStrings.Get(moves));
            BatchResult<long> third = batch.Add(RedisStrings.Increment(moves));
            await redis.ExecuteAsync(batch);
            Assert.Equal(("1", "3", 4L), (first.Value, second.Value, third.Value));

            foreach (string key in new[] { stays, moves })
            {
                var transaction = new RedisTransaction();
                BatchResult<long> incremented = transaction.Add(RedisStrings.Increment(key));
                BatchResult<string?> read = transaction.Add(RedisStrings.Get(key));
                Assert.True(await redis.ExecuteAsync(transaction));
                Assert.Equal($"{incremented.Value}", read.Value);
            }

            using var copy = new MemoryStream();
            // What needs a connection of its own, and a key pair that lies apart, waits until the slot has arrived.
            Task<long?> copying = redis.CopyToAsync(RedisStrings.GetBytes(moves).Command, copy).AsTask();
            Task<string?[]> both = redis.ExecuteAsync(RedisCommand.Create("MGET", stays, moves), Replies.ArrayOf(Replies.Text)).AsTask();
            Task<RedisReply> popping = redis.ExecuteAsync(RedisCommand.Create("BLPOP", list, 20), Replies.Any).AsTask();
            var conditional = new RedisTransaction();
            conditional.Require(Condition.KeyExists(moves));
            BatchResult<long> last = conditional.Add(RedisStrings.Increment(moves));
            Task<bool> committing = redis.ExecuteAsync(conditional).AsTask();
            await Task.Delay(150);
            await mover.FinishAsync();
            Assert.Equal(1, await Bounded.Within(copying, 10, "a copy of a key that moved"));
            string?[] values = await Bounded.Within(both, 10, "MGET of keys that lay apart");
            Assert.Equal("2", values[0]);
            // Before the transaction or after it.
            Assert.Contains(values[1], new[] { "5", "6" });
            Assert.True(await Bounded.Within(committing, 10, "a transaction on a key that moved"));
            Assert.Equal(6, last.Value);
            await redis.ExecuteAsync(RedisCommand.Create("RPUSH", list, "x"), Replies.Integer);
            Assert.Equal("x", (await Bounded.Within(popping, 10, "BLPOP on a slot that moved")).Items[1].AsText());
        }
        finally
        {
            await mover.FinishAsync();
            await mover.Back().MoveAsync();
        }
    }

    [Theory]
    [MemberData(nameof(ClusterServers.Flavors), MemberType = typeof(ClusterServers))]
    public async Task Many_callers_see_neither_errors_nor_wrong_data_while_slots_move_back_and_forth(RedisFlavor flavor)
    {
        RedisServer server = await ClusterServers.GetAsync(flavor);
        await using RedisClient redis = await ClusterServers.ConnectAsync(server);
        string key = Servers.NewKey();
        string[] counters = [.. Enumerable.Range(0, 8).Select(i => $"{{{key}{i}}}")];
        long[] counted = new long[counters.Length];
        using var stop = new CancellationTokenSource();
        Task[] callers = [.. Enumerable.Range(0, 40).Select(caller => Task.Run(() => CallAsync(caller)))];
        SlotMover[] movers = await Task.WhenAll(counters.Take(4).Select(counter => SlotMover.OfAsync(server, counter)));
        for (int round = 0; round < 4; round++)
        {
            foreach (SlotMover mover in movers) await mover.MoveAsync();
            movers = [.. movers.Select(static mover => mover.Back())];
        }

        await stop.CancelAsync();
        await Bounded.Within(Task.WhenAll(callers), 30, "the callers end");
        for (int i = 0; i < counters.Length; i++)
        {
            Assert.Equal(counted[i].ToString(CultureInfo.InvariantCulture), await redis.GetAsync($"{counters[i]}:n"));
            Assert.True(counted[i] > 10, $"counter {i} was counted up {counted[i]} times");
        }

        async Task CallAsync(int caller)
        {
            var random = new Random(caller);
            long[] seen = new long[counters.Length];
            while (!stop.IsCancellationRequested)
            {
                int i = random.Next(counters.Length);
                string counter = counters[i] + ":n", mine = $"{counters[i]}:{caller}:{random.Next(20)}";
                switch (random.Next(4))
                {
                    case 0:
                        long now = await redis.ExecuteAsync(RedisStrings.Increment(counter));
                        Assert.True(now > seen[i], $"{counter} went back from {seen[i]} to {now}");
                        seen[i] = now;
                        Interlocked.Increment(ref counted[i]);
                        break;
                    case 1:
                        await redis.SetAsync(mine, mine);
                        Assert.Equal(mine, await redis.GetAsync(mine));
                        break;
                    case 2:
                        var batch = new RedisBatch();
                        List<BatchResult<long>> counts = [.. counters.Select(one => batch.Add(RedisStrings.Increment(one + ":n")))];
                        await redis.ExecuteAsync(batch);
                        for (int c = 0; c < counters.Length; c++)
                        {
                            Assert.True(counts[c].Value > seen[c], $"{counters[c]} went back from {seen[c]} to {counts[c].Value}");
                            seen[c] = counts[c].Value;
                            Interlocked.Increment(ref counted[c]);
                        }

                        break;
                    default:
                        var transaction = new RedisTransaction();
                        BatchResult<long> count = transaction.Add(RedisStrings.Increment(counter));
                        transaction.Add(RedisStrings.Set(mine, mine));
                        Assert.True(await redis.ExecuteAsync(transaction));
                        Assert.True(count.Value > seen[i]);
                        seen[i] = count.Value;
                        Interlocked.Increment(ref counted[i]);
                        break;
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(ClusterServers.Flavors), MemberType = typeof(ClusterServers))]
    public async Task Replies_that_are_verified_stay_in_step_where_the_server_asks_for_ASKING(RedisFlavor flavor)
    {
        RedisServer server = await ClusterServers.GetAsync(flavor);
        await using RedisClient redis = await ClusterServers.ConnectAsync(server, options => options with { VerifyReplies = true, Protocol = RespProtocol.Resp2 });
        string tag = $"{{{Servers.NewKey()}}}";
        SlotMover mover = await SlotMover.OfAsync(server, tag);
        await mover.BeginAsync();
        try
        {
            // Each key is new, so that it is asked for at the target; all at once, among commands that are not.
            Task[] writing = [.. Enumerable.Range(0, 200).Select(i => redis.SetAsync(i % 2 == 0 ? $"{tag}{i}" : $"{tag[1..^1]}{i}", i).AsTask())];
            await Bounded.Within(Task.WhenAll(writing), 20, "writes in an ASK window");
            for (int i = 0; i < 200; i += 2) Assert.Equal($"{i}", await redis.GetAsync($"{tag}{i}"));
        }
        finally
        {
            await mover.FinishAsync();
            await mover.Back().MoveAsync();
        }
    }

    [Fact]
    public async Task A_slot_that_Valkey_moves_in_one_piece_is_followed()
    {
        RedisServer server = await ClusterServers.GetAsync(RedisFlavor.Valkey);
        await using RedisClient redis = await ClusterServers.ConnectAsync(server);
        string key = Servers.NewKey();
        SlotMover mover = await SlotMover.OfAsync(server, key);
        long count = 0;
        await MigrateAsync(mover.Source, mover.Target);
        await MigrateAsync(mover.Target, mover.Source);

        async Task MigrateAsync(RedisNode from, RedisNode to)
        {
            string slot = mover.Slot.ToString(CultureInfo.InvariantCulture);
            await from.CommandAsync("CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", slot, slot, "NODE", await to.IdAsync());
            bool arrived = false;
            while (!arrived)
            {
                for (int i = 0; i < 100; i++) Assert.Equal(++count, await redis.ExecuteAsync(RedisStrings.Increment(key)));
                arrived = (await to.CommandAsync("CLUSTER", "COUNTKEYSINSLOT", slot)).ToInt64() > 0 && (await from.CommandAsync("CLUSTER", "COUNTKEYSINSLOT", slot)).ToInt64() == 0;
            }
        }
    }

    private static async Task<long> RefusalsAsync(RedisNode node, string code)
    {
        string stats = (await node.CommandAsync("INFO", "errorstats")).Text!;
        string? line = stats.Split('\n').FirstOrDefault(line => line.StartsWith($"errorstat_{code}:count=", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split('=')[1], CultureInfo.InvariantCulture);
    }
}

/// <summary>The shared clusters are moved about by one test at a time.</summary>
[CollectionDefinition(nameof(SlotMoveTests))]
public sealed class SlotMoveGroup;
