using System.Collections.Concurrent;
using System.Text;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Tracking;

/// <summary>A cache that is filled by the observer and emptied by the listener is never left with a value that the server has replaced.</summary>
public sealed class FillRaceTests
{
    [Theory]
    [InlineData(RedisFlavor.Redis, RedisTrackingMode.Default, false)]
    [InlineData(RedisFlavor.Valkey, RedisTrackingMode.Default, false)]
    [InlineData(RedisFlavor.Redis7, RedisTrackingMode.Default, false)]
    [InlineData(RedisFlavor.Redis, RedisTrackingMode.OptIn, false)]
    [InlineData(RedisFlavor.Valkey, RedisTrackingMode.OptIn, false)]
    [InlineData(RedisFlavor.Redis, RedisTrackingMode.Broadcast, false)]
    [InlineData(RedisFlavor.Valkey, RedisTrackingMode.Broadcast, false)]
    [InlineData(RedisFlavor.Redis, RedisTrackingMode.Default, true)]
    [InlineData(RedisFlavor.Valkey, RedisTrackingMode.OptIn, true)]
    [InlineData(RedisFlavor.Redis, RedisTrackingMode.Broadcast, true)]
    public async Task While_others_write_what_is_cached_is_what_the_server_has_or_nothing(RedisFlavor flavor, RedisTrackingMode mode, bool withLosses)
    {
        const int Keys = 8;
        const int Writes = 20_000;
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Flavor = flavor });
        await using RedisClient readers = await Servers.ConnectAsync(server);
        await using RedisClient writers = await Servers.ConnectAsync(server);
        var cache = new Cache();
        await using RedisTracking tracking = await readers.TrackAsync(new RedisTrackingOptions { Mode = mode }, cache);
        using var stop = new CancellationTokenSource();
        Task[] reading = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                // Without it, a reader that finds everything cached would keep a thread of the pool to itself.
                await Task.Yield();
                for (int key = 0; key < Keys; key++)
                {
                    if (!cache.Contains($"k{key}")) await ReadAsync(tracking, cache, $"k{key}");
                }
            }
        }))];
        Task losing = withLosses ? LoseAsync(server, cache, stop.Token) : Task.CompletedTask;
        for (int i = 0; i < Writes; i += 4)
        {
            await Task.WhenAll(Enumerable.Range(i, 4).Select(async n =>
            {
                try
                {
                    await writers.SetAsync($"k{n % Keys}", n);
                }
                catch (RedisConnectionException) when (withLosses)
                {
                    // Killed along with the tracked connection; whether it was written does not matter here.
                }
            }));
        }

        await stop.CancelAsync();
        await losing;
        await Task.WhenAll(reading).WaitAsync(SubscriptionReading.Bound);
        await tracking.FenceAsync();
        for (int key = 0; key < Keys; key++)
        {
            string? actual = await writers.GetAsync($"k{key}");
            // Filled once more, so that there is something to compare with; then nothing writes any more.
            if (!cache.Contains($"k{key}")) await ReadAsync(tracking, cache, $"k{key}");
            Assert.Equal(actual, cache[$"k{key}"]);
        }

        Assert.True(cache.Fills > Keys, "the cache was used");
        Assert.True(cache.Invalidations > 0, "the cache was emptied");
        Assert.Equal(withLosses, tracking.Epoch > 1);
    }

    private static async Task ReadAsync(RedisTracking tracking, Cache cache, string key)
    {
        while (true)
        {
            try
            {
                _ = await tracking.ExecuteAsync(RedisStrings.Get(key).Command, Replies.Text, cache.Filling(key));
                return;
            }
            catch (RedisConnectionException)
            {
                // lost more often in a row than is repeated
            }
        }
    }

    // Each connection is killed in the midst of its work, however long it took to get there.
    private static async Task LoseAsync(RedisServer server, Cache cache, CancellationToken cancellationToken)
    {
        long seen = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(1, CancellationToken.None);
            if (cache.Invalidations < seen + 50) continue;
            await server.CommandAsync("CLIENT", "KILL", "TYPE", "normal");
            seen = cache.Invalidations;
        }
    }

    private sealed class Cache : IInvalidationListener
    {
        private readonly ConcurrentDictionary<string, string?> _values = new();
        private long _fills;
        private long _invalidations;

        public long Fills => Interlocked.Read(ref _fills);

        public long Invalidations => Interlocked.Read(ref _invalidations);

        public string? this[string key] => _values[key];

        public bool Contains(string key) => _values.ContainsKey(key);

        public ITrackedReplyObserver<string?> Filling(string key) => new Filler(this, key);

        public void OnInvalidated(ReadOnlySpan<byte> key)
        {
            Interlocked.Increment(ref _invalidations);
            _values.TryRemove(Encoding.UTF8.GetString(key), out _);
        }

        public void OnFlush() => _values.Clear();

        public void OnGap() => _values.Clear();

        public void OnArmed(long epoch) => Assert.Empty(_values);

        private sealed class Filler(Cache cache, string key) : ITrackedReplyObserver<string?>
        {
            public void OnReply(string? value, TrackedReply tracked)
            {
                if (!tracked.IsTracked) return;
                Interlocked.Increment(ref cache._fills);
                cache._values[key] = value;
            }
        }
    }
}
