using RedisToolkit.Client;

namespace RedisToolkit.Conformance;

/// <summary>Reads a subscription in a test, never without a bound.</summary>
public sealed class SubscriptionReading(RedisSubscription subscription) : IAsyncDisposable
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
