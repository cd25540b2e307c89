using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Docs;

/// <summary>The code of README.md. What names a server of the reader's own is only compiled; the rest runs.</summary>
public sealed class ReadmeSnippets
{
    internal static async Task FirstScreen()
    {
        await using RedisClient redis = await RedisClient.ConnectAsync("localhost:6379");

        await redis.SetAsync("greeting", "hello");
        string? greeting = await redis.GetAsync("greeting");

        RedisCommand visit = RedisCommand.Create("HINCRBY", "visits", "today", 1);     // any command, any reply
        long visits = await redis.ExecuteAsync(visit, Replies.Integer);

        Console.WriteLine($"{greeting}, visitor {visits}");
    }

    [Fact]
    public async Task A_server_for_a_test_keeps_its_data_over_a_restart()
    {
        await using RedisServer server = await RedisServer.StartAsync(new() { Flavor = RedisFlavor.Valkey });
        await using RedisClient redis = await RedisClient.ConnectAsync(server.ConnectionString);
        await server.RestartAsync(keepData: true);      // or kill it, pause it, put a faulty network in front of it
        Assert.Null(await redis.GetAsync("key"));
    }
}
