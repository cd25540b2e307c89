using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace RedisToolkit.StackExchangeRedis.Tests.Commands;

public sealed class DiagnosticsTests
{
    [Fact]
    public async Task The_duration_of_a_command_is_measured_as_by_our_own_client()
    {
        var names = new ConcurrentQueue<string?>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == RedisDiagnostics.MeterName && instrument.Name == "db.client.operation.duration") l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                if (tag.Key == "db.operation.name") names.Enqueue(tag.Value as string);
            }
        });
        await using StackExchangeRedisClient redis = await Servers.ConnectAsync();
        listener.Start();
        await redis.ExecuteAsync(RedisCommand.Create("OBJECT", "HELP"), Replies.Any);
        var batch = new RedisBatch();
        batch.Add(RedisCommand.Create("ECHO", "a"), Replies.Text);
        await redis.ExecuteAsync(batch);
        Assert.Contains("OBJECT HELP", names);
        Assert.Contains("PIPELINE ECHO", names);
    }
}
