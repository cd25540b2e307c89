using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>Reads a source, and keeps some batches of it under way: what it holds does not grow with what the source has.</summary>
/// <param name="redis">The client.</param>
/// <param name="command">Makes the command of what the source gives; may refuse it with an <see cref="ArgumentException"/>.</param>
/// <param name="size">How many bytes that takes, about.</param>
/// <param name="options">How.</param>
/// <param name="time">By whose time.</param>
internal sealed class BulkRun<T>(IRedisClient redis, Func<T, RedisCommand<bool>> command, Func<T, long> size, BulkOptions options, TimeProvider time)
{
    private readonly BulkTally _tally = new(options, time);
    private readonly Pace _pace = new(options.PerSecond, time);
    private readonly Queue<Task> _underWay = new();
    private List<Item> _items = [];
    private long _bytes;
    private long _index;

    public async Task<BulkResult> RunAsync(IAsyncEnumerable<T> source, CancellationToken cancellationToken)
    {
        // A batch that failed for good ends the reading of a source that listens, even while that waits.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await ReadAsync(source, ended, cancellationToken).ConfigureAwait(false);
            while (_underWay.TryDequeue(out Task? batch)) await batch.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The failure that ended it is that of a batch, which throws it here.
            while (_underWay.TryDequeue(out Task? batch)) await batch.ConfigureAwait(false);
            throw;
        }
        finally
        {
            // Of several failures the first is told; these are of the same cause, or came after it.
            await Task.WhenAll(_underWay).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return _tally.Result();
    }

    private async Task ReadAsync(IAsyncEnumerable<T> source, CancellationTokenSource ended, CancellationToken cancellationToken)
    {
        IAsyncEnumerator<T> entries = source.GetAsyncEnumerator(ended.Token);
        await using (entries.ConfigureAwait(false))
        {
            while (await NextAsync(entries.MoveNextAsync(), ended, cancellationToken).ConfigureAwait(false))
            {
                Take(entries.Current);
                if (_items.Count < _pace.StepOf(options.BatchSize) && _bytes < options.BatchBytes) continue;
                if (_underWay.Count == options.BatchesInFlight) await _underWay.Dequeue().ConfigureAwait(false);
                await FlushAsync(ended, cancellationToken).ConfigureAwait(false);
            }

            if (_items.Count > 0) await FlushAsync(ended, cancellationToken).ConfigureAwait(false);
        }
    }

    // While the source is slower than the server, what is there is sent; while it is faster, batches fill up meanwhile.
    private async ValueTask<bool> NextAsync(ValueTask<bool> next, CancellationTokenSource ended, CancellationToken cancellationToken)
    {
        if (next.IsCompleted || _items.Count == 0) return await next.ConfigureAwait(false);
        Task<bool> asked = next.AsTask();
        try
        {
            if (_underWay.Count == options.BatchesInFlight) _ = await Task.WhenAny(asked, _underWay.Peek()).ConfigureAwait(false);
            while (_underWay.TryPeek(out Task? oldest) && oldest.IsCompleted) await _underWay.Dequeue().ConfigureAwait(false);
            if (!asked.IsCompleted && _underWay.Count < options.BatchesInFlight) await FlushAsync(ended, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // The source is still being asked, and must not be closed under its feet.
            await ended.CancelAsync().ConfigureAwait(false);
            await ((Task)asked).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return await asked.ConfigureAwait(false);
    }

    private void Take(T entry)
    {
        long index = _index++;
        try
        {
            _items.Add(new Item(index, command(entry)));
            _bytes += size(entry);
        }
        catch (ArgumentException refused)
        {
            _tally.Add(0, 0, [new BulkFailure(index, refused)]);
        }
    }

    private async ValueTask FlushAsync(CancellationTokenSource ended, CancellationToken cancellationToken)
    {
        List<Item> items = _items;
        _items = new List<Item>(items.Count);
        _bytes = 0;
        await _pace.WaitAsync(items.Count, cancellationToken).ConfigureAwait(false);
        _underWay.Enqueue(SendOrEndAsync(items, ended, cancellationToken));
    }

    private async Task SendOrEndAsync(List<Item> items, CancellationTokenSource ended, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(items, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await ended.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task SendAsync(List<Item> items, CancellationToken cancellationToken)
    {
        var batch = new RedisBatch();
        List<BatchResult<bool>> results = items.ConvertAll(item => batch.Add(item.Command));
        try
        {
            await redis.ExecuteAsync(batch, cancellationToken).ConfigureAwait(false);
        }
        catch (ArgumentException) when (items.Count > 1)
        {
            // One of them cannot be sent, so none was: each by itself.
            foreach (Item item in items) await SendAsync([item], cancellationToken).ConfigureAwait(false);
            return;
        }
        catch (ArgumentException refused)
        {
            _tally.Add(0, 0, [new BulkFailure(items[0].Index, refused)]);
            return;
        }
        catch
        {
            Count(items, results);
            throw;
        }

        Count(items, results, await KeysOfAnotherTypeAsync(items, results, cancellationToken).ConfigureAwait(false));
    }

    // The server says neither which key holds another type, nor which type that is.
    private async ValueTask<Dictionary<int, RedisKeyTypeException>> KeysOfAnotherTypeAsync(List<Item> items, List<BatchResult<bool>> results, CancellationToken cancellationToken)
    {
        var explained = new Dictionary<int, RedisKeyTypeException>();
        int[] wrong = [.. Enumerable.Range(0, items.Count).Where(i => KeyErrors.IsWrongType(results[i].Error) && items[i].Command.Command.Keys.Count == 1)];
        if (wrong.Length == 0) return explained;
        var batch = new RedisBatch();
        BatchResult<string>[] types = Array.ConvertAll(wrong, i => batch.Add(RedisKeys.Type(KeyOf(items[i]))));
        try
        {
            await redis.ExecuteAsync(batch, cancellationToken).ConfigureAwait(false);
        }
        catch (RedisException)
        {
            // Then the failures tell what the server said of them.
            return explained;
        }

        foreach ((int at, int i) in wrong.Index())
        {
            if (types[at] is { Error: null, Value: not "none" } type)
                explained[i] = RedisKeyTypeException.Of(items[i].Command.Command.Name, KeyErrors.Show(KeyOf(items[i]).ToBytes()), type.Value, (RedisServerException)results[i].Error!);
        }

        return explained;
    }

    private static RedisArgument KeyOf(Item item) => item.Command.Command.GetArgument(item.Command.Command.Keys[0] - 1);

    private void Count(List<Item> items, List<BatchResult<bool>> results, Dictionary<int, RedisKeyTypeException>? explained = null)
    {
        int loaded = 0, skipped = 0;
        var failures = new List<BulkFailure>();
        for (int i = 0; i < items.Count; i++)
        {
            if (results[i].Error is RedisServerException or RedisReplyException) failures.Add(new BulkFailure(items[i].Index, explained?.GetValueOrDefault(i) ?? results[i].Error!));
            else if (!results[i].IsDone || results[i].Error is not null) continue;
            else if (results[i].Value) loaded++;
            else skipped++;
        }

        _tally.Add(loaded, skipped, failures);
    }

    private readonly record struct Item(long Index, RedisCommand<bool> Command);
}
