using System.Collections.Concurrent;

namespace RedisToolkit.Client.Tests.Docs;

/// <summary>The code of docs/subscriptions.md.</summary>
public sealed class SubscriptionsSnippets
{
    private readonly ConcurrentQueue<string> _shown = new();
    private int _reloaded;

    [Fact]
    public async Task The_code_of_the_page_on_subscriptions_shows_what_was_published()
    {
        await using RedisClient redis = await Servers.ConnectAsync();
        using var stop = new CancellationTokenSource();
        Task listening = Listen(redis, stop.Token);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await Publish(redis) == 0) await Task.Delay(5, limit.Token);
        while (_shown.IsEmpty) await Task.Delay(5, limit.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening);
        Assert.Equal("news: it works", _shown.First());
        Assert.Equal(0, _reloaded);
        await Patterns(redis);
    }

    [Fact]
    public async Task The_tracked_name_of_the_page_is_forgotten_when_it_changes()
    {
        await using RedisClient redis = await Servers.ConnectAsync();
        var cache = new NameCache();
        await redis.SetAsync("name", "Ada");
        (RedisTracking tracking, bool _) = await Track(redis, cache, cache, CancellationToken.None);
        await using (tracking)
        {
            Assert.Equal("Ada", cache.Name);
            await redis.SetAsync("name", "Grace");
            await tracking.FenceAsync();
            Assert.Null(cache.Name);
        }
    }

    private static async Task<(RedisTracking, bool)> Track(RedisClient redis, IInvalidationListener listener, ITrackedReplyObserver<string?> observer, CancellationToken cancellationToken)
    {
        await Once();   // whose end empties the cache
        RedisTracking kept = await redis.TrackAsync(null, listener, cancellationToken);
        _ = await kept.ExecuteAsync(RedisCommand.Create("GET", "name"), Replies.Text, observer, cancellationToken);
        bool fields = await redis.SupportsAsync(RedisCapabilities.HashFieldExpiry, cancellationToken);
        return (kept, fields);

        async Task Once()
        {
            await using RedisTracking tracking = await redis.TrackAsync(null, listener, cancellationToken);
            string? name = await tracking.ExecuteAsync(RedisCommand.Create("GET", "name"), Replies.Text, observer, cancellationToken);
            Assert.Equal("Ada", name);
        }
    }

    private static async Task<long> Publish(RedisClient redis)
    {
        long receivers = await redis.PublishAsync("news", "it works");
        return receivers;
    }

    private static async Task Patterns(RedisClient redis)
    {
        var patient = new RedisSubscriptionOptions { Buffer = 100_000, WhenFull = SlowReaderPolicy.DropNewest };
        await using RedisSubscription ticks = await redis.SubscribePatternAsync(["ticks.*"], patient);
        Assert.True(ticks.IsLive);
    }

    private async Task Listen(RedisClient redis, CancellationToken cancellationToken)
    {
        await using RedisSubscription news = await redis.SubscribeAsync(["news", "alerts"], cancellationToken: cancellationToken);
        await foreach (RedisMessage message in news.ReadAllAsync(cancellationToken))
        {
            if (message.Kind == RedisMessageKind.Gap) await ReloadAsync();      // whatever was built from messages is to be read anew
            else Show(message.Channel, message.Text);
        }
    }

    private Task ReloadAsync() => Task.FromResult(Interlocked.Increment(ref _reloaded));

    private void Show(string? channel, string text) => _shown.Enqueue($"{channel}: {text}");

    private sealed class NameCache : IInvalidationListener, ITrackedReplyObserver<string?>
    {
        private volatile string? _name;

        public string? Name => _name;

        public void OnReply(string? value, TrackedReply tracked) => _name = tracked.IsTracked ? value : null;

        public void OnInvalidated(ReadOnlySpan<byte> key) => _name = null;

        public void OnFlush() => _name = null;

        public void OnGap() => _name = null;        // the connection was lost, and with it what the server had promised

        public void OnArmed(long epoch)
        {
            // From here on, changes are announced again.
        }
    }
}
