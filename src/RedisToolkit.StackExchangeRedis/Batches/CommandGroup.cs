using RedisToolkit.Client;
using Ser = StackExchange.Redis;

namespace RedisToolkit.StackExchangeRedis;

/// <summary>Sends several commands as one, in StackExchange.Redis's batches and transactions, within one deadline.</summary>
/// <param name="context">What all commands of the client share.</param>
/// <param name="what">What they are together, for messages: <c>A batch</c>.</param>
/// <param name="timeout">How long they may take.</param>
/// <param name="token">Ends the wait.</param>
internal sealed class CommandGroup(CommandContext context, string what, TimeSpan timeout, CancellationToken token)
{
    private readonly long _began = context.Options.TimeProvider.GetTimestamp();
    private int _failures;
    private int _repeats;

    private TimeSpan Left => timeout - context.Options.TimeProvider.GetElapsedTime(_began);

    /// <summary>Takes commands apart before any is sent.</summary>
    /// <param name="results">The commands.</param>
    /// <param name="mostBytes">How long an argument may be.</param>
    /// <param name="endOfPart">Where a part that begins there ends: each is to have the texts of its scripts.</param>
    /// <exception cref="ArgumentException">A command cannot be sent; the message says which.</exception>
    public static object[][] PartsOf(IReadOnlyList<BatchResult> results, int mostBytes, Func<int, int> endOfPart)
    {
        var parts = new object[results.Count][];
        HashSet<LuaScript>? known = null;
        int end = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            if (i == end)
            {
                end = endOfPart(i);
                known = null;
            }

            try
            {
                // The server may not know a script, and its refusal would come too late to keep the order: so its text goes along once.
                ref readonly RedisCommand command = ref results[i].Command;
                parts[i] = command.Header.Script is { } script && (known ??= []).Add(script)
                    ? [script.WithText(command).Name, .. CommandParts.Of(script.WithText(command), mostBytes)]
                    : [command.Name, .. CommandParts.Of(command, mostBytes)];
            }
            catch (ArgumentException exception)
            {
                throw new ArgumentException($"Nothing was sent. Command {i + 1}, {results[i].Command.Name}: {exception.Message}", exception);
            }
        }

