using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Cluster;

/// <summary>A cluster whose nodes announce addresses that cannot be reached, behind proxies that also fail.</summary>
[Collection(nameof(FailoverTests))]
public sealed class AddressTranslationTests
{
    [Theory]
    [MemberData(nameof(ClusterServers.Flavors), MemberType = typeof(ClusterServers))]
    public async Task Every_connection_goes_where_the_translation_says_and_a_stall_of_one_holds_up_no_other(RedisFlavor flavor)
    {
        await using RedisServer server = await ClusterServers.StartAsync(flavor, options => options with { Replicas = 0, ClusterNodeTimeout = TimeSpan.FromSeconds(20) });
        FaultProxy[] proxies = await Task.WhenAll(server.Primaries.Select(node => node.StartProxyAsync()));
        Dictionary<int, int> ports = server.Primaries.Zip(proxies).ToDictionary(pair => pair.First.Port, pair => pair.Second.Port);
        try
        {
            await using RedisClient redis = await ClusterServers.ConnectAsync(server, options => options with
            {
                Endpoints = [new RedisEndpoint("127.0.0.1", proxies[0].Port)],
                AddressTranslation = announced => new RedisEndpoint(announced.Host, ports.GetValueOrDefault(announced.Port, announced.Port)),
                HeartbeatInterval = TimeSpan.FromMilliseconds(300),
                HeartbeatTimeout = TimeSpan.FromMilliseconds(700),
            });
            await using var load = new CountingLoad(redis, callers: 30);
            await load.MakeProgressAsync();
            Assert.All(proxies, static proxy => Assert.True(proxy.ConnectionsOpen > 0));
            int[] slots = [.. load.Slots];
            proxies[1].Stall();
            RedisNode stalled = server.Primaries[1];
            // Those whose keys are elsewhere go on as if nothing had happened.
            string other = Enumerable.Range(0, 100).Select(i => $"other:{i}").First(key => HashSlot.Of((RedisArgument)key) < HashSlot.Count / 3);
            for (int i = 0; i < 50; i++) Assert.Equal(i + 1, await redis.ExecuteAsync(RedisStrings.Increment(other).Command.WithTimeout(TimeSpan.FromSeconds(5)), Replies.Integer));
            await Bounded.Until(() => load.Errors.Any(static error => error is RedisConnectionException { Failure: ConnectionFailure.Silent }), "the stall is noticed");
            proxies[1].PassThrough();
            await load.MakeProgressAsync();
            await load.StopAsync();
            Assert.All(load.Errors, static error => Assert.Equal(CommandOutcome.Unknown, Assert.IsAssignableFrom<RedisException>(error).Outcome));
            await load.CheckAsync(mayHaveLostSome: false);
        }
        finally
        {
            foreach (FaultProxy proxy in proxies) await proxy.DisposeAsync();
        }
    }
}
