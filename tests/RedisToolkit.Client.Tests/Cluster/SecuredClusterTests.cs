using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Cluster;

/// <summary>TLS and a password hold for every node, also for those that only a redirection names, in both versions of the protocol.</summary>
[Collection(nameof(FailoverTests))]
public sealed class SecuredClusterTests
{
    [Theory]
    [MemberData(nameof(ClusterServers.Flavors), MemberType = typeof(ClusterServers))]
    public async Task Everything_works_over_TLS_with_a_password(RedisFlavor flavor)
    {
        await using RedisServer server = await ClusterServers.StartAsync(flavor, options => options with { Tls = RedisTls.ServerCertificate, Password = "s3cret", Replicas = 0 });
        foreach (RespProtocol protocol in new[] { RespProtocol.Resp2, RespProtocol.Resp3 })
        {
            await using RedisClient redis = await ClusterServers.ConnectAsync(server, options => options with
            {
                Protocol = protocol,
                Tls = new RedisTlsOptions { CertificateAuthorities = [server.Certificates!.Authority], TargetHost = "localhost" },
            });
            string key = Servers.NewKey();
            RedisArgument[] keys = [.. Enumerable.Range(0, 30).Select(i => (RedisArgument)$"{key}:{i}")];
            await Task.WhenAll(keys.Select(one => redis.SetAsync(one, one).AsTask()));
            Assert.Equal(30, await redis.ExecuteAsync(RedisCommand.Create("EXISTS", keys), Replies.Integer));
            Assert.Equal(30, await redis.DatabaseSizeAsync());
            await using RedisSubscription shards = await redis.SubscribeShardedAsync(keys);
            await using var reading = new SubscriptionReading(shards);
            foreach (RedisArgument channel in keys) await redis.ExecuteAsync(RedisCommand.Create("SPUBLISH", channel, channel), Replies.Integer);
            var heard = new HashSet<string>();
            while (heard.Count < keys.Length) heard.Add(await reading.NextTextAsync());
            await redis.FlushDatabaseAsync();
        }
    }
}