        return parts;
    }

    /// <summary>Sends the commands of a batch, or of a part of it, in one write.</summary>
    public async ValueTask SendBatchAsync(IReadOnlyList<BatchResult> results, object[][] parts, int from, int end)
    {
        int[] open = [.. Enumerable.Range(from, end - from)];
        while (true)
        {
            MultiplexerSlot slot = context.Source.Current!;
            var tasks = new Task<Ser.RedisResult>[open.Length];
            Ser.IBatch batch = slot.Database.CreateBatch(null);
            for (int i = 0; i < open.Length; i++) tasks[i] = Begin(batch, parts[open[i]]);
            Exception? failure = Execute(batch, slot);
            if (failure is null) await WaitAsync(Task.WhenAll(tasks), tasks, slot, () => Take(results, open, tasks, slot)).ConfigureAwait(false);
            else Observe(tasks);
            (open, Exception? lost) = Take(results, open, tasks, slot, failure);
            if (lost is null) return;
            bool repeatable = Array.TrueForAll(open, at => results[at].Command.Repeatable);
            if (!context.MayGoOn(lost, repeatable, ref _repeats)) throw lost;
            await RestAsync(lost).ConfigureAwait(false);
        }
    }

    /// <summary>Sends a transaction.</summary>
    /// <returns>Whether it was executed.</returns>
    public async ValueTask<bool> SendTransactionAsync(RedisTransaction transaction, Ser.Condition[] conditions, object[][] parts)
    {
        bool repeatable = conditions.Length == 0 && transaction.Results.All(static result => result.Command.Repeatable);
        while (true)
        {
            MultiplexerSlot slot = context.Source.Current!;
            var tasks = new Task<Ser.RedisResult>[parts.Length];
            Task<bool> executed;
            var held = new Ser.ConditionResult[conditions.Length];
            try
            {
                Ser.ITransaction inner = slot.Database.CreateTransaction(null);
                for (int i = 0; i < held.Length; i++) held[i] = inner.AddCondition(conditions[i]);
                for (int i = 0; i < parts.Length; i++) tasks[i] = Begin(inner, parts[i]);
                executed = inner.ExecuteAsync(Ser.CommandFlags.None);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                executed = Task.FromException<bool>(exception);
            }

            Observe(tasks);
            Exception? failure = await OutcomeAsync(executed, slot).ConfigureAwait(false);
            if (failure is null)
            {
                // That it was executed may be told before what its commands came to.
                if (Ended.ValueOf(executed)) await WaitAsync(Task.WhenAll(tasks), tasks, slot, static () => { }).ConfigureAwait(false);
                return TransactionOutcome.Settle(transaction, Ended.ValueOf(executed), held, tasks, error => Translate(error, slot));
            }

            if (!context.MayGoOn(failure, repeatable, ref _repeats)) throw failure;
            await RestAsync(failure).ConfigureAwait(false);
        }
    }

    private static Task<Ser.RedisResult> Begin(Ser.IDatabaseAsync batch, object[] parts)
    {
        try
        {
            return batch.ExecuteAsync((string)parts[0], new ArraySegment<object>(parts, 1, parts.Length - 1), Ser.CommandFlags.None);
        }
        catch (Exception exception)
        {
            return Task.FromException<Ser.RedisResult>(exception);
        }
    }

    private Exception? Execute(Ser.IBatch batch, MultiplexerSlot slot)
    {
        try
        {
            batch.Execute();
            return null;
        }
        catch (Exception exception)
        {
            return Translate(exception, slot);
        }
    }

    private async ValueTask<Exception?> OutcomeAsync(Task<bool> executed, MultiplexerSlot slot)
    {
        await WaitAsync(executed, [], slot, static () => { }).ConfigureAwait(false);
        return executed.IsCompletedSuccessfully ? null : Translate(Ended.FailureOf(executed), slot);
    }

    // Waits until the task has ended in whatever way. Its exception is looked at by whoever asks for it, and here if nobody does.
    private async ValueTask WaitAsync(Task task, Task<Ser.RedisResult>[] tasks, MultiplexerSlot slot, Action leaving)
    {
        Ended.Observe(task);
        Observe(tasks);
        TimeSpan left = Left;
        try
        {
            await task.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, context.Options.TimeProvider, token).ConfigureAwait(false);
        }
        catch (TimeoutException exception) when (!task.IsCompleted)
        {
            leaving();
            throw new RedisTimeoutException(what, timeout, CommandOutcome.Unknown, Faults.Details(slot.Endpoint, slot.IsConnected, slot.InFlight, null), exception);
        }
        catch (OperationCanceledException) when (!task.IsCompleted)
        {
            leaving();
            throw new OperationCanceledException($"The wait for {what.ToLowerInvariant()} was cancelled. If it had been sent, the server may still execute it.", token);
        }
        catch (Exception)
        {
            // What the single commands came to is read from their own tasks.
        }
    }

    private void Take(IReadOnlyList<BatchResult> results, int[] open, Task<Ser.RedisResult>[] tasks, MultiplexerSlot slot) => _ = Take(results, open, tasks, slot, null);

    // Settles what has been answered. Gives what has not, and why.
    private (int[] Open, Exception? Lost) Take(IReadOnlyList<BatchResult> results, int[] open, Task<Ser.RedisResult>[] tasks, MultiplexerSlot slot, Exception? failure)
    {
        var left = new List<int>();
        Exception? lost = null;
        for (int i = 0; i < open.Length; i++)
        {
            BatchResult result = results[open[i]];
            Task<Ser.RedisResult> task = tasks[i];
            if (task.IsCompletedSuccessfully)
            {
                ReplyReading.ReadInto(result, Ended.ValueOf(task));
                result.Settle(null);
                continue;
            }

            Exception? error = task.IsFaulted ? Translate(task.Exception.InnerException!, slot) : failure;
            if (error is RedisServerException or RedisCommandDisabledException or ArgumentException)
            {
                result.Refusal = error;
                result.Settle(null);
                continue;
            }

            left.Add(open[i]);
            // Of several errors, one that may have been executed decides.
            if (lost is null || error is RedisException { Outcome: CommandOutcome.Unknown }) lost = error ?? lost;
        }

        return ([.. left], left.Count == 0 ? null : lost ?? Translate(new TaskCanceledException(), slot));
    }

    private async ValueTask RestAsync(Exception failure)
    {
        TimeSpan rest = context.Options.Repeat.DelayFor(_failures++, Random.Shared.NextDouble());
        TimeSpan left = Left;
        if (rest < left)
        {
            await Task.Delay(rest, context.Options.TimeProvider, token).ConfigureAwait(false);
            return;
        }

        if (left > TimeSpan.Zero) await Task.Delay(left, context.Options.TimeProvider, token).ConfigureAwait(false);
        CommandOutcome outcome = failure is RedisException known ? known.Outcome : CommandOutcome.Unknown;
        throw new RedisTimeoutException(what, timeout, outcome, Faults.Details(context.Source.Current!.Endpoint, connected: false, 0, failure.Message), failure);
    }

    private Exception Translate(Exception exception, MultiplexerSlot slot) => Faults.Translate(exception, what, timeout, slot.Endpoint);

    private static void Observe(Task<Ser.RedisResult>[] tasks)
    {
        foreach (Task<Ser.RedisResult>? task in tasks)
        {
            // None if the transaction was not put together.
            if (task is not null) Ended.Observe(task);
        }
    }
}
