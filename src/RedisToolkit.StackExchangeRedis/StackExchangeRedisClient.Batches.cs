using RedisToolkit.Client;

namespace RedisToolkit.StackExchangeRedis;

/// <content>Commands that travel together.</content>
public sealed partial class StackExchangeRedisClient
{
    /// <inheritdoc/>
    public ValueTask ExecuteAsync(RedisBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        CommandList commands = batch.Commands;
        commands.Start();
        if (commands.Count == 0) return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled(cancellationToken) : ValueTask.CompletedTask;
        return ObservedOperation.IsWanted ? ObserveAsync(commands, cancellationToken) : SendAsync(commands, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">A condition was made with <see cref="Condition.That"/>; StackExchange.Redis checks only those that it knows. Nothing was sent.</exception>
    public ValueTask<bool> ExecuteAsync(RedisTransaction transaction, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        transaction.Commands.Start();
        return ObservedOperation.IsWanted
            ? ObservedOperation.RunAsync("MULTI", Identity, argumentCount: 0, transaction.Count, static send => send.Client.SendAsync(send.Transaction, send.Token), (Client: this, Transaction: transaction, Token: cancellationToken))
            : SendAsync(transaction, cancellationToken);
    }

    private async ValueTask ObserveAsync(CommandList commands, CancellationToken cancellationToken) =>
        _ = await ObservedOperation.RunAsync(
            commands.OperationName,
            Identity,
            argumentCount: 0,
            commands.Count,
            static async send =>
            {
                await send.Client.SendAsync(send.Commands, send.Token).ConfigureAwait(false);
                return true;
            },
            (Client: this, Commands: commands, Token: cancellationToken)).ConfigureAwait(false);

    private async ValueTask SendAsync(CommandList commands, CancellationToken cancellationToken)
    {
        int end = 0;
        try
        {
            object[][] parts = CommandGroup.PartsOf(commands.Results, _context.Options.MaxArgumentBytes, commands.EndOfPart);
            CommandGroup group = await BeginAsync("A batch", commands, cancellationToken).ConfigureAwait(false);
            while (end < commands.Count)
            {
                int from = end;
                end = commands.EndOfPart(from);
                await group.SendBatchAsync(commands.Results, parts, from, end).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            Exception missing = end > 0 && end < commands.Count ? NotSent.Because(exception, "The command was not sent, because an earlier part of its batch failed") : exception;
            CommandList.Fail(commands.Results, missing);
            throw;
        }
    }

    private async ValueTask<bool> SendAsync(RedisTransaction transaction, CancellationToken cancellationToken)
    {
        CommandList commands = transaction.Commands;
        try
        {
            if (cancellationToken.IsCancellationRequested)
                throw new OperationCanceledException("The transaction was not sent: the token was cancelled before.", cancellationToken);
            global::StackExchange.Redis.Condition[] conditions = [.. transaction.Conditions.Select(Conditions.Translate)];
            object[][] parts = CommandGroup.PartsOf(commands.Results, _context.Options.MaxArgumentBytes, _ => commands.Count);
            if (commands.Count == 0 && conditions.Length == 0) return true;
            CommandGroup group = await BeginAsync("A transaction", commands, cancellationToken).ConfigureAwait(false);
            return await group.SendTransactionAsync(transaction, conditions, parts).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            transaction.Fail(exception);
            throw;
        }
    }

    private async ValueTask<CommandGroup> BeginAsync(string what, CommandList commands, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _disposed) != 0) throw Disposed(what);
        if (cancellationToken.IsCancellationRequested) throw new OperationCanceledException($"{what} was not sent: the token was cancelled before.", cancellationToken);
        TimeSpan timeout = commands.TimeoutOr(_context.Options.CommandTimeout);
        if (_context.Source.Current is null) timeout = await _context.ReadyAsync(what, timeout, cancellationToken).ConfigureAwait(false);
        return new CommandGroup(_context, what, timeout, cancellationToken);
    }
}
