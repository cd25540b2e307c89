using RedisToolkit.Client;

namespace RedisToolkit.StackExchangeRedis;

/// <content>Brings the multiplexer to what is declared, and notes when it was not.</content>
internal sealed partial class Subscriber
{
    // A question that went astray between two connections is never answered; then it is asked again.
    private static readonly TimeSpan PingPatience = TimeSpan.FromSeconds(1);
    private long _losses;

    private void OnChanged(ConnectionEvent change)
    {
        if (!change.CarriesMessages) return;
        bool any;
        lock (_gate)
        {
            if (_disposed) return;
            if (!change.IsUp)
            {
                _losses++;
                foreach (Listening listening in AllNames()) listening.Channel.State = ChannelState.Absent;
                foreach (RedisSubscription subscription in _subscriptions) subscription.Interrupt();
            }

            any = _subscriptions.Count > 0;
        }

        if (any) BeginReconciling();
    }

    // One run at a time in the background, and one more if something happens meanwhile.
    private void BeginReconciling()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _background = ContinueAsync(_background);
        }
    }

    private async Task ContinueAsync(Task earlier)
    {
        await earlier.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        for (int attempt = 0; !_ended.IsCancellationRequested; attempt++)
        {
            try
            {
                await ReconcileAsync([.. AllNames()], _ended).ConfigureAwait(false);
                return;
            }
            catch (RedisServerException refusal) when (!refusal.IsTransient)
            {
                EndRefused(refusal);
            }
            catch (Exception exception) when (exception is RedisException or OperationCanceledException)
            {
                // There is no connection yet, or it broke again: once more.
            }

            TimeSpan rest = _context.Options.Repeat.DelayFor(attempt, Random.Shared.NextDouble());
            await Task.Delay(rest, _context.Options.TimeProvider, _ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // They had the name before the connection was lost, and may not have it any more.
    private void EndRefused(RedisServerException refusal)
    {
        RedisSubscription[] ended;
        lock (_gate) ended = [.. _subscriptions.Where(static subscription => subscription.Awaited.Count > 0)];
        foreach (RedisSubscription subscription in ended) End(subscription, refusal);
    }

    private async Task ReconcileAsync(IReadOnlyCollection<Listening> names, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Once more if another multiplexer takes the place of the one that was asked.
            while (_context.Source.ForSubscriptions is { } slot)
            {
                foreach (Listening listening in names)
                {
                    if (listening.Channel.Readers.Length == 0) Leave(listening);
                    else await AskAsync(listening, slot, cancellationToken).ConfigureAwait(false);
                }

                if (await TryConfirmAsync(names, slot, cancellationToken).ConfigureAwait(false)) return;
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    private async Task AskAsync(Listening listening, MultiplexerSlot slot, CancellationToken cancellationToken)
    {
        // The multiplexer asks again by itself for what it was asked once.
        if (listening.AskedOf == slot) return;
        if (listening.AskedOf is not null) Abandon(listening);
        listening.AskedOf = slot;
        try
        {
            await Run(() => slot.Subscriber.SubscribeAsync(listening.Name, listening.Handler, global::StackExchange.Redis.CommandFlags.None), slot, _context.Options.CommandTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Abandon(listening);
            throw;
        }
    }

    // A reply on the connection that carries messages proves that what was sent on it before has been heard: also what the
    // multiplexer sent by itself, or for another of its users.
    private async Task<bool> TryConfirmAsync(IReadOnlyCollection<Listening> names, MultiplexerSlot slot, CancellationToken cancellationToken)
    {
        Listening[] open = [.. names.Where(static listening => listening.Channel.Readers.Length > 0 && listening.Channel.State != ChannelState.Confirmed)];
        if (open.Length == 0) return true;
        for (int attempt = 0; _context.Source.ForSubscriptions == slot; attempt++)
        {
            long losses;
            lock (_gate) losses = _losses;
            if (Array.TrueForAll(open, listening => listening.AskedOf != slot || slot.Subscriber.SubscribedEndpoint(listening.Name) is not null)
                && await TryPingAsync(slot, cancellationToken).ConfigureAwait(false)
                && TryConfirm(open, losses))
            {
                return true;
            }

            await Task.Delay(_context.Options.Repeat.DelayFor(attempt, Random.Shared.NextDouble()), _context.Options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }

        return false;
    }

    private bool TryConfirm(Listening[] open, long losses)
    {
        lock (_gate)
        {
            if (losses != _losses) return false;
            foreach (Listening listening in open)
            {
                listening.Channel.State = ChannelState.Confirmed;
                foreach (RedisSubscription subscription in listening.Channel.Readers)
                {
                    subscription.Awaited.Remove(listening.Channel);
                    subscription.BeginIfWhole();
                }
            }
        }

        return true;
    }

    private async Task<bool> TryPingAsync(MultiplexerSlot slot, CancellationToken cancellationToken)
    {
        try
        {
            TimeSpan patience = _context.Options.CommandTimeout < PingPatience ? _context.Options.CommandTimeout : PingPatience;
            await Run(() => slot.Subscriber.PingAsync(global::StackExchange.Redis.CommandFlags.None), slot, patience, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (RedisException)
        {
            // No connection carries messages just now.
            return false;
        }
    }

    private async Task Run(Func<Task> send, MultiplexerSlot slot, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            Task sent = send();
            Ended.Observe(sent);
            await sent.WaitAsync(timeout, _context.Options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (TimeoutException exception) when (exception is not global::StackExchange.Redis.RedisTimeoutException)
        {
            RedisTimeoutDetails details = Faults.Details(slot.Endpoint, slot.IsConnected, slot.InFlight, null);
            throw new RedisTimeoutException("SUBSCRIBE", timeout, CommandOutcome.Unknown, details, exception);
        }
        catch (Exception exception)
        {
            throw Faults.Translate(exception, "SUBSCRIBE", timeout, slot.Endpoint);
        }
    }

    private void Leave(Listening listening)
    {
        lock (_gate)
        {
            if (listening.Channel.Readers.Length > 0) return;
            Table(listening.Channel.Kind).TryRemove(new KeyValuePair<byte[], Listening>(listening.Channel.Name.Bytes, listening));
        }

        Abandon(listening);
    }

    // Tells the multiplexer, and does not wait for the server.
    private static void Abandon(Listening listening)
    {
        if (listening.AskedOf is not { } slot) return;
        listening.AskedOf = null;
        listening.Channel.State = ChannelState.Absent;
        try
        {
            Task left = slot.Subscriber.UnsubscribeAsync(listening.Name, listening.Handler, global::StackExchange.Redis.CommandFlags.None);
            Ended.Observe(left);
        }
        catch (Exception)
        {
            // The multiplexer is gone, and with it the subscription.
        }
    }
}
