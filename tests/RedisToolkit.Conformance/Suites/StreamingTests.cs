using RedisToolkit.Client;
using RedisToolkit.Testing;

namespace RedisToolkit.Conformance;

/// <summary>A value is copied to a stream.</summary>
public abstract class StreamingTests(ClientUnderTest client) : ConformanceTests(client)
{
    [Theory, EveryServer]
    public async Task A_value_of_any_length_is_copied_whole(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        foreach (int length in (int[])[0, 1, 31 * 1024, 64 * 1024, 128 * 1024, 128 * 1024 + 1, 5_000_000])
        {
            byte[] value = new byte[length];
            Random.Shared.NextBytes(value);
            await redis.SetAsync(key, value);
            using var copy = new MemoryStream();
            Assert.Equal(length, await redis.CopyToAsync(RedisStrings.GetBytes(key).Command, copy));
            Assert.True(copy.ToArray().AsSpan().SequenceEqual(value));
        }
    }

    [Theory, EveryServer]
    public async Task What_is_absent_refused_or_impossible_is_told(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        RedisCommand get = RedisCommand.Create("GET", key);
        using var copy = new MemoryStream();
        Assert.Null(await redis.CopyToAsync(get, copy));
        await redis.ListPushRightAsync(key, ["x"]);
        Assert.Equal(RedisErrorCode.WrongType, (await Assert.ThrowsAsync<RedisServerException>(async () => await redis.CopyToAsync(get, copy))).Code);
        await Assert.ThrowsAsync<RedisReplyException>(async () => await redis.CopyToAsync(RedisCommand.Create("LRANGE", key, 0, -1), copy));
        await Assert.ThrowsAsync<ArgumentException>(async () => await redis.CopyToAsync(RedisCommand.Create("SELECT", 1), copy));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await redis.CopyToAsync(get, null!));
        using var readOnly = new MemoryStream([], writable: false);
        await Assert.ThrowsAsync<ArgumentException>(async () => await redis.CopyToAsync(get, readOnly));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await redis.CopyToAsync(get, copy, new CancellationToken(true)));
        Assert.Equal(0, copy.Length);
    }

    [Theory, EveryServer, Limited(Limit.Streaming)]
    public async Task A_value_is_written_as_it_arrives(RedisFlavor flavor)
    {
        const int Length = 8_000_000;
        await using FaultProxy proxy = await (await TestServers.GetAsync(flavor)).StartProxyAsync();
        await using IRedisClient redis = await ConnectAsync(proxy);
        string key = TestServers.NewKey();
        await redis.SetAsync(key, new byte[Length]);
        // The connection ends in the middle of the value: who writes as it arrives has written a part.
        proxy.ToClient.CutAfter(Length / 2);
        using var copy = new MemoryStream();
        await Assert.ThrowsAsync<RedisConnectionException>(async () => await redis.CopyToAsync(RedisCommand.Create("GET", key).WithoutRepeat(), copy));
        if (IsLimited(Limit.Streaming)) Assert.Equal(0, copy.Length);
        else Assert.InRange(copy.Length, 1, Length / 2);
    }

    [Theory, EveryServer]
    public async Task A_destination_that_fails_disturbs_nobody(RedisFlavor flavor)
    {
        await using IRedisClient redis = await ConnectAsync(flavor);
        string key = TestServers.NewKey();
        await redis.SetAsync(key, new byte[3_000_000]);
        for (int round = 0; round < 3; round++)
        {
            using var small = new MemoryStream(new byte[100]);      // of fixed length
            await Assert.ThrowsAsync<NotSupportedException>(async () => await redis.CopyToAsync(RedisCommand.Create("GET", key), small));
            Assert.Equal("next", await redis.EchoAsync("next"));
        }
    }
}
