namespace RedisToolkit.Tests.Support;

/// <summary>Puts keys on a server, and looks which are there.</summary>
internal static class Filling
{
    public static async Task FillAsync(this IRedisClient redis, string prefix, int count, int from = 0)
    {
        foreach (int[] some in Enumerable.Range(from, count).Chunk(1000))
        {
            var batch = new RedisBatch();
            foreach (int i in some) batch.Add(RedisStrings.Set(prefix + i, "value"));
            await redis.ExecuteAsync(batch);
        }
    }

    /// <summary>One key of each type that all servers have.</summary>
    public static async Task<string[]> FillTypesAsync(this IRedisClient redis, string prefix)
    {
        await redis.SetAsync(prefix + "string", "value");
        await redis.ListPushRightAsync(prefix + "list", ["a", "b"]);
        // Numbers have an order in a set; text may lie in another one in its copy.
        await redis.SetAddAsync(prefix + "set", [1, 2]);
        await redis.SortedSetAddAsync(prefix + "zset", "a", 1);
        await redis.HashSetAsync(prefix + "hash", "field", "value");
        _ = await redis.ExecuteAsync(RedisCommand.Create("XADD", prefix + "stream", "*", "field", "value"), Replies.Text);
        return [.. new[] { "string", "list", "set", "zset", "hash", "stream" }.Select(type => prefix + type)];
    }

    /// <summary>All keys that match, asked for in the way that the package does not offer.</summary>
    public static async Task<string[]> KeysAsync(this IRedisClient redis, string pattern) =>
        [.. (await redis.ExecuteAsync(RedisCommand.Create("KEYS", pattern), Replies.ArrayOf(Replies.Text))).Order(StringComparer.Ordinal)!];
}
