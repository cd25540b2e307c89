using System.Runtime.ExceptionServices;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>A key whose change the server has not yet answered.</summary>
/// <param name="Key">The key.</param>
/// <param name="Command">What is to be done with it.</param>
/// <param name="MaybeDone">Whether it was sent before, on a connection that was lost.</param>
internal readonly record struct OpenKey(RedisBytes Key, RedisCommand<bool> Command, bool MaybeDone);

/// <summary>Sends changes until each has been answered. What is done here does no harm when it is done twice.</summary>
internal sealed class KeyBatches(KeyAction action, KeyTally tally, int maxFailures, TimeProvider time)
{
    // The client itself waits for a connection up to its deadline each time.
    private const int MostRepeats = 5;
    private static readonly TimeSpan FirstRest = TimeSpan.FromMilliseconds(50);
    private Func<RedisArgument[], RedisCommand<long>>? _together = action.Together;

    /// <exception cref="RedisException">There are keys left that could not be sent, or whose outcome stayed unknown, however often it was tried.</exception>
    /// <exception cref="InvalidOperationException">The server refused more than may fail.</exception>
    public async ValueTask SendAsync(IRedisClient redis, List<OpenKey> open, CancellationToken cancellationToken)
    {
        if (_together is not null) open = await SendTogetherAsync(redis, open, _together, cancellationToken).ConfigureAwait(false);
        for (int attempt = 0; open.Count > 0; attempt++)
        {
            (List<OpenKey> left, Exception? failure) = await SendOnceAsync(redis, open, cancellationToken).ConfigureAwait(false);
            if (failure is not null && (attempt == MostRepeats || failure is not RedisException { IsTransient: true })) ExceptionDispatchInfo.Throw(failure);
            open = left;
            if (open.Count > 0) await Task.Delay(FirstRest * (1 << attempt), time, cancellationToken).ConfigureAwait(false);
        }
    }

    // One command costs the server and us far less than one for each key, and holds up others for less long. What comes back without an
    // answer is sent key by key: then each has an outcome of its own.
    private async ValueTask<List<OpenKey>> SendTogetherAsync(IRedisClient redis, List<OpenKey> open, Func<RedisArgument[], RedisCommand<long>> together, CancellationToken cancellationToken)
    {
        if (open.Count == 0) return open;
        try
        {
            RedisArgument[] keys = [.. open.Select(static key => (RedisArgument)key.Key)];
            long changed = await redis.ExecuteAsync(together(keys), cancellationToken).ConfigureAwait(false);
            tally.Changed += changed;
            tally.Skipped += open.Count - changed;
            return [];
        }
        catch (RedisException failure) when (failure.IsTransient)
        {
            return failure.Outcome == CommandOutcome.Unknown ? open.ConvertAll(static key => key with { MaybeDone = true }) : open;
        }
        catch (Exception refusal) when (refusal is not OperationCanceledException)
        {
            // One key that may not be touched, or keys of several slots; if it is anything else, the first key alone is refused as well.
            _together = null;
            return open;
        }
    }

    private async ValueTask<(List<OpenKey> Left, Exception? Failure)> SendOnceAsync(IRedisClient redis, List<OpenKey> open, CancellationToken cancellationToken)
    {
        var batch = new RedisBatch();
        List<BatchResult<bool>> results = open.ConvertAll(key => batch.Add(key.Command));
        Exception? failure = null;
        try
        {
            await redis.ExecuteAsync(batch, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Thrown by the caller, once the replies that did come are counted.
            failure = exception;
        }

        var left = new List<OpenKey>();
        var refused = new List<(OpenKey Key, Exception Error)>();
        for (int i = 0; i < open.Count; i++)
        {
            if (results[i].IsDone && results[i].Error is null)
            {
                Count(open[i], results[i].Value);
                continue;
            }

            Exception? general = Sort(open[i], results[i].Error, left, refused);
            failure ??= general;
        }

        if (refused.Count > 0) await JudgeAsync(redis, refused, cancellationToken).ConfigureAwait(false);
        return (left, failure);
    }

    private void Count(OpenKey key, bool changed)
    {
        if (changed) tally.Changed++;
        else if (key.MaybeDone) tally.Unconfirmed++;
        else tally.Skipped++;
    }

    // Gives what keeps the whole server from changing keys, as distinct from this one.
    private static Exception? Sort(OpenKey key, Exception? error, List<OpenKey> left, List<(OpenKey Key, Exception Error)> refused)
    {
        switch (error)
        {
            case RedisServerException { IsTransient: false } or RedisReplyException:
                refused.Add((key, error));
                return null;
            default:
                left.Add(key with { MaybeDone = key.MaybeDone || error is RedisException { Outcome: CommandOutcome.Unknown } });
                return error;
        }
    }

    // A key that is gone is refused by some commands; only looking tells it from one that may not be touched.
    private async ValueTask JudgeAsync(IRedisClient redis, List<(OpenKey Key, Exception Error)> refused, CancellationToken cancellationToken)
    {
        var batch = new RedisBatch();
        List<BatchResult<bool>> there = refused.ConvertAll(one => batch.Add(RedisKeys.Exists(one.Key.Key)));
        await redis.ExecuteAsync(batch, cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < refused.Count; i++)
        {
            if (there[i] is { Error: null, Value: false }) Count(refused[i].Key, changed: false);
            else tally.Failures.Add(new KeyFailure(refused[i].Key.Key, refused[i].Error));
        }

        if (tally.Failures.Count <= maxFailures) return;
        KeyFailure last = tally.Failures[^1];
        throw new InvalidOperationException(
            $"The {action.Name} was ended, because the server refused {tally.Failures.Count} keys, more than the {maxFailures} of KeyspaceOptions.MaxFailures. " +
            $"The last was '{last.Key}': {last.Error.Message} {tally.Changed} keys were changed; the checkpoint tells where to go on.",
            last.Error);
    }
}
