using System.Text;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Cluster;

/// <summary>What nodes say of each other is understood, and what is broken of it breaks nothing else.</summary>
[Collection(nameof(SlotMoveTests))]
public sealed class SlotMapTests
{
    private static readonly RedisEndpoint Asked = "10.0.0.9:7000";

    [Theory]
    [MemberData(nameof(Servers.Flavors), MemberType = typeof(Servers))]
    public async Task A_real_cluster_is_read_whole(RedisFlavor flavor)
    {
        RedisServer server = await ClusterServers.GetAsync(flavor);
        foreach (RespProtocol protocol in new[] { RespProtocol.Resp2, RespProtocol.Resp3 })
        {
            await using RedisClient redis = await Servers.ConnectAsync(server, options => options with { Protocol = protocol });
            SlotMap map = await redis.ExecuteAsync(RedisCommand.Create("CLUSTER", "SLOTS"), SlotMap.Reader(redis.Options.Endpoints[0], new ClusterAddresses(null)));
            Assert.Equal(HashSlot.Count, map.Covered);
            Assert.Equal(3, map.Ranges.Select(range => range.Primary).Distinct().Count());
            Assert.All(map.Ranges, range => Assert.Single(range.Replicas));
            IEnumerable<RedisEndpoint> started = server.Nodes.Select(node => new RedisEndpoint(node.Host, node.Port));
            Assert.All(map.Ranges, range => Assert.Contains(range.Primary, started));
        }
    }

    [Fact]
    public void Ranges_replicas_and_hosts_are_read()
    {
        SlotMap map = Read("*2\r\n*4\r\n:0\r\n:99\r\n*4\r\n$8\r\n10.0.0.1\r\n:7001\r\n$1\r\na\r\n*0\r\n*4\r\n$6\r\nnode-b\r\n:7002\r\n$1\r\nb\r\n*2\r\n$8\r\nhostname\r\n$1\r\nx\r\n*3\r\n:100\r\n:16383\r\n*2\r\n$3\r\n::1\r\n:7003\r\n");
        Assert.Equal(16_384, map.Covered);
        Assert.Equal<RedisEndpoint>("10.0.0.1:7001", map[99]!.Primary);
        Assert.Equal<RedisEndpoint>(["node-b:7002"], map[0]!.Replicas);
        Assert.Equal<RedisEndpoint>("[::1]:7003", map[100]!.Primary);
    }

    [Theory]
    [InlineData("$-1")]
    [InlineData("$0\r\n")]
    [InlineData("$1\r\n?")]
    [InlineData("_")]
    public void A_node_without_a_known_host_is_where_it_was_asked(string host)
    {
        SlotMap map = Read($"*1\r\n*3\r\n:0\r\n:16383\r\n*3\r\n{host}\r\n:7005\r\n$1\r\na\r\n");
        Assert.Equal<RedisEndpoint>("10.0.0.9:7005", map[5]!.Primary);
    }

    [Theory]
    [InlineData("*0\r\n")]
    [InlineData("*-1\r\n")]
    [InlineData("_\r\n")]
    [InlineData("$2\r\nOK\r\n")]
    [InlineData("*1\r\n*0\r\n")]
    [InlineData("*1\r\n*2\r\n:0\r\n:5\r\n")]
    [InlineData("*1\r\n*3\r\n:0\r\n:5\r\n*0\r\n")]
    [InlineData("*1\r\n*3\r\n:0\r\n:5\r\n$1\r\nx\r\n")]
    [InlineData("*1\r\n*3\r\n:0\r\n:5\r\n_\r\n")]
    [InlineData("*1\r\n*3\r\n:0\r\n:99999\r\n*2\r\n$1\r\na\r\n:1\r\n")]
    [InlineData("*1\r\n*3\r\n:-1\r\n:5\r\n*2\r\n$1\r\na\r\n:1\r\n")]
    [InlineData("*1\r\n*3\r\n:9\r\n:5\r\n*2\r\n$1\r\na\r\n:1\r\n")]
    [InlineData("*1\r\n*3\r\n$1\r\nx\r\n:5\r\n*2\r\n$1\r\na\r\n:1\r\n")]
    [InlineData("*1\r\n*3\r\n:0\r\n:5\r\n*2\r\n$1\r\na\r\n:0\r\n")]
    [InlineData("*1\r\n*3\r\n:0\r\n:5\r\n*2\r\n$3\r\na/b\r\n:1\r\n")]
    [InlineData("*1\r\n*3\r\n:0\r\n:5\r\n*2\r\n$1\r\na\r\n$1\r\n1\r\n")]
    public void What_cannot_be_understood_is_left_out(string reply) => Assert.Equal(0, Read(reply).Covered);

