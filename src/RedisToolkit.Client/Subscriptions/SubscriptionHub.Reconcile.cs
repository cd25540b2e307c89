namespace RedisToolkit.Client;

/// <content>The loop that brings the server to what is declared.</content>
internal sealed partial class SubscriptionHub
{
    private const int MostNamesAtOnce = 256;

    public async Task ServeAsync(SubscriptionLane lane, RedisConnection connection, CancellationToken ended)
    {
        lane.LastFailure = null;
        // The loop of the last connection may have taken a step after that had ended.
        lock (_gate) BeginAfresh(lane);
        try
        {
            while (true)
            {
                if (!TryTakeStep(lane, out bool leave, out List<DeclaredChannel> step))
                {
                    await lane.WaitAsync(ended).ConfigureAwait(false);
                    continue;
                }

                await RunStepAsync(lane, connection, leave, step, ended).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The connection has ended. What was not done is declared still, and another one may be there to do it.
            lock (_gate) BeginAfresh(lane);
            Wake();
        }
    }

    public void Failed(SubscriptionLane lane, RedisEndpoint endpoint, Exception exception)
    {
        RedisException failure = exception as RedisException
            ?? new RedisConnectionException(ConnectionFailure.Refused, endpoint.ToString(), $"Connecting to {endpoint} failed: {exception.Message}", CommandOutcome.NotSent, exception);
        lane.LastFailure = failure;
        if (failure is not RedisConnectionException { IsTransient: false }) return;
        // Trying again is in vain until a setting is changed: nobody is left waiting. Subscriptions that were up wait on.
        lock (_gate)
        {
            foreach (DeclaredChannel channel in AllChannels().Where(channel => channel.Waits.Count > 0).ToArray()) FailAndTakeBack(channel, failure);
        }
    }

    private bool TryTakeStep(SubscriptionLane lane, out bool leave, out List<DeclaredChannel> step)
    {
        step = [];
        leave = false;
        lock (_gate)
        {
            foreach (DeclaredChannel channel in _dirty)
            {
                bool leaves = channel.NeedsLeaving;
                if ((leaves ? channel.Lane : channel.NeedsAsking ? LaneFor(channel) : null) != lane) continue;
                // Shard channels of several slots cannot go together.
                if (step.Count > 0 && (leaves != leave || channel.Kind != step[0].Kind || (channel.Slot != step[0].Slot && _cluster is not null))) continue;
                leave = leaves;
                step.Add(channel);
                if (step.Count == MostNamesAtOnce) break;
            }

            foreach (DeclaredChannel channel in step)
            {
                _dirty.Remove(channel);
                channel.State = leave ? ChannelState.Leaving : ChannelState.Asked;
                channel.Lane = lane;
            }

            if (step.Count == 0) _dirty.RemoveWhere(static channel => !channel.NeedsLeaving && !channel.NeedsAsking);
        }

        return step.Count > 0;
    }

    private async Task RunStepAsync(SubscriptionLane lane, RedisConnection connection, bool leave, List<DeclaredChannel> step, CancellationToken ended)
    {
        Exception? refusal = await SendAsync(lane, connection, leave, step, ended).ConfigureAwait(false);
        if (refusal is null)
        {
            if (!connection.IsBroken && Unconfirmed(step, leave)) throw new RedisProtocolException($"{connection.Endpoint} answered {Verb(step[0].Kind, leave)} without confirming the names. Something between does not pass on what the server sends unasked.");
            return;
        }

        if (step.Count == 1)
        {
            Refused(connection, step[0], leave, refusal, ended);
            return;
        }

        // One name that is forbidden makes the server refuse them all: ask for each by itself.
        foreach (DeclaredChannel channel in step)
        {
            refusal = await SendAsync(lane, connection, leave, [channel], ended).ConfigureAwait(false);
            if (refusal is not null) Refused(connection, channel, leave, refusal, ended);
        }
    }

    // The server's refusal, or why it could not be spelled; null if it was confirmed.
    private async Task<Exception?> SendAsync(SubscriptionLane lane, RedisConnection connection, bool leave, List<DeclaredChannel> step, CancellationToken ended)
    {
        var command = RedisCommand.Create(Verb(step[0].Kind, leave), [.. step.Select(channel => (RedisArgument)channel.Name.Bytes)]);
        TimeSpan timeout = _context.Options.CommandTimeout;
        var request = new SubscribeRequest(command, _context.SignOfLife, _context.Clock.DeadlineAfter(timeout), timeout);
        lane.Request = request;
        try
        {
            EnqueueResult result = connection.TryEnqueue(request);
            if (result == EnqueueResult.Accepted) return await request.Outcome.ConfigureAwait(false);
        }
        catch (RedisCommandDisabledException disabled)
        {
            return disabled;
        }
        catch (RedisException lost)
        {
            // Also when no answer came in time: what the server made of it is unknown, so another connection begins afresh.
            connection.Break(lost);
        }

        await Task.Delay(Timeout.Infinite, ended).ConfigureAwait(false);
        return null;
    }

    private bool Unconfirmed(List<DeclaredChannel> step, bool leave)
    {
        lock (_gate) return step.Exists(channel => channel.State == (leave ? ChannelState.Leaving : ChannelState.Asked));
    }

    private void Refused(RedisConnection connection, DeclaredChannel channel, bool leave, Exception refusal, CancellationToken ended)
    {
        RedisSubscription[] left;
        TimeSpan again;
        // A slot that is elsewhere, or on its way: whoever waits for it goes on waiting, and it is asked for where it is.
        bool follows = !leave && refusal is RedisServerException elsewhere && _router.TryFollow(elsewhere, connection);
        lock (_gate)
        {
            // Who may subscribe and not unsubscribe gets messages that nobody reads.
            channel.State = leave ? ChannelState.Confirmed : ChannelState.Absent;
            if (leave) return;
            channel.Lane = null;
            if (!follows) FailAndTakeBack(channel, refusal);
            left = channel.Readers;
            if (left.Length == 0)
            {
                Forget(channel);
                return;
            }

            again = follows && channel.Refusals == 0 ? TimeSpan.Zero : _context.Options.Reconnect.DelayFor(channel.Refusals, Random.Shared.NextDouble());
            channel.Refusals++;
        }

        // These had it before the connection was lost.
        if (PassesByItself(refusal)) _ = AskAgainAsync(channel, again, ended);
        else foreach (RedisSubscription subscription in left) End(subscription, refusal);
    }

    private async Task AskAgainAsync(DeclaredChannel channel, TimeSpan delay, CancellationToken ended)
    {
        await Task.Delay(delay, _context.Options.TimeProvider, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate) _dirty.Add(channel);
        Wake();
    }

    // Under the lock.
    private void FailAndTakeBack(DeclaredChannel channel, Exception error)
    {
        foreach (ChannelWait wait in channel.Waits.ToArray())
        {
            wait.Fail(error);
            TakeBack(wait);
        }
    }

    // A slot that is on its way to another node comes to rest; the rest is what the server itself calls a state.
    private static bool PassesByItself(Exception refusal) => refusal is RedisServerException
    {
        IsTransient: true,
    } or RedisServerException { Code: RedisErrorCode.Moved or RedisErrorCode.Ask };
}
