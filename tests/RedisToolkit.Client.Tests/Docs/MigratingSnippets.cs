using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Docs;

/// <summary>The code of docs/migrating.md, and every call of its tables, on a server of its own.</summary>
public sealed class MigratingSnippets
{
    private const string Key = "key", Other = "other", Field = "field";

    [Fact]
    public async Task Connections()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        ILoggerFactory loggers = NullLoggerFactory.Instance;
        string text = $"{server.Host}:{server.Port},abortConnect=false,syncTimeout=2000,allowAdmin=true";
        RedisClientOptions options = RedisClientOptions.Parse(text);
        Assert.Equal(TimeSpan.FromSeconds(2), options.CommandTimeout);
        await using (RedisClient connected = await RedisClient.ConnectAsync(text)) Assert.True(await connected.PingAsync() > TimeSpan.Zero);
        options = options with { CommandTimeout = TimeSpan.FromSeconds(2) };
        options = options with { LoggerFactory = loggers };
        await using (var background = new RedisClient(options)) Assert.True(await background.PingAsync() > TimeSpan.Zero);
        Assert.Equal(RedisEndpoint.DefaultPort, new RedisEndpoint("replica.example.com").Port);
        Assert.Equal(RedisDiagnostics.ActivitySourceName, RedisDiagnostics.MeterName);
    }

    [Fact]
    public async Task Strings_and_keys()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync(server.ConnectionString);
        string key = Key, other = Other, value = "value";
        Assert.True(await redis.SetAsync(key, value));
        Assert.Equal("embstr", await redis.ExecuteAsync(RedisCommand.Create("OBJECT", "ENCODING", key), Replies.Text));
        Assert.Equal("value", await redis.GetAsync(key));
        Assert.Equal("value"u8.ToArray(), await redis.GetBytesAsync(key));
        Assert.Equal((string?[])["value", null], await redis.GetManyAsync([key, other]));
        Assert.True(await redis.SetAsync(key, value, TimeSpan.FromMinutes(5)));
        Assert.False(await redis.SetAsync(key, value, Expiry.Never, SetWhen.KeyIsMissing));
        Assert.True(await redis.SetAsync(key, value, Expiry.Never, SetWhen.KeyExists));
        Assert.Equal("value", await redis.SetAndGetAsync(key, value));
        Assert.Equal(10, await redis.ExecuteAsync(RedisStrings.Append(key, value)));
        Assert.Equal("valuevalue", await redis.GetDeleteAsync(key));
        Assert.Equal(1, await redis.IncrementAsync(key));
        Assert.Equal(-4, await redis.IncrementAsync(key, -5));
        Assert.Equal(-3, await Forgotten(redis, key));
        Assert.True(await redis.SetManyAsync([(key, 1), (other, 2)]));
        Assert.True(await redis.ExistsAsync(key));
        Assert.True(await redis.ExpireAsync(key, TimeSpan.FromHours(1)));
        Assert.NotNull((await redis.TimeToLiveAsync(key)).Left);
        Assert.True(await redis.PersistAsync(key));
        Assert.True(await redis.ExecuteAsync(RedisKeys.Rename(key, other)));
        Assert.Equal("string", await redis.ExecuteAsync(RedisKeys.Type(other)));
        Assert.False(await redis.DeleteAsync(key));
        Assert.Equal(1, await redis.DeleteManyAsync([key, other]));
    }

    [Fact]
    public async Task Hashes_lists_sets_and_sorted_sets()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync(server.ConnectionString);
        string hash = "hash", list = "list", set = "set", scores = "scores", field = Field, member = "ada", value = "value";
        Assert.True(await redis.HashSetAsync(hash, field, value));
        Assert.Equal(2, await redis.HashSetManyAsync(hash, [("a", 1), ("b", "x")]));
        Assert.Equal("value", await redis.HashGetAsync(hash, field));
        Assert.Equal((string?[])["value", "x"], await redis.HashGetManyAsync(hash, [field, "b"]));
        Assert.Equal(3, (await redis.HashGetAllAsync(hash)).Count);
        Assert.Equal(1, await redis.HashDeleteAsync(hash, [field]));
        Assert.False(await redis.HashExistsAsync(hash, field));
        Assert.Equal(1, await redis.HashIncrementAsync(hash, "visits"));
        Assert.Equal(1, await redis.ListPushLeftAsync(list, [value]));
        Assert.Equal(2, await redis.ListPushRightAsync(list, [value]));
        Assert.Equal(["value", "value"], await redis.ListRangeAsync(list));
        Assert.Equal(2, await redis.ListCountAsync(list));
        Assert.Equal("value", await redis.ListPopLeftAsync(list));
        Assert.Equal("value", await redis.ListPopRightAsync(list));
        await redis.ListPushRightAsync(list, ["job"]);
        Assert.Equal((string?[])["list", "job"], await redis.ExecuteAsync(RedisCommand.Create("BLPOP", list, 30), Replies.ArrayOf(Replies.Text)));
        Assert.Equal(1, await redis.SetAddAsync(set, [value]));
        Assert.Equal(["value"], await redis.SetMembersAsync(set));
        Assert.True(await redis.SetContainsAsync(set, value));
        Assert.Equal(1, await redis.SetRemoveAsync(set, [value]));
        Assert.True(await redis.SortedSetAddAsync(scores, member, 1.5));
        Assert.Equal(["ada"], await redis.SortedSetRangeAsync(scores, 0, 9, descending: true));
        Assert.Equal([("ada", 1.5)], await redis.ExecuteAsync(RedisSortedSets.RangeByScore(scores, 1, 5)));
        Assert.Equal(1.5, await redis.SortedSetScoreAsync(scores, member));
        Assert.Equal(0, await redis.SortedSetRankAsync(scores, member));
    }

    [Fact]
    public async Task Scripts_batches_transactions_channels_and_the_server()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync(server.ConnectionString);
        string key = Key, value = "value", channel = "news", text = "redis.call('SET', KEYS[1], ARGV[1]) return redis.call('GET', KEYS[1])";
        LuaScript script = LuaScript.FromText(text);
        Assert.Equal("value", await redis.EvaluateAsync(script, [key], [value], Replies.Text));
        var batch = new RedisBatch();
        BatchResult<string?> get = batch.Add(RedisStrings.Get(key));
        await redis.ExecuteAsync(batch);
        Assert.Equal("value", get.Value);
        var transaction = new RedisTransaction();
        transaction.Require(Condition.KeyNotExists(key));
        Assert.False(await redis.ExecuteAsync(transaction));
        await using (RedisSubscription news = await redis.SubscribeAsync([channel]))
        await using (RedisSubscription all = await redis.SubscribePatternAsync(["news.*"]))
        {
            Assert.Equal(1, await redis.PublishAsync(channel, value));
        }

        Assert.Contains("used_memory", await redis.ExecuteAsync(RedisServerCommands.Info("memory")), StringComparison.Ordinal);
        Assert.Contains("redis_version", await redis.ExecuteAsync(RedisServerCommands.Info()), StringComparison.Ordinal);
        Assert.NotEqual(default, await redis.ServerTimeAsync());
        Assert.True(await redis.PingAsync() > TimeSpan.Zero);
        Assert.Equal(1, await redis.DatabaseSizeAsync());
        Assert.True(await redis.FlushDatabaseAsync());
    }

    [Fact]
    public async Task Keys_locks_and_objects()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync(server.ConnectionString);
        for (int i = 0; i < 1000; i++) await redis.SetAsync($"user:{i}", i);
        Assert.Equal(1000, (await KeysAsync(redis)).Distinct().Count());
        await LockAsync(redis, Key);
        Assert.False(await redis.ExistsAsync(Key));
        Assert.Equal(new User("Ada", 36), await ObjectAsync(redis, new User("Ada", 36)));
    }

    private static async Task<long> Forgotten(RedisClient redis, string key)
    {
        _ = redis.IncrementAsync(key).AsTask();
        // Sent behind it on the same connection.
        return await redis.ExecuteAsync(RedisCommand.Create("GET", key), Replies.Integer);
    }

    private static async Task<List<string?>> KeysAsync(RedisClient redis)
    {
        var found = new List<string?>();
        RedisArgument cursor = "0";
        do
        {
            RedisCommand scan = RedisCommand.Create("SCAN", cursor, "MATCH", "user:*", "COUNT", 250);
            (string? next, string?[] page) = await redis.ExecuteAsync(scan, Replies.TupleOf(Replies.Text, Replies.ArrayOf(Replies.Text)));
            found.AddRange(page);       // a key may come twice
            cursor = next!;
        }
        while (cursor != "0");
        return found;
    }

    private static async Task LockAsync(RedisClient redis, string key)
    {
        string token = Guid.NewGuid().ToString("N");
        if (await redis.SetAsync(key, token, TimeSpan.FromSeconds(30), SetWhen.KeyIsMissing))
        {
            try
            {
                await BillAsync();
            }
            finally
            {
                LuaScript release = LuaScript.FromText("if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0");
                bool wasStillOurs = await redis.EvaluateAsync(release, [key], [token], Replies.Boolean);
            }
        }

        async Task BillAsync() => Assert.Equal(token, await redis.GetAsync(key));
    }

    private static async Task<User?> ObjectAsync(RedisClient redis, User user)
    {
        _ = await redis.SetAsync("user:1", JsonSerializer.SerializeToUtf8Bytes(user), TimeSpan.FromHours(1));
        using PooledBytes json = await redis.GetPooledAsync("user:1");
        User? read = json.IsNull ? null : JsonSerializer.Deserialize<User>(json.Span);
        return read;
    }

    private sealed record User(string Name, int Age);
}
