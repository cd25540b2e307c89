using RedisToolkit.Client.Tests.Cluster;

namespace RedisToolkit.Client.Tests.Docs;

/// <summary>The code of docs/cluster.md.</summary>
[Collection(nameof(SlotMoveTests))]
public sealed class ClusterSnippets
{
    private readonly List<object> _reported = [];

    [Fact]
    public async Task The_code_of_the_page_on_clusters_runs()
    {
        await using RedisClient redis = await ClusterServers.ConnectAsync();
        await Split(redis);
        Assert.Empty(_reported);
        await Primaries(redis);
        Assert.Equal(3, _reported.Count);
        Assert.Equal<RedisEndpoint>("gateway.example:7000", Translated(redis.Options).AddressTranslation!("10.0.0.7:7000"));
    }

    [Fact]
    public async Task The_options_of_the_page_are_valid()
    {
        // There is no such network here: it is tried, and does not answer.
        Task<RedisClientOptions> connecting = Connect();
        Task first = await Task.WhenAny(connecting, Task.Delay(TimeSpan.FromMilliseconds(200)));
        if (first == connecting) await Assert.ThrowsAsync<RedisConnectionException>(() => connecting);
        else _ = connecting.ContinueWith(static task => task.Exception, TaskScheduler.Default);
    }

    private static async Task<RedisClientOptions> Connect()
    {
        var options = new RedisClientOptions
        {
            Endpoints = ["10.0.0.1:7000", "10.0.0.2:7000"],     // some nodes; one that answers is enough
            Cluster = new RedisClusterOptions(),
        };
        await using RedisClient redis = await RedisClient.ConnectAsync(options);
        return redis.Options;
    }

    private static RedisClientOptions Translated(RedisClientOptions options)
    {
        RedisClientOptions behindNat = options with
        {
            AddressTranslation = announced => announced.Host.StartsWith("10.", StringComparison.Ordinal) ? new RedisEndpoint("gateway.example", announced.Port) : announced,
        };
        return behindNat;
    }

    private async Task Split(RedisClient redis)
    {
        try
        {
            await redis.ExecuteAsync(RedisCommand.Create("UNLINK", "user:1", "user:2", "user:3"), Replies.Integer);
        }
        catch (RedisSplitCommandException failed)
        {
            foreach (RedisKeyFailure failure in failed.Failures) Report(failure.Key, failure.Error.Outcome);
        }
    }

    private async Task Primaries(RedisClient redis)
    {
        foreach (IRedisClient primary in await redis.GetPrimariesAsync())
        {
            string info = await primary.ExecuteAsync(RedisServerCommands.Info("memory"));
            Report(info);
        }
    }

    private void Report(params object[] what) => _reported.Add(what);
}
