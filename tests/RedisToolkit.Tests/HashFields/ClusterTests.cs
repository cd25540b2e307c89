namespace RedisToolkit.Tests;

/// <summary>A hash and what is kept beside it lie in one slot: everything works on a cluster, whatever braces the key has.</summary>
public sealed class ClusterTests
{
    [Theory, EveryServer]
    public async Task Fields_results_and_counters_work_on_a_cluster(RedisFlavor flavor)
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Flavor = flavor, Topology = RedisTopology.Cluster, Replicas = 0 });
        await using var client = new AdapterClient();
        await using IRedisClient redis = await client.ConnectAsync(new ClientSettings(server.Host, server.Port));
        string[] keys = ["plain:1", "plain:2", "plain:3", "tagged:{7}", "{whole}", "odd}", "o{dd", "{}odd", .. Enumerable.Range(0, 20).Select(i => $"k:{i}")];
        foreach (HashFieldStorage storage in Enum.GetValues<HashFieldStorage>())
        {
            var fields = new HashFields(redis, new HashFieldsOptions { Storage = storage });
            var maps = new ResultMaps(fields);
            foreach (string key in keys)
            {
                await fields.DeleteHashAsync(key);
                await fields.SetAsync(key, [("brief", 1, TimeToLive.Milliseconds(20)), ("long", 2, TimeToLive.Hours(1))]);
                await fields.SetAsync(key, "more", 3, TimeToLive.Hours(1));
                await maps.StoreAsync(key, new Dictionary<string, RedisArgument> { ["result"] = 4 }, (_, _) => TimeToLive.Hours(1));
                await Bounded.Until(async () => await fields.GetAsync(key, "brief") is null, "brief is gone");
                Assert.Equal(new Dictionary<string, string> { ["long"] = "2", ["more"] = "3", ["result"] = "4" }, await fields.GetAllAsync(key));
                Assert.Equal(ResultState.Found, (await maps.LoadAsync(key, ["result"]))[0].State);
            }
        }

        foreach (string key in keys) Assert.True((await new Counters(redis).AddAsync("counter:" + key, TimeToLive.Hours(1))).IsNew);
    }
}
