namespace RedisToolkit.Client;

/// <summary>
/// Sends a command that makes the server wait, on a connection of its own. A caller who leaves early does not lose what the
/// server may just be handing out: the server is told to stop waiting, and its answer decides.
/// </summary>
internal sealed class BlockingCommand(ICommandRouter router, ConnectionContext context)
{
    // How long the server may take to say that it stopped waiting.
    private static readonly TimeSpan UnblockPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UnblockAgainAfter = TimeSpan.FromMilliseconds(2);

    public async ValueTask<T> ExecuteAsync<T>(RedisCommand command, ReplyReader<T> reply, CancellationToken cancellationToken)
    {
        TimeSpan usual = context.Options.CommandTimeout;
        TimeSpan timeout = command.Timeout ?? Bound(command, usual, cancellationToken);
        long deadline = context.Clock.DeadlineAfter(timeout);
        for (int attempt = 0; ; attempt++)
        {
            ServerNode node = router.NodeFor(command);
            using DedicatedLease lease = await node.LeaseAsync(command.Name, usual, cancellationToken).ConfigureAwait(false);
            RedisConnection connection = lease.Connection.Inner;
            try
            {
                return await ExecuteAsync(lease.Connection, node, command, timeout, reply, cancellationToken).ConfigureAwait(false);
            }
            catch (RedisException failure) when (context.Clock.Now < deadline && MayFollow(failure, command, connection, attempt))
            {
                // Nothing was handed out. It waits anew on another connection, for the whole time that it says itself.
                await Task.Delay(context.Options.Reconnect.DelayFor(attempt, Random.Shared.NextDouble()), context.Options.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask<T> ExecuteAsync<T>(DedicatedConnection dedicated, ServerNode node, RedisCommand command, TimeSpan timeout, ReplyReader<T> reply, CancellationToken cancellationToken)
    {
        dedicated.Blocked = true;
        // Not the caller's token: it must not end the wait before it is known what the server did.
        Task<T> task = dedicated.Commands.ExecuteAsync(command.WithTimeout(timeout), reply, CancellationToken.None).AsTask();
        try
        {
            return await task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return await LeaveAsync(dedicated, node, command.Name, task, reply, cancellationToken).ConfigureAwait(false);
        }
    }

    private bool MayFollow(RedisException failure, in RedisCommand command, RedisConnection connection, int attempt) => failure switch
    {
        RedisServerException refusal when Redirection.Is(refusal) => router.TryFollow(refusal, connection),
        // The server became a replica while it waited: "UNBLOCKED force unblock from blocking operation, instance state changed".
        RedisServerException { Code: RedisErrorCode.Unblocked } ended => ended.ServerMessage.Contains("state changed", StringComparison.Ordinal) && (router.NodeFor(command).Moves || router.TryFollow(ended, connection)),
        RedisConnectionException { IsTransient: true } lost => attempt < context.Options.MaxRepeats && (lost.Outcome == CommandOutcome.NotSent || command.Repeatable),
        _ => false,
    };

    private static TimeSpan Bound(in RedisCommand command, TimeSpan usual, CancellationToken cancellationToken)
    {
        if (BlockTime.Of(command) is not { } block) return usual;
        if (block > TimeSpan.Zero) return block + usual;
        if (cancellationToken.CanBeCanceled) return TimeSpan.FromDays(24);
        throw new ArgumentException($"{command.Name} with timeout 0 waits without end, and there is no cancellation token to end it. Give it a timeout and ask again, pass a token, or set RedisCommand.WithTimeout.");
    }

    private async ValueTask<T> LeaveAsync<T>(DedicatedConnection dedicated, ServerNode node, string name, Task<T> task, ReplyReader<T> reply, CancellationToken cancellationToken)
    {
        if (dedicated.Inner.Greeting.ConnectionId is var id and not 0) await UnblockAsync(dedicated, node, id, task).ConfigureAwait(false);
        // It was faster than the caller: what it handed out is not thrown away.
        if (task.IsCompletedSuccessfully) return await task.ConfigureAwait(false);
        if (!task.IsCompleted) dedicated.Close($"{name} was cancelled");
        _ = DiscardAsync(task, reply);
        throw new OperationCanceledException($"The wait for {name} was cancelled.", cancellationToken);
    }

    /// <summary>Asks the server to stop waiting, until the command has an answer or patience ends.</summary>
    private async ValueTask UnblockAsync(DedicatedConnection dedicated, ServerNode node, long id, Task task)
    {
        RedisCommand unblock = RedisCommand.Create("CLIENT", "UNBLOCK", id, "ERROR").WithTimeout(UnblockPatience);
        long until = context.Clock.DeadlineAfter(UnblockPatience);
        try
        {
            while (!task.IsCompleted && context.Clock.Now < until)
            {
                // No means that its answer is on its way, or that the server has not come to it yet: then it is asked again.
                bool unblocked = await AskAsync(node, dedicated.Inner.Endpoint, unblock).ConfigureAwait(false) == 1;
                TimeSpan wait = unblocked ? UnblockPatience : UnblockAgainAfter;
                await task.WaitAsync(wait, context.Options.TimeProvider, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        catch (Exception exception) when (exception is RedisException or ObjectDisposedException)
        {
            // It could not be asked. If the request is under way still, it must not hit the connection's next holder.
            dedicated.IsDirty = true;
        }
    }

    // On the same server and no other: there, the number would be another one's connection.
    private ValueTask<long> AskAsync(ServerNode node, RedisEndpoint endpoint, in RedisCommand unblock) =>
        node.Any is { } shared && shared.Endpoint.Equals(endpoint)
            ? new ConnectionCommands(shared, context).ExecuteAsync(unblock, Replies.Integer, CancellationToken.None)
            : ValueTask.FromException<long>(new RedisConnectionException(ConnectionFailure.Lost, endpoint.ToString(), "There is no shared connection to ask on.", CommandOutcome.NotSent));

    private static async Task DiscardAsync<T>(Task<T> task, ReplyReader<T> reply)
    {
        try
        {
            reply.Discard(await task.ConfigureAwait(false));
        }
        catch (Exception)
        {
            // Its caller was told that it was cancelled, and there is nobody else to tell.
        }
    }
}
