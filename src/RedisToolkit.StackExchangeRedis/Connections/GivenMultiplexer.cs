using Ser = StackExchange.Redis;

namespace RedisToolkit.StackExchangeRedis;

/// <summary>The application's own multiplexer.</summary>
internal sealed class GivenMultiplexer : MultiplexerSource
{
    private readonly MultiplexerSlot _slot;
    private readonly bool _disposes;

    public GivenMultiplexer(Ser.IConnectionMultiplexer multiplexer, StackExchangeRedisOptions options)
    {
        _slot = new MultiplexerSlot(multiplexer, options.Database, change => Raise(change));
        _disposes = options.DisposeMultiplexer ?? false;
    }

    public override MultiplexerSlot Current => _slot;

    public override MultiplexerSlot ForSubscriptions => _slot;

    public override Task ReadyAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override async ValueTask DisposeAsync()
    {
        _slot.Detach();
        if (_disposes) await Closing.CloseAsync(_slot.Multiplexer).ConfigureAwait(false);
    }
}
