using RedisToolkit.Client;

namespace RedisToolkit.Conformance;

/// <summary>Reads a subscription in a test, never without a bound.</summary>
public sealed class SubscriptionReading(RedisSubscription subscription) : IAsyncDisposable
{
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);
    private readonly IAsyncEnumerator<RedisMessage> _entries = subscription.GetAsyncEnumerator();
    private bool _isStuck;

    public async Task<RedisMessage> NextAsync()
    {
        Assert.True(await MoveNextAsync(), "The subscription ended.");
        return _entries.Current;
    }

    public async Task<string> NextTextAsync()
    {
        RedisMessage message = await NextAsync();
        Assert.Equal(RedisMessageKind.Message, message.Kind);
        return message.Text;
    }

    public async Task<bool> EndsAsync() => !await MoveNextAsync();

    // One that is being read cannot be disposed; the failure that is on its way says more than that would.
    public ValueTask DisposeAsync() => _isStuck ? ValueTask.CompletedTask : _entries.DisposeAsync();

    private async Task<bool> MoveNextAsync()
    {
        Task<bool> next = _entries.MoveNextAsync().AsTask();
        if (await Task.WhenAny(next, Task.Delay(Bound)) == next) return await next;
        _isStuck = true;
        Assert.Fail($"Nothing came within {Bound.TotalSeconds} s; the subscription {(subscription.IsLive ? "is live" : "has a gap")}.");
        return false;
    }
}
