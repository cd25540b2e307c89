namespace RedisToolkit.Client;

/// <summary>Sends commands on one certain connection: handshakes, heartbeats, and whoever holds a connection of its own.</summary>
internal sealed class ConnectionCommands(RedisConnection connection, ConnectionContext context)
{
    /// <summary>Sends a command on this connection and no other.</summary>
    public ValueTask<T> ExecuteAsync<T>(in RedisCommand command, ReplyReader<T> reply, CancellationToken cancellationToken)
    {
        TimeSpan timeout = command.Timeout ?? context.Options.CommandTimeout;
        PendingCommand<T> pending = PendingCommand<T>.Rent(command, reply, context.Clock.DeadlineAfter(timeout), timeout);
        ValueTask<T> task = pending.Task;
        if (cancellationToken.CanBeCanceled) pending.CancelWith(cancellationToken);
        Send(pending);
        return task;
    }

    /// <summary>Sends what was prepared on this connection and no other; settles it in any case.</summary>
    public void Send(PendingReply pending)
    {
        try
        {
            EnqueueResult result = connection.TryEnqueue(pending);
            if (result == EnqueueResult.Closed) Settle(pending, NotSent(pending.CommandName));
            else if (result == EnqueueResult.Full) Settle(pending, new RedisConnectionException(ConnectionFailure.Refused, connection.Endpoint.ToString(), $"{pending.CommandName} was not sent: the connection has as much under way as it may.", CommandOutcome.NotSent));
        }
        catch (Exception exception)
        {
            Settle(pending, exception);
        }
    }

    /// <summary>Sends a command whose refusal does not matter.</summary>
    public async Task TryAsync(RedisCommand command, CancellationToken cancellationToken)
    {
        try
        {
            _ = await ExecuteAsync(command, Replies.Done, cancellationToken).ConfigureAwait(false);
        }
        catch (RedisException exception) when (exception is RedisServerException or RedisCommandDisabledException)
        {
            // An old server does not know it, a rule forbids it, or the command map disables it: the caller goes without.
        }
    }

    private static void Settle(PendingReply pending, Exception error)
    {
        pending.SetError(error);
        pending.Complete();
        pending.ReleaseByEngine();
    }

    private RedisConnectionException NotSent(string command) => new(
        connection.Cause is RedisConnectionException cause ? cause.Failure : ConnectionFailure.Lost,
        connection.Endpoint.ToString(),
        $"{command} was not sent: {connection.Cause?.Message}",
        CommandOutcome.NotSent,
        connection.Cause);
}
