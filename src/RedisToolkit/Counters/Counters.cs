using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>
/// Counters that get their time to live in the same step that makes them, stay within bounds, and hand out blocks of numbers.
/// Safe for any number of callers at once.
/// </summary>
/// <remarks>A counter is a string of digits, as <c>INCR</c> has it; others may read and change it. Each method is one atomic step and one round trip.</remarks>
/// <param name="redis">The client, which the caller goes on owning.</param>
public sealed class Counters(IRedisClient redis)
{
    private static readonly LuaScript Add = LuaScript.FromResource(typeof(Counters).Assembly, "RedisToolkit.Counters.Scripts.add.lua");

    private static readonly ReplyReader<CounterResult> Result = Replies.From(static (ref RespReader reader) =>
    {
        _ = reader.ReadArrayHeader();
        return new CounterResult(reader.ReadInt64(), reader.ReadBoolean(), reader.ReadBoolean());
    });

    private readonly IRedisClient _redis = redis ?? throw new ArgumentNullException(nameof(redis));

    /// <summary>Adds to a counter; a missing one counts as 0.</summary>
    /// <param name="key">The key of the counter.</param>
    /// <param name="timeToLive">How long a counter that is made now is kept: a duration, or <see cref="TimeToLive.Forever"/>. One that is there keeps its own.</param>
    /// <param name="by">What to add; 1 unless given, negative to subtract.</param>
    /// <param name="bounds">Between which values it stays; those of a 64-bit integer unless given. One that is outside them already is brought to the bound.</param>
    /// <param name="cancellationToken">Ends the wait. What was sent still takes effect.</param>
    /// <returns>The value, whether a bound cut it off, and whether the counter is new.</returns>
    /// <exception cref="ArgumentException">The key is empty, no time to live is said, or the bounds are the wrong way round; nothing was sent.</exception>
    /// <exception cref="RedisKeyTypeException">The key holds another type than a string. Nothing was changed.</exception>
    /// <exception cref="RedisValueException">It holds a string that is no 64-bit integer. Nothing was changed.</exception>
    /// <remarks>A script (<c>INCRBY</c>), O(1). It is not repeated after a lost connection, since it may have counted.</remarks>
    public ValueTask<CounterResult> AddAsync(RedisArgument key, TimeToLive timeToLive, long by = 1, CounterBounds? bounds = null, CancellationToken cancellationToken = default)
    {
        KeyErrors.Require(key, nameof(key));
        CounterBounds within = bounds ?? CounterBounds.Of64Bits;
        if (within.Least > within.Greatest) throw new ArgumentException($"The least value, {within.Least}, is above the greatest, {within.Greatest}.", nameof(bounds));
        RedisArgument ttl = timeToLive.Required(nameof(timeToLive), orForever: true, orUnchanged: false).ForScript();
        return CounterCalls.ExecuteAsync(_redis, key, Add.Call([key], [by, within.Least, within.Greatest, ttl]), Result, cancellationToken);
    }

    /// <summary>Reads a counter.</summary>
    /// <param name="key">The key of the counter.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its value, or null if it is missing.</returns>
    /// <exception cref="RedisKeyTypeException">The key holds another type than a string.</exception>
    /// <exception cref="RedisValueException">It holds a string that is no 64-bit integer.</exception>
    /// <remarks><c>GET</c>, O(1).</remarks>
    public ValueTask<long?> GetAsync(RedisArgument key, CancellationToken cancellationToken = default)
    {
        KeyErrors.Require(key, nameof(key));
        return CounterCalls.ExecuteAsync(_redis, key, RedisCommand.Create("GET", key), Replies.IntegerOrNull, cancellationToken);
    }

    /// <summary>Takes a block of numbers that nobody else gets: the first one ever is 1.</summary>
    /// <param name="key">The key of the counter they are taken from. It is kept for ever.</param>
    /// <param name="count">1 to 1,000,000,000.</param>
    /// <param name="cancellationToken">Ends the wait. A block that was taken meanwhile is lost: numbers may be left out, none is given twice.</param>
    /// <returns>The block.</returns>
    /// <exception cref="RedisKeyTypeException">The key holds another type than a string. Nothing was changed.</exception>
    /// <exception cref="RedisValueException">It holds a string that is no 64-bit integer. Nothing was changed.</exception>
    /// <exception cref="InvalidOperationException">The counter has not so many numbers left below 2^63. Nothing was changed.</exception>
    /// <remarks><c>INCRBY</c>, O(1).</remarks>
    public async ValueTask<IdBlock> ReserveAsync(RedisArgument key, int count, CancellationToken cancellationToken = default)
    {
        const int Most = 1_000_000_000;
        KeyErrors.Require(key, nameof(key));
        if (count is < 1 or > Most) throw new ArgumentOutOfRangeException(nameof(count), count, $"A block has 1 to {Most} numbers.");
        long last = await CounterCalls.ExecuteAsync(_redis, key, RedisCommand.Create("INCRBY", key, count), Replies.Integer, cancellationToken).ConfigureAwait(false);
        return new IdBlock(last - count + 1, count);
    }
}
