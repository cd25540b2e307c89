using System.Threading.Channels;

namespace RedisToolkit.Client;

/// <summary>Copies a long string from the server to a stream without ever holding it whole, on a connection of its own.</summary>
internal sealed class StreamingCommand(ICommandRouter router, ConnectionContext context)
{
    private static readonly TimeSpan AgainAfter = TimeSpan.FromMilliseconds(20);

    public async ValueTask<long?> CopyToAsync(RedisCommand command, Stream destination, CancellationToken cancellationToken)
    {
        TimeSpan patience = command.Timeout ?? context.Options.CommandTimeout;
        long deadline = context.Clock.DeadlineAfter(patience);
        while (true)
        {
            using DedicatedLease lease = await router.NodeFor(command).LeaseAsync($"{command.Name} copied to a stream", patience, cancellationToken).ConfigureAwait(false);
            try
            {
                return await CopyToAsync(lease.Connection, command, destination, patience, cancellationToken).ConfigureAwait(false);
            }
            catch (RedisServerException refusal) when (context.Clock.Now < deadline && router.TryFollow(refusal, lease.Connection.Inner))
            {
                // It was not executed, nothing was written, and another node has its key, or will have it in a moment.
            }

            await Task.Delay(AgainAfter, context.Options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<long?> CopyToAsync(DedicatedConnection dedicated, RedisCommand command, Stream destination, TimeSpan patience, CancellationToken cancellationToken)
    {
        // While the destination is slow the connection is silent, and rightly so; the patience below is the bound then.
        dedicated.Blocked = true;
        var reply = new PartsReply(command, long.MaxValue, patience);
        bool ended = false;
        try
        {
            Enqueue(dedicated.Inner, reply);
            long? copied = await CopyAsync(reply, command.Name, destination, patience, cancellationToken).ConfigureAwait(false);
            ended = true;
            return copied;
        }
        catch (RedisServerException)
        {
            ended = true;
            throw;
        }
        finally
        {
            // The rest of the reply is still on its way: nobody else must meet it.
            if (!ended) dedicated.Close($"copying the reply to {command.Name} ended early");
            reply.Leave();
        }
    }

    private static void Enqueue(RedisConnection connection, PartsReply reply)
    {
        if (connection.TryEnqueue(reply) == EnqueueResult.Accepted) return;
        throw new RedisConnectionException(ConnectionFailure.Lost, connection.Endpoint.ToString(), $"{reply.CommandName} was not sent: {connection.Cause?.Message}", CommandOutcome.NotSent, connection.Cause);
    }

    private async Task<long?> CopyAsync(PartsReply reply, string name, Stream destination, TimeSpan patience, CancellationToken cancellationToken)
    {
        long copied = 0;
        ChannelReader<PartsReply.Part> parts = reply.Filled;
        while (await WaitForPartAsync(parts, name, patience, cancellationToken).ConfigureAwait(false))
        {
            while (parts.TryRead(out PartsReply.Part part))
            {
                await destination.WriteAsync(part.Bytes.AsMemory(0, part.Length), cancellationToken).ConfigureAwait(false);
                copied += part.Length;
                reply.GiveBack(part);
            }
        }

        return reply.IsNull ? null : copied;
    }

    private async Task<bool> WaitForPartAsync(ChannelReader<PartsReply.Part> parts, string name, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            return await parts.WaitToReadAsync(CancellationToken.None).AsTask().WaitAsync(patience, context.Options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new RedisTimeoutException(name, patience, CommandOutcome.Unknown, TimeoutDetails.Of(null, context, 0, "the next part of a reply did not arrive"));
        }
    }
}
