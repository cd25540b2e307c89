using System.Collections.Concurrent;
using System.Diagnostics;

namespace RedisToolkit.Client.Tests.Sentinel;

/// <summary>Callers who write all the time through one client, and what became of it.</summary>
internal sealed class FailoverLoad(RedisClient redis)
{
    private static readonly TimeSpan Acknowledgement = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, long> _outcomes = new();
    private readonly ConcurrentDictionary<string, List<long>> _acknowledged = new();
    private Task _running = Task.CompletedTask;
    private long _lastWrite;
    private long _writes;
    private long _longest;

    /// <summary>Gets when a write was answered last, as a timestamp.</summary>
    public long LastWrite => Interlocked.Read(ref _lastWrite);

    public long Writes => Interlocked.Read(ref _writes);

    /// <summary>Gets the longest that a call took, from its beginning to its end, whatever the end was.</summary>
    public TimeSpan Longest => TimeSpan.FromMilliseconds(Interlocked.Read(ref _longest));

    public string Outcomes => string.Join(", ", _outcomes.OrderByDescending(outcome => outcome.Value).Select(outcome => $"{outcome.Key} {outcome.Value}"));

    /// <summary>Gets what was pushed to lists and confirmed by a replica, by list.</summary>
    public IReadOnlyDictionary<string, List<long>> Acknowledged => _acknowledged;

    /// <param name="callers">How many share the client's connection.</param>
    /// <param name="careful">How many have each write confirmed by a replica.</param>
    public void Start(int callers, int careful) =>
        _running = Task.WhenAll(
            [.. Enumerable.Range(0, callers).Select(caller => Task.Run(() => RunAsync($"plain:{caller}", WriteAsync))),
            .. Enumerable.Range(0, careful).Select(caller => Task.Run(() => RunAsync($"careful:{caller}", WriteCarefullyAsync)))]);

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Bounded.Within(_running, 40, "the callers");
    }

    /// <summary>Waits until a write that began after this moment was answered.</summary>
    public Task WritesAgainAsync(long since) => Bounded.Until(() => LastWrite > since, "a write is answered again");

    private async Task RunAsync(string key, Func<string, long, Task> write)
    {
        for (long number = 1; !_stop.IsCancellationRequested; number++)
        {
            long began = Stopwatch.GetTimestamp();
            string outcome = "written";
            try
            {
                await write(key, number);
                Interlocked.Increment(ref _writes);
                // Of what began before, the answer may have been under way.
                Max(ref _lastWrite, began);
            }
            catch (RedisException exception)
            {
                outcome = $"{exception.GetType().Name}/{(exception as RedisConnectionException)?.Failure.ToString() ?? (exception as RedisServerException)?.Code}/{exception.Outcome}";
            }

            _outcomes.AddOrUpdate(outcome, 1, static (_, count) => count + 1);
            Max(ref _longest, (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            await Task.Delay(1);
        }
    }

    private async Task WriteAsync(string key, long number) => await redis.SetAsync(key, number);

    private async Task WriteCarefullyAsync(string key, long number)
    {
        // WAIT is about what its own connection wrote.
        using DedicatedLease lease = await redis.Router.NodeFor(RedisCommand.Create("RPUSH", key, number)).LeaseAsync("RPUSH and WAIT", TimeSpan.FromSeconds(15), CancellationToken.None);
        ConnectionCommands own = lease.Connection.Commands;
        lease.Connection.Blocked = true;
        _ = await own.ExecuteAsync(RedisCommand.Create("RPUSH", key, number), Replies.Integer, CancellationToken.None);
        long replicas = await own.ExecuteAsync(RedisCommand.Create("WAIT", 1, (long)Acknowledgement.TotalMilliseconds).WithTimeout(Acknowledgement * 2), Replies.Integer, CancellationToken.None);
        if (replicas > 0) _acknowledged.GetOrAdd(key, static _ => []).Add(number);
    }

    private static void Max(ref long target, long value)
    {
        long seen = Interlocked.Read(ref target);
        while (value > seen)
        {
            long before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen) return;
            seen = before;
        }
    }
}
