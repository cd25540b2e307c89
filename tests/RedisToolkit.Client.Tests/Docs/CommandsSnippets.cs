using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Docs;

/// <summary>The code of docs/commands.md, on a server of its own.</summary>
public sealed class CommandsSnippets
{
    [Fact]
    public async Task The_code_of_the_page_on_commands_does_what_the_page_says()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync(server.ConnectionString);
        await AnyCommand(redis);
        await Batches(redis);
        Assert.False(await Transactions(redis));
        await redis.SetAsync("seat:12", "free");
        Assert.True(await Transactions(redis));
        await redis.SetAsync("stock:42", 10);
        await Scripts(redis);
        _ = await redis.ExecuteAsync(RedisCommand.Create("RPUSH", "jobs", "first"), Replies.Integer);
        await Blocking(redis, CancellationToken.None);
    }

    private static async Task AnyCommand(RedisClient redis)
    {
        RedisCommand command = RedisCommand.Create("ZADD", "scores", 1.5, "ada", 2, "grace");
        long added = await redis.ExecuteAsync(command, Replies.Integer);

        RedisCommand range = RedisCommand.Create("ZRANGE", "scores", 0, -1, "WITHSCORES");
        (string? Name, double Score)[] best = await redis.ExecuteAsync(range, Replies.PairsOf(Replies.Text, Replies.Double));

        Assert.Equal(2, added);
        Assert.Equal([("ada", 1.5), ("grace", 2)], best);
    }

    private static async Task Batches(RedisClient redis)
    {
        await redis.SetAsync("name", "Ada");
        var batch = new RedisBatch();
        BatchResult<string?> name = batch.Add(RedisStrings.Get("name"));
        BatchResult<long> visits = batch.Add(RedisCommand.Create("INCR", "visits"), Replies.Integer);
        await redis.ExecuteAsync(batch);
        Console.WriteLine($"{name.Value}: {visits.Value}");
        Assert.Equal(("Ada", 1), (name.Value, visits.Value));
    }

    private static async Task<bool> Transactions(RedisClient redis)
    {
        var transaction = new RedisTransaction();
        _ = transaction.Require(Condition.StringEquals("seat:12", "free"));
        _ = transaction.Add(RedisStrings.Set("seat:12", "Ada"));
        BatchResult<long> sold = transaction.Add(RedisCommand.Create("INCR", "seats:sold"), Replies.Integer);
        bool booked = await redis.ExecuteAsync(transaction);
        if (booked) Assert.Equal(1, sold.Value);
        return booked;
    }

    private static async Task Scripts(RedisClient redis)
    {
        LuaScript take = LuaScript.FromText("local left = redis.call('DECRBY', KEYS[1], ARGV[1]) return left");
        long left = await redis.EvaluateAsync(take, ["stock:42"], [3], Replies.Integer);

        RedisFunctionLibrary library = RedisFunctionLibrary.FromText("#!lua name=stock\nredis.register_function('left', function(keys) return redis.call('GET', keys[1]) end)");
        string? value = await redis.CallAsync(library, RedisFunctions.Call("left", ["stock:42"], []), Replies.Text);

        Assert.Equal((7, "7"), (left, value));
    }

    private static async Task Blocking(RedisClient redis, CancellationToken cancellationToken)
    {
        RedisCommand wait = RedisCommand.Create("BLPOP", "jobs", 30);       // seconds, the server's unit
        string?[] job = await redis.ExecuteAsync(wait, Replies.ArrayOf(Replies.Text), cancellationToken);
        Assert.Equal("jobs first", string.Join(" ", job));
    }
}
