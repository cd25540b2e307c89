using RedisToolkit.Client;
using Ser = StackExchange.Redis;

namespace RedisToolkit.StackExchangeRedis;

/// <summary>A multiplexer that the application's factory makes when the first command needs it; a failed attempt is followed by another when the next one does.</summary>
internal sealed class MadeMultiplexer : MultiplexerSource
{
    private readonly Func<CancellationToken, Task<Ser.IConnectionMultiplexer>> _factory;
    private readonly StackExchangeRedisOptions _options;
    private readonly CancellationTokenSource _disposing = new();
    private readonly Lock _gate = new();
    private Task? _making;
    private volatile MultiplexerSlot? _slot;

    public MadeMultiplexer(Func<CancellationToken, Task<Ser.IConnectionMultiplexer>> factory, StackExchangeRedisOptions options)
    {
        _factory = factory;
        _options = options;
    }

    public override MultiplexerSlot? Current => _slot;

    public override MultiplexerSlot? ForSubscriptions => _slot;

    public override Task ReadyAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // One attempt for all who wait. It is not theirs to cancel: others may wait on.
            if (_making is null || _making.IsFaulted || _making.IsCanceled)
            {
                _making = Task.Run(MakeAsync, CancellationToken.None);
                Ended.Observe(_making);
            }

            return _making.WaitAsync(cancellationToken);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _disposing.CancelAsync().ConfigureAwait(false);
        Task? making;
        lock (_gate) making = _making;
        if (making is not null) await making.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_slot is { } slot)
        {
            slot.Detach();
            if (_options.DisposeMultiplexer ?? true) await Closing.CloseAsync(slot.Multiplexer).ConfigureAwait(false);
        }

        _disposing.Dispose();
    }

    private async Task MakeAsync()
    {
        Ser.IConnectionMultiplexer multiplexer;
        try
        {
            multiplexer = await _factory(_disposing.Token).ConfigureAwait(false)
                ?? throw new InvalidOperationException("The factory of the StackExchangeRedisClient returned null; it is to return a multiplexer.");
        }
        catch (Exception exception) when (exception is not InvalidOperationException)
        {
            throw Unmade(exception);
        }

        _slot = new MultiplexerSlot(multiplexer, _options.Database, change => Raise(change));
    }

    private RedisConnectionException Unmade(Exception exception) => _disposing.IsCancellationRequested
        ? new RedisConnectionException(ConnectionFailure.Disposed, "the factory's server", "The client was disposed while its factory was making a multiplexer.", CommandOutcome.NotSent, exception)
        : new RedisConnectionException(ConnectionFailure.Refused, "the factory's server", $"The factory of the StackExchangeRedisClient made no multiplexer: {exception.Message}", CommandOutcome.NotSent, exception);
}
