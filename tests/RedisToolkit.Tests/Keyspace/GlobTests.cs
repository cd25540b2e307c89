using RedisToolkit.Tests.Support;

namespace RedisToolkit.Tests.Keyspace;

/// <summary>Patterns mean on this side what they mean to the servers.</summary>
public sealed class GlobTests
{
    [Theory, EveryTarget]
    public async Task The_matcher_agrees_with_every_server(Target target)
    {
        await using RedisServer server = await target.StartServerAsync();
        await using IRedisClient redis = await target.ConnectAsync(server);
        var random = new Random(7);
        string[] keys = [.. Enumerable.Range(0, 400).Select(_ => Word(random, "ab-]^*?[\\", 1, 6)).Distinct()];
        foreach (string key in keys) await redis.SetAsync(key, "");
        string[] patterns = [.. Enumerable.Range(0, 600).Select(_ => Word(random, "ab-]^*?[\\*?[]", 1, 7)), "[a-]", "[^", "[", "\\", "a\\", "[]a]", "[^]a]", "[b-a]", "**a**", "[\\]]", "[a-\\]"];
        var batch = new RedisBatch();
        BatchResult<string?[]>[] found = [.. patterns.Select(pattern => batch.Add(RedisCommand.Create("KEYS", pattern), Replies.ArrayOf(Replies.Text)))];
        await redis.ExecuteAsync(batch);
        for (int i = 0; i < patterns.Length; i++)
        {
            var matcher = new GlobMatcher(System.Text.Encoding.UTF8.GetBytes(patterns[i]));
            string[] ours = [.. keys.Where(key => matcher.IsMatch(System.Text.Encoding.UTF8.GetBytes(key))).Order(StringComparer.Ordinal)];
            Assert.True(ours.SequenceEqual(found[i].Value.Order(StringComparer.Ordinal)), $"'{patterns[i]}' matches {string.Join(' ', found[i].Value)} on the server, {string.Join(' ', ours)} here.");
        }
    }

    [Theory, EveryTarget]
    public async Task An_escaped_text_matches_itself_alone(Target target)
    {
        await using RedisServer server = await target.StartServerAsync();
        await using IRedisClient redis = await target.ConnectAsync(server);
        var random = new Random(11);
        string[] keys = [.. Enumerable.Range(0, 100).Select(_ => Word(random, "ab-]^*?[\\", 1, 6)).Distinct()];
        foreach (string key in keys) await redis.SetAsync(key, "");
        foreach (string key in keys)
        {
            Assert.Equal([key], await redis.KeysAsync(System.Text.Encoding.UTF8.GetString(RedisGlob.Escape(key).ToBytes())));
            string[] starting = await redis.KeysAsync(System.Text.Encoding.UTF8.GetString(RedisGlob.StartingWith(key).ToBytes()));
            Assert.Equal(keys.Where(other => other.StartsWith(key, StringComparison.Ordinal)).Order(StringComparer.Ordinal), starting);
        }
    }

    private static string Word(Random random, string letters, int least, int most) =>
        new([.. Enumerable.Range(0, random.Next(least, most + 1)).Select(_ => letters[random.Next(letters.Length)])]);
}
