namespace RedisToolkit.Client;

/// <summary>
/// Executes a transaction with conditions on a connection of its own: watches the keys and checks the conditions in one write, then
/// commits. What others change in between makes the server refuse the commit.
/// </summary>
internal sealed class WatchedTransaction(RedisTransaction transaction, ConnectionContext context, long deadline, TimeSpan timeout, CancellationToken cancellationToken)
{
    private const string Purpose = "transaction with conditions";

    public async ValueTask<bool> RunAsync(ICommandRouter router)
    {
        try
        {
            for (int attempt = 0; ; attempt++)
            {
                using DedicatedLease lease = await LeaseAsync(router).ConfigureAwait(false);
                Exception? failure = await CheckAsync(lease.Connection).ConfigureAwait(false);
                // Nothing but reads was sent: the connection may have gone stale while it was unused, and another one begins anew.
                if (failure is RedisConnectionException && attempt < context.Options.MaxRepeats && context.Clock.Now < deadline) continue;
                if (MayFollow(failure ?? transaction.Held.Select(static held => held.Error).FirstOrDefault(static error => error is not null), router, lease.Connection))
                {
                    await PauseAsync(attempt).ConfigureAwait(false);
                    continue;
                }

                if (failure is not null) throw NotSent.Because(failure, $"A {Purpose}, which could not be checked,");
                if (transaction.Held.All(static held => held.Error is null && held.Value))
                {
                    try
                    {
                        return await CommitAsync(lease.Connection).ConfigureAwait(false);
                    }
                    catch (RedisServerException refused) when (MayFollow(refused, router, lease.Connection))
                    {
                        // Nothing was executed: it begins anew, and the conditions are checked anew.
                        await PauseAsync(attempt).ConfigureAwait(false);
                        continue;
                    }
                }

                await UnwatchAsync(lease.Connection).ConfigureAwait(false);
                if (transaction.Held.FirstOrDefault(static held => held.Error is not null) is { Error: { } refusal }) throw refusal;
                transaction.Fail(new InvalidOperationException("The transaction was not executed: a condition did not hold."));
                return false;
            }
        }
        catch (Exception exception)
        {
            // Results that are there already keep what they have.
            transaction.Fail(exception);
            throw;
        }
    }

    private bool MayFollow(Exception? failure, ICommandRouter router, DedicatedConnection own) =>
        failure is RedisServerException refusal && context.Clock.Now < deadline
        && (Redirection.OfExec(refusal) ?? refusal.InnerException as RedisServerException) is { } redirect && Redirection.Is(redirect) && router.TryFollow(redirect, own.Inner);

    private Task PauseAsync(int attempt) => Task.Delay(context.Options.Reconnect.DelayFor(attempt, Random.Shared.NextDouble()), context.Options.TimeProvider, cancellationToken);

    private ValueTask<DedicatedLease> LeaseAsync(ICommandRouter router) =>
        router.NodeFor(Watch()).LeaseAsync(Purpose, TimeSpan.FromMilliseconds(Math.Max(1, deadline - context.Clock.Now)), cancellationToken);

    private RedisCommand Watch() => RedisCommand.Create("WATCH", [.. transaction.Conditions.SelectMany(static condition => condition.Keys).Distinct()]);

    /// <returns>Why it is not known whether the conditions hold; null if it is.</returns>
    private async ValueTask<Exception?> CheckAsync(DedicatedConnection own)
    {
        // From here on the server watches for us, and nobody else must get the connection before it stopped.
        own.IsDirty = true;
        var watch = new BatchResult<bool>(Watch(), Replies.Done);
        BatchResult[] checks = [watch, .. transaction.Held];
        var pending = new PendingBatch(checks, 0, checks.Length, trusted: true);
        ValueTask done = pending.Done;
        pending.Begin(deadline, timeout, cancellationToken);
        own.Commands.Send(pending);
        try
        {
            await done.ConfigureAwait(false);
            return watch.Error;
        }
        catch (RedisException exception)
        {
            return exception;
        }
    }

    private async ValueTask<bool> CommitAsync(DedicatedConnection own)
    {
        var pending = new PendingTransaction(transaction.Results);
        ValueTask<bool> answer = pending.Answer;
        pending.Begin(deadline, timeout, cancellationToken);
        own.Commands.Send(pending);
        try
        {
            bool committed = await answer.ConfigureAwait(false);
            // Whatever EXEC answers, it ends the watching.
            own.IsDirty = false;
            return committed;
        }
        catch (RedisServerException aborted) when (aborted.Code == RedisErrorCode.ExecAbort)
        {
            own.IsDirty = false;
            throw;
        }
    }

    private static async ValueTask UnwatchAsync(DedicatedConnection own)
    {
        try
        {
            _ = await own.Commands.ExecuteAsync(RedisCommand.Create("UNWATCH"), Replies.Done, CancellationToken.None).ConfigureAwait(false);
            own.IsDirty = false;
        }
        catch (RedisException)
        {
            // The connection is dirty and will be closed, which ends the watching as well; the answer is known without it.
        }
    }
}
