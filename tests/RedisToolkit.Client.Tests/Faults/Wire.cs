using System.Net;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Faults;

/// <summary>What the tests about faults say to a server, in short.</summary>
internal static class Wire
{
    /// <summary>An array of strings; empty if it is absent.</summary>
    public static ReplyReader<string?[]> Texts { get; } = Replies.ArrayOf(Replies.Text);

    public static RedisClientOptions OptionsFor(this RedisServer server) => RedisClientOptions.Parse(server.ConnectionString);

    public static RedisClientOptions OptionsFor(this FaultProxy proxy) => new() { Endpoints = [new RedisEndpoint("127.0.0.1", proxy.Port)] };

    public static RedisClientOptions At(int port) => new() { Endpoints = [new RedisEndpoint(IPAddress.Loopback.ToString(), port)] };

    /// <summary>How many connections the server has, without the one that asks.</summary>
    public static async Task<int> ConnectionCountAsync(this RedisServer server) =>
        ((await server.CommandAsync("CLIENT", "LIST")).Text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length - 1;

    /// <summary>Waits until the server has no more connections than it should.</summary>
    public static Task ConnectionsFallToAsync(this RedisServer server, int most) =>
        Bounded.Until(async () => await server.ConnectionCountAsync() <= most, $"the server has {most} connections or fewer");
}
