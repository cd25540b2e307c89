using Ser = StackExchange.Redis;

namespace RedisToolkit.StackExchangeRedis;

/// <summary>A place in a pool, and the multiplexer that has it at present.</summary>
/// <param name="multiplexer">The first one.</param>
internal sealed class PoolMember(Ser.IConnectionMultiplexer multiplexer)
{
    private volatile Ser.IConnectionMultiplexer _multiplexer = multiplexer;
    private volatile bool _isConnected = true;
    private long _expected;
    private long _underWay;
    private long _lostAt;
    private bool _isLost;

    public Ser.IConnectionMultiplexer Multiplexer => _multiplexer;

    /// <summary>Gets how many commands it has under way: what was counted last, and what came since.</summary>
    public long Load => Math.Max(Volatile.Read(ref _expected), Volatile.Read(ref _underWay));

    /// <summary>Expects so many more commands of it, until it is looked at.</summary>
    public void Expect(int commands) => Interlocked.Add(ref _expected, commands);

    /// <summary>A client of ours sends a command over it.</summary>
    public void Enter() => Interlocked.Increment(ref _underWay);

    /// <summary>The command has come back.</summary>
    public void Leave() => Interlocked.Decrement(ref _underWay);

    public bool IsBetterThan(PoolMember other)
    {
        if (_isConnected != other._isConnected) return _isConnected;
        return Load < other.Load;
    }

    /// <summary>Looks whether it is connected and how much it has to do. For one caller at a time.</summary>
    /// <returns>How long it has been without a connection.</returns>
    public TimeSpan Look(TimeProvider time)
    {
        Ser.IConnectionMultiplexer multiplexer = _multiplexer;
        bool isConnected = multiplexer.IsConnected;
        _isConnected = isConnected;
        Volatile.Write(ref _expected, multiplexer.GetCounters().TotalOutstanding);
        if (isConnected)
        {
            _isLost = false;
            return TimeSpan.Zero;
        }

        if (!_isLost) _lostAt = time.GetTimestamp();
        _isLost = true;
        return time.GetElapsedTime(_lostAt);
    }

    /// <summary>Gives the place to another multiplexer.</summary>
    public void Put(Ser.IConnectionMultiplexer multiplexer)
    {
        _multiplexer = multiplexer;
        _isConnected = true;
    }
}
