using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Subscriptions;

/// <summary>Reads a subscription in a test, never without a bound.</summary>
internal sealed class SubscriptionReading(RedisSubscription subscription) : IAsyncDisposable
{
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);
    private readonly IAsyncEnumerator<RedisMessage> _entries = subscription.GetAsyncEnumerator();

    public async Task<RedisMessage> NextAsync()
    {
        Assert.True(await _entries.MoveNextAsync().AsTask().WaitAsync(Bound), "The subscription ended.");
        return _entries.Current;
    }

    public async Task<string> NextTextAsync()
    {
        RedisMessage message = await NextAsync();
        Assert.Equal(RedisMessageKind.Message, message.Kind);
        return message.Text;
    }

    public async Task<bool> EndsAsync() => !await _entries.MoveNextAsync().AsTask().WaitAsync(Bound);

    public ValueTask DisposeAsync() => _entries.DisposeAsync();
}

/// <summary>Waits until something is so.</summary>
internal static class Eventually
{
    public static async Task IsTrueAsync(Func<Task<bool>> condition, string what)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < SubscriptionReading.Bound, $"Not within {SubscriptionReading.Bound.TotalSeconds} s: {what}");
            await Task.Delay(5);
        }
    }

    public static Task IsTrueAsync(Func<bool> condition, string what) => IsTrueAsync(() => Task.FromResult(condition()), what);

    /// <summary>How many connections have subscribed to a channel, as the server says.</summary>
    public static async Task<long> SubscribersAsync(this RedisServer server, string channel) =>
        (await server.CommandAsync("PUBSUB", "NUMSUB", channel)).Items[1].ToInt64();
}
