using System.Text;
using FsCheck.Fluent;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Commands;

/// <summary>What is sent to a real server comes back the same.</summary>
public sealed class RoundTripTests
{
    public static TheoryData<RedisFlavor> Flavors => Servers.Flavors;

    [Theory]
    [MemberData(nameof(Flavors))]
    public async Task A_server_echoes_every_argument_as_it_was_meant(RedisFlavor flavor)
    {
        await using RedisClient redis = await Servers.ConnectAsync(flavor);
        Meant[] all = [.. Arguments.Any.Sample(500, 60)];
        await Task.WhenAll(all.Select(async meant =>
            Assert.Equal(meant.Bytes, await redis.ExecuteAsync(RedisCommand.Create("ECHO", meant.Argument), Replies.Bytes))));
    }

    [Theory]
    [MemberData(nameof(Flavors))]
    public async Task A_server_keeps_every_key_and_value_as_it_was_meant(RedisFlavor flavor)
    {
        await using RedisClient redis = await Servers.ConnectAsync(flavor);
        byte[] prefix = Encoding.UTF8.GetBytes(Servers.NewKey());
        Meant[] all = [.. Arguments.Any.Sample(300, 60)];
        await Task.WhenAll(all.Select(async (meant, i) =>
        {
            byte[] key = [.. prefix, .. BitConverter.GetBytes(i), .. meant.Bytes];
            Assert.True(await redis.ExecuteAsync(RedisCommand.Create("SET", key, meant.Argument), Replies.Boolean));
            Assert.Equal(meant.Bytes, await redis.ExecuteAsync(RedisCommand.Create("GET", key), Replies.Bytes));
            using PooledBytes pooled = await redis.ExecuteAsync(RedisCommand.Create("GET", key), Replies.Pooled);
            Assert.Equal(meant.Bytes, pooled.Span.ToArray());
            Assert.Equal(Encoding.UTF8.GetString(meant.Bytes), await redis.ExecuteAsync(RedisCommand.Create("GET", key), Replies.Text));
        }));
    }

    [Theory]
    [MemberData(nameof(Flavors))]
    public async Task An_argument_that_cannot_be_sent_disturbs_no_other_command(RedisFlavor flavor)
    {
        await using RedisClient redis = await Servers.ConnectAsync(flavor, options => options with { MaxArgumentBytes = 1024 });
        await Task.WhenAll(Enumerable.Range(0, 300).Select(async i =>
        {
            RedisArgument bad = (i % 3) switch { 0 => "half\ud800", 1 => new byte[1025], _ => "fine" };
            ValueTask<string?> reply = redis.ExecuteAsync(RedisCommand.Create("ECHO", bad), Replies.Text);
            if (i % 3 == 2) Assert.Equal("fine", await reply);
            else await Assert.ThrowsAsync<ArgumentException>(async () => await reply);
        }));
        Assert.Equal("still here", await redis.ExecuteAsync(RedisCommand.Create("ECHO", "still here"), Replies.Text));
    }
}
