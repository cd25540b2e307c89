namespace RedisToolkit.Client;

/// <summary>
/// Sends a command that makes the server wait, on a connection of its own. A caller who leaves early does not lose what the
/// server may just be handing out: the server is told to stop waiting, and its answer decides.
/// </summary>
internal sealed class BlockingCommand(ICommandRouter router, ConnectionContext context, IRedisClient client)
{
    // How long the server may take to say that it stopped waiting.
    private static readonly TimeSpan UnblockPatience = TimeSpan.FromSeconds(1);

    public async ValueTask<T> ExecuteAsync<T>(RedisCommand command, ReplyReader<T> reply, CancellationToken cancellationToken)
    {
        TimeSpan usual = context.Options.CommandTimeout;
        TimeSpan timeout = command.Timeout ?? Bound(command, usual, cancellationToken);
        using DedicatedLease lease = await router.LeaseAsync(command.Name, usual, cancellationToken).ConfigureAwait(false);
        DedicatedConnection dedicated = lease.Connection;
        dedicated.Blocked = true;
        // Not the caller's token: it must not end the wait before it is known what the server did.
        Task<T> task = dedicated.Commands.ExecuteAsync(command.WithTimeout(timeout), reply, CancellationToken.None).AsTask();
        try
        {
            return await task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!task.IsCompleted)
        {
            return await LeaveAsync(dedicated, command.Name, task, reply, cancellationToken).ConfigureAwait(false);
        }
    }

    private static TimeSpan Bound(in RedisCommand command, TimeSpan usual, CancellationToken cancellationToken)
    {
        if (BlockTime.Of(command) is not { } block) return usual;
        if (block > TimeSpan.Zero) return block + usual;
        if (cancellationToken.CanBeCanceled) return TimeSpan.FromDays(24);
        throw new ArgumentException($"{command.Name} with timeout 0 waits without end, and there is no cancellation token to end it. Give it a timeout and ask again, pass a token, or set RedisCommand.WithTimeout.");
    }

    private async ValueTask<T> LeaveAsync<T>(DedicatedConnection dedicated, string name, Task<T> task, ReplyReader<T> reply, CancellationToken cancellationToken)
    {
        long id = dedicated.Inner.Greeting.ConnectionId;
        try
        {
            if (id != 0)
            {
                RedisCommand unblock = RedisCommand.Create("CLIENT", "UNBLOCK", id, "ERROR").WithTimeout(UnblockPatience);
                _ = await client.ExecuteAsync(unblock, Replies.Done, CancellationToken.None).ConfigureAwait(false);
                // It was faster than the caller: what it handed out is not thrown away.
                return await task.WaitAsync(UnblockPatience, context.Options.TimeProvider, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            // The server stopped waiting without handing anything out (UNBLOCKED), or it could not be asked to.
        }

        if (!task.IsCompleted)
        {
            dedicated.Close($"{name} was cancelled");
            _ = DiscardAsync(task, reply);
        }

        throw new OperationCanceledException($"The wait for {name} was cancelled.", cancellationToken);
    }

    private static async Task DiscardAsync<T>(Task<T> task, ReplyReader<T> reply)
    {
        try
        {
            reply.Discard(await task.ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is RedisException or OperationCanceledException)
        {
            // Its connection was closed, so it fails; its caller was told that it was cancelled.
        }
    }
}
