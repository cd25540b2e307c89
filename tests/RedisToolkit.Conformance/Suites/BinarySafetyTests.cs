using System.Text;
using RedisToolkit.Client;
using RedisToolkit.Testing;

namespace RedisToolkit.Conformance;

/// <summary>What is sent is what arrives and what comes back, byte for byte.</summary>
public abstract class BinarySafetyTests(ClientUnderTest client) : ConformanceTests(client)
{
    private static readonly byte[][] Awkward =
    [
        [], [0], [13, 10], [.. Enumerable.Range(0, 256).Select(i => (byte)i)], "$3\r\nfoo\r\n"u8.ToArray(), "*1\r\n$4\r\nQUIT\r\n"u8.ToArray(), "-ERR no\r\n"u8.ToArray(),
        "\0\0"u8.ToArray(), [0xff, 0xfe], [0xc3], [0xed, 0xa0, 0x80], "naïve – 日本語 – 🦊"u8.ToArray(),
    ];

    [Theory, EveryServer]
    public async Task Keys_fields_members_and_values_are_any_bytes(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        byte[] stem = Encoding.UTF8.GetBytes(TestServers.NewKey());
        foreach (byte[] bytes in Awkward)
        {
            byte[] key = [.. stem, .. bytes], hash = [.. key, .. "#"u8];
            _ = await redis.SetAsync(key, bytes);
            Assert.Equal(bytes, await redis.GetBytesAsync(key));
            using (PooledBytes pooled = await redis.GetPooledAsync(key)) Assert.Equal(bytes, pooled.Span.ToArray());
            Assert.Equal(Encoding.UTF8.GetString(bytes), await redis.GetAsync(key));
            Assert.Equal(bytes, (await redis.ExecuteAsync(RedisCommand.Create("GET", key), Replies.Any)).AsBytes());
            Assert.True(await redis.HashSetAsync(hash, bytes, bytes));
            Assert.Equal(bytes, await redis.ExecuteAsync(RedisHashes.GetBytes(hash, bytes)));
            Assert.Equal(bytes, Assert.Single(await redis.ExecuteAsync(RedisCommand.Create("HKEYS", hash), Replies.ArrayOf(Replies.Bytes))));
            Assert.Equal(bytes, await redis.ExecuteAsync(RedisCommand.Create("ECHO", bytes), Replies.Bytes));
        }

        Assert.Equal(2 * Awkward.Length, (await redis.ExecuteAsync(RedisCommand.Create("KEYS", stem.Concat("*"u8.ToArray()).ToArray()), Replies.ArrayOf(Replies.Bytes))).Length);
    }

    [Theory, EveryServer]
    public async Task No_content_ends_an_argument_or_begins_another(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        string attack = $"x\r\n*3\r\n$3\r\nSET\r\n${key.Length + 4}\r\n{key}:own\r\n$1\r\n1\r\n";
        Assert.Equal(attack, await redis.EchoAsync(attack));
        _ = await redis.SetAsync(key, attack);
        Assert.Equal(attack, await redis.GetAsync(key));
        Assert.False(await redis.ExistsAsync(key + ":own"));
    }

    [Theory, EveryServer]
    public async Task Values_of_every_size_around_the_buffers_come_back_whole(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        var random = new Random(1);
        foreach (int size in (int[])[0, 1, 1023, 1024, 1025, 32 * 1024 - 1, 32 * 1024, 32 * 1024 + 1, 64 * 1024 - 20, 64 * 1024, 64 * 1024 + 1, 1024 * 1024, 1024 * 1024 + 1, 5_000_000])
        {
            byte[] value = new byte[size];
            random.NextBytes(value);
            _ = await redis.SetAsync(key, value);
            // Several at once, so that long strings follow and precede others in the same receive.
            Task<byte[]?>[] reads = [.. Enumerable.Range(0, 4).Select(_ => redis.GetBytesAsync(key).AsTask())];
            Task<string?> echo = redis.EchoAsync("between").AsTask();
            using PooledBytes pooled = await redis.GetPooledAsync(key);
            Assert.True(pooled.Span.SequenceEqual(value));
            Assert.Equal("between", await echo);
            foreach (Task<byte[]?> read in reads) Assert.True((await read).AsSpan().SequenceEqual(value));
        }
    }

    [Theory, EveryServer]
    public async Task Numbers_slices_and_text_arrive_as_they_are_meant(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        (RedisArgument Argument, string Meant)[] all =
        [
            (7, "7"), (long.MinValue, "-9223372036854775808"), (0.1, "0.1"), (1e300, "1E+300"), (double.NegativeInfinity, "-inf"), ("", ""), ("ä\u0000b", "ä\u0000b"),
            (new ReadOnlyMemory<byte>("abcdef"u8.ToArray(), 2, 3), "cde"), (ReadOnlyMemory<byte>.Empty, ""),
        ];
        foreach ((RedisArgument argument, string meant) in all) Assert.Equal(meant, await redis.ExecuteAsync(RedisCommand.Create("ECHO", argument), Replies.Text));
    }

    [Theory, EveryServer]
    public async Task Text_that_is_no_text_is_refused_and_disturbs_no_other_command(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        await Task.WhenAll(Enumerable.Range(0, 300).Select(async i =>
        {
            if (i % 3 != 0) Assert.Equal($"fine {i}", await redis.EchoAsync($"fine {i}"));
            else await Assert.ThrowsAsync<ArgumentException>(async () => await redis.EchoAsync("half a pair: \ud800"));
        }));
        Assert.Equal("still here", await redis.EchoAsync("still here"));
    }

    [Theory, EveryServer]
    public async Task A_hundred_thousand_arguments_and_elements_go_and_come(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        RedisArgument[] all = [key, .. Enumerable.Range(0, 100_000).Select(i => (RedisArgument)i)];
        Assert.Equal(100_000, await redis.ExecuteAsync(RedisCommand.Create("RPUSH", all), Replies.Integer));
        Assert.Equal(Enumerable.Range(0, 100_000).Select(i => (long)i), await redis.ExecuteAsync(RedisCommand.Create("LRANGE", key, 0, -1), Replies.ArrayOf(Replies.Integer)));
    }
}
