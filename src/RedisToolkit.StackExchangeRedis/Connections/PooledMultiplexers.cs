using Ser = StackExchange.Redis;

namespace RedisToolkit.StackExchangeRedis;

/// <summary>The members of a pool. The first one carries subscriptions.</summary>
internal sealed class PooledMultiplexers : MultiplexerSource
{
    private readonly MultiplexerPool _pool;
    private readonly StackExchangeRedisOptions _options;
    private readonly Dictionary<PoolMember, int> _places = [];
    private readonly MultiplexerSlot[] _slots;
    private readonly Lock _gate = new();

    public PooledMultiplexers(MultiplexerPool pool, StackExchangeRedisOptions options)
    {
        _pool = pool;
        _options = options;
        _slots = new MultiplexerSlot[pool.Members.Count];
        pool.Replaced += OnReplaced;
        for (int i = 0; i < _slots.Length; i++)
        {
            _places[pool.Members[i]] = i;
            _slots[i] = SlotOf(pool.Members[i]);
        }
    }

    public override MultiplexerSlot Current
    {
        get
        {
            PoolMember best = _pool.Choose();
            foreach (MultiplexerSlot slot in _slots)
            {
                if (slot.Member == best) return slot;
            }

            return _slots[0];
        }
    }

    public override MultiplexerSlot ForSubscriptions => Volatile.Read(ref _slots[0]);

    public override Task ReadyAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override async ValueTask DisposeAsync()
    {
        _pool.Replaced -= OnReplaced;
        foreach (MultiplexerSlot slot in _slots) slot.Detach();
        if (_options.DisposeMultiplexer ?? false) await _pool.DisposeAsync().ConfigureAwait(false);
    }

    private MultiplexerSlot SlotOf(PoolMember member) => new(member.Multiplexer, _options.Database, change => Raise(change), member);

    private void OnReplaced(PoolMember member, Ser.IConnectionMultiplexer old)
    {
        int place = _places[member];
        MultiplexerSlot left, fresh;
        lock (_gate)
        {
            left = _slots[place];
            fresh = SlotOf(member);
            Volatile.Write(ref _slots[place], fresh);
        }

        left.Detach();
        bool carries = place == 0;
        Raise(new ConnectionEvent(left, IsUp: false, carries));
        Raise(new ConnectionEvent(fresh, IsUp: true, carries));
    }
}
