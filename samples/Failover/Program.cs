// A primary is killed while fifty callers write. Run it with
//
//     dotnet run --project samples/Failover
//
// It needs nothing but the .NET SDK: RedisToolkit.Testing finds a Redis server on this machine, or fetches one, and starts a primary, two
// replicas and three sentinels. The sentinels call a primary down when it has been silent for 1.5 s; that is most of the gap that you see.
using System.Diagnostics;
using RedisToolkit.Client;
using RedisToolkit.Testing;

const int Callers = 50;
const int KillAfterSeconds = 3;
const int LongestSeconds = 20;

await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Topology = RedisTopology.Sentinel });
Console.WriteLine($"{server.Description}: a primary, {server.Replicas.Count} replicas, {server.Sentinels.Count} sentinels\n");

// The sentinels are all that the client is told.
string sentinels = string.Join(',', server.Sentinels.Select(sentinel => $"{sentinel.Host}:{sentinel.Port}"));
await using RedisClient redis = await RedisClient.ConnectAsync($"redis+sentinel://{sentinels}/{server.Options.ServiceName}?command_timeout=15s");

using var stop = new CancellationTokenSource();
long began = Stopwatch.GetTimestamp();
long lastWrite = began;
long longestGap = 0;
long written = 0, unknown = 0, notSent = 0;
Task[] callers = [.. Enumerable.Range(0, Callers).Select(caller => Task.Run(() => WriteAsync($"visits:{caller}")))];

RedisEndpoint first = redis.Server!.Endpoint;
Console.WriteLine("  second   writes   of unknown outcome   written to");
long before = 0;
int killedIn = 0, endIn = LongestSeconds;
for (int second = 1; second <= endIn; second++)
{
    await Task.Delay(TimeSpan.FromSeconds(1));
    long now = Interlocked.Read(ref written);
    RedisEndpoint? writtenTo = redis.Server?.Endpoint;
    Console.WriteLine($"  {second,6} {now - before,8:N0} {Interlocked.Read(ref unknown),20:N0}   {writtenTo?.ToString() ?? "nobody yet"}");
    if (killedIn > 0 && endIn == LongestSeconds && writtenTo is not null && writtenTo != first && now > before) endIn = second + 2;
    before = now;
    if (second != KillAfterSeconds) continue;

    Console.WriteLine($"         kill -9 of the primary, {first}");
    await server.KillAsync();
    killedIn = second;
}

await stop.CancelAsync();
await Task.WhenAll(callers);
Console.WriteLine($"\nNobody could write for {Stopwatch.GetElapsedTime(0, Interlocked.Read(ref longestGap)).TotalMilliseconds:N0} ms.");
Console.WriteLine($"{written:N0} writes were answered; {notSent:N0} failed unsent; of {unknown:N0}, which were under way when the primary died, the outcome is unknown.");
return redis.Server?.Endpoint is { } survivor && survivor != first ? 0 : 1;

async Task WriteAsync(string key)
{
    while (!stop.IsCancellationRequested)
    {
        try
        {
            await redis.IncrementAsync(key);
            Interlocked.Increment(ref written);
            NoteGap();
        }
        catch (RedisException failure) when (failure.Outcome == CommandOutcome.Unknown)
        {
            // INCR is not sent twice behind our back: it may have been executed. What to do now is ours to decide.
            Interlocked.Increment(ref unknown);
        }
        catch (RedisException)
        {
            Interlocked.Increment(ref notSent);
        }

        await Task.Delay(2);
    }
}

// How long nobody's write was answered.
void NoteGap()
{
    long now = Stopwatch.GetTimestamp();
    long gap = now - Interlocked.Exchange(ref lastWrite, now);
    long seen = Interlocked.Read(ref longestGap);
    while (gap > seen && Interlocked.CompareExchange(ref longestGap, gap, seen) is var found && found != seen) seen = found;
}