    [Fact]
    public void A_broken_entry_leaves_the_others_as_they_are()
    {
        SlotMap map = Read("*3\r\n*3\r\n:0\r\n:9\r\n*2\r\n$0\r\n\r\n:0\r\n*3\r\n:10\r\n:19\r\n*2\r\n$1\r\na\r\n:7001\r\n*4\r\n:20\r\n:29\r\n*2\r\n$1\r\nb\r\n:7002\r\n*2\r\n$0\r\n\r\n:0\r\n");
        Assert.Null(map[0]);
        Assert.Equal<RedisEndpoint>("a:7001", map[10]!.Primary);
        Assert.Equal<RedisEndpoint>("b:7002", map[20]!.Primary);
        Assert.Empty(map[20]!.Replicas);
    }

    [Fact]
    public void Announced_addresses_are_translated_and_the_one_that_was_asked_is_not()
    {
        var addresses = new ClusterAddresses(endpoint => new RedisEndpoint("gateway", endpoint.Port + 1000));
        var reader = new RespReader(Encoding.ASCII.GetBytes("*2\r\n*3\r\n:0\r\n:9\r\n*2\r\n$8\r\n10.0.0.1\r\n:7001\r\n*3\r\n:10\r\n:19\r\n*2\r\n$8\r\n10.0.0.9\r\n:7000\r\n"));
        SlotMap map = SlotMap.Reader(Asked, addresses).Read(ref reader);
        Assert.Equal<RedisEndpoint>("gateway:8001", map[0]!.Primary);
        Assert.Equal(Asked, map[10]!.Primary);
    }

    [Fact]
    public void A_translation_that_gives_nothing_is_named()
    {
        var addresses = new ClusterAddresses(_ => null!);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => addresses.Read("a", 1, Asked));
        Assert.Contains("RedisClientOptions.AddressTranslation", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MOVED 3999 127.0.0.1:6381", 3999, "127.0.0.1:6381", false)]
    [InlineData("ASK 3999 node-1.example:6381", 3999, "node-1.example:6381", true)]
    [InlineData("MOVED 0 :6381", 0, "10.0.0.9:6381", false)]
    [InlineData("MOVED 0 ?:6381", 0, "10.0.0.9:6381", false)]
    [InlineData("MOVED 16383 2001:db8::1:6381", 16383, "[2001:db8::1]:6381", false)]
    public void Redirections_are_read(string error, int slot, string target, bool asks)
    {
        Assert.True(new ClusterAddresses(null).TryRead(error, Asked, out RedirectTarget redirection));
        Assert.Equal(new RedirectTarget(slot, target, asks), redirection);
    }

    [Theory]
    [InlineData("MOVED")]
    [InlineData("MOVED 3999")]
    [InlineData("MOVED x 127.0.0.1:6381")]
    [InlineData("MOVED 16384 127.0.0.1:6381")]
    [InlineData("MOVED -1 127.0.0.1:6381")]
    [InlineData("MOVED 1 127.0.0.1")]
    [InlineData("MOVED 1 127.0.0.1:0")]
    [InlineData("MOVED 1 127.0.0.1:x")]
    [InlineData("MOVED 1 a b:70")]
    [InlineData("TRYAGAIN 1 a:70")]
    public void What_is_no_redirection_is_not_followed(string error) => Assert.False(new ClusterAddresses(null).TryRead(error, Asked, out _));

    private static SlotMap Read(string reply)
    {
        var reader = new RespReader(Encoding.ASCII.GetBytes(reply));
        return SlotMap.Reader(Asked, new ClusterAddresses(null)).Read(ref reader);
    }
}
