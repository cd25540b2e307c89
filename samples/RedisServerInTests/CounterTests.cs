using RedisToolkit.Testing;

namespace RedisServerInTests;

/// <summary>One server for all tests of a class.</summary>
public sealed class ValkeyFixture : IAsyncLifetime
{
    public RedisServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await RedisServer.StartAsync(new() { Flavor = RedisFlavor.Valkey });

    public async Task DisposeAsync() => await Server.DisposeAsync();
}

public sealed class CounterTests(ValkeyFixture valkey) : IClassFixture<ValkeyFixture>, IAsyncLifetime
{
    // The server is shared: each test begins with it empty.
    public Task InitializeAsync() => valkey.Server.CommandAsync("FLUSHALL");

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_counter_begins_at_one()
    {
        var reply = await valkey.Server.CommandAsync("INCR", "visits");
        Assert.Equal(1, reply.ToInt64());
    }

    [Fact]
    public async Task A_counter_of_letters_is_an_error()
    {
        await valkey.Server.CommandAsync("SET", "visits", "many");
        var error = await Assert.ThrowsAsync<CommandException>(() => valkey.Server.CommandAsync("INCR", "visits"));
        Assert.Equal("ERR", error.Code);
    }
}
