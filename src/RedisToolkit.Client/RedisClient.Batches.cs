namespace RedisToolkit.Client;

/// <content>Commands that travel together.</content>
public sealed partial class RedisClient
{
    internal ICommandRouter Router => _router;

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(RedisBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        CommandList commands = batch.Commands;
        commands.Start();
        if (commands.Count == 0) return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled(cancellationToken) : ValueTask.CompletedTask;
        return ObservedOperation.IsWanted ? ObserveAsync(commands, cancellationToken) : SendAsync(commands, cancellationToken);
    }

    private async ValueTask ObserveAsync(CommandList commands, CancellationToken cancellationToken) =>
        _ = await ObservedOperation.RunAsync(
            commands.OperationName,
            _router.CurrentServer,
            argumentCount: 0,
            commands.Count,
            static async send =>
            {
                await send.Client.SendAsync(send.Commands, send.Token).ConfigureAwait(false);
                return true;
            },
            (Client: this, Commands: commands, Token: cancellationToken)).ConfigureAwait(false);

    private ValueTask SendAsync(CommandList commands, CancellationToken cancellationToken)
    {
        TimeSpan timeout = commands.TimeoutOr(_context.Options.CommandTimeout);
        long deadline = _context.Clock.DeadlineAfter(timeout);
        if (_cluster is not null) return SendToClusterAsync(_cluster, commands, deadline, timeout, cancellationToken);
        return commands.IsOnePart
            ? SendPart(commands, 0, commands.Count, deadline, timeout, cancellationToken)
            : SendPartsAsync(commands, deadline, timeout, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<bool> ExecuteAsync(RedisTransaction transaction, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        CommandList commands = transaction.Commands;
        commands.Start();
        if (cancellationToken.IsCancellationRequested)
        {
            transaction.Fail(new OperationCanceledException("The transaction was not sent: the token was cancelled before.", cancellationToken));
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        return ObservedOperation.IsWanted
            ? ObservedOperation.RunAsync("MULTI", _router.CurrentServer, argumentCount: 0, commands.Count, static send => send.Client.SendAsync(send.Transaction, send.Token), (Client: this, Transaction: transaction, Token: cancellationToken))
            : SendAsync(transaction, cancellationToken);
    }

    private ValueTask<bool> SendAsync(RedisTransaction transaction, CancellationToken cancellationToken)
    {
        CommandList commands = transaction.Commands;
        int lead = _cluster is null ? 0 : LeadOf(transaction);
        TimeSpan timeout = commands.TimeoutOr(_context.Options.CommandTimeout);
        long deadline = _context.Clock.DeadlineAfter(timeout);
        if (transaction.Conditions.Count > 0) return new WatchedTransaction(transaction, _context, deadline, timeout, cancellationToken).RunAsync(_router);
        if (commands.Count == 0) return new ValueTask<bool>(true);
        var pending = new PendingTransaction(commands.Results) { LeadAt = lead };
        ValueTask<bool> task = pending.Answer;
        pending.Begin(deadline, timeout, cancellationToken);
        _router.Route(pending);
        return task;
    }

    private ValueTask SendPart(CommandList commands, int from, int end, long deadline, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            CommandList.Fail(commands.Results, new OperationCanceledException("The commands were not sent: the token was cancelled before.", cancellationToken));
            return ValueTask.FromCanceled(cancellationToken);
        }

        var pending = new PendingBatch(commands.Results, from, end - from, trusted: !_context.Options.VerifyReplies);
        ValueTask task = pending.Done;
        pending.Begin(deadline, timeout, cancellationToken);
        _router.Route(pending);
        return task;
    }

    private async ValueTask SendPartsAsync(CommandList commands, long deadline, TimeSpan timeout, CancellationToken cancellationToken)
    {
        int end = 0;
        try
        {
            commands.Check(_context.Spelling);
            while (end < commands.Count)
            {
                int from = end;
                end = commands.EndOfPart(from);
                await SendPart(commands, from, end, deadline, timeout, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            CommandList.Fail(commands.Results, NotSent.Because(exception, "The command was not sent, because an earlier part of its batch failed"));
            throw;
        }
    }
}
