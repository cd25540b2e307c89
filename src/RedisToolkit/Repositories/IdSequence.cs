using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>
/// Gives out ids, each once, from a counter on the server: 1, 2, 3 and so on. Ids that were reserved and not used are lost, and so are
/// those of a call that failed: there may be gaps. Safe for any number of callers at once; keep one instance for each counter.
/// </summary>
/// <remarks>
/// The counter is a string key without a time to live. Ids of one instance rise in the order in which they are given out; those of
/// several instances with blocks come mixed.
/// </remarks>
public sealed class IdSequence
{
    private const int MostOfBlock = 1_000_000;
    private readonly IRedisClient _redis;
    private readonly int _blockSize;
    private Block _block = Block.Empty;

    /// <summary>Initializes a new instance of the <see cref="IdSequence"/> class.</summary>
    /// <param name="redis">The client.</param>
    /// <param name="key">The counter's key.</param>
    /// <param name="blockSize">How many ids <see cref="NextAsync"/> reserves at a time: 1 to 1,000,000. With 1, each id is a round trip and none is lost by a restart.</param>
    /// <exception cref="ArgumentException">The key is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size is out of its range.</exception>
    public IdSequence(IRedisClient redis, string key, int blockSize = 1)
    {
        ArgumentNullException.ThrowIfNull(redis);
        Require(key, blockSize);
        _redis = redis;
        Key = key;
        _blockSize = blockSize;
    }

    /// <summary>Gets the counter's key.</summary>
    public string Key { get; }

    /// <summary>Gives out an id, without asking the server while the block that was reserved last has one.</summary>
    /// <param name="cancellationToken">Ends the wait; a block that was asked for serves others.</param>
    /// <returns>The id; 1 or more.</returns>
    /// <exception cref="RedisKeyTypeException">The key holds another type than a string.</exception>
    /// <exception cref="RedisValueException">It holds a string that is no 64-bit integer.</exception>
    /// <exception cref="InvalidOperationException">Fewer ids are left below 2^63 than were to be reserved.</exception>
    /// <remarks><c>INCRBY</c>, O(1). When it is unknown whether it was executed, it is sent again: that leaves a gap at most.</remarks>
    public ValueTask<long> NextAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_blockSize == 1) return ReserveEndAsync(1, cancellationToken);
        return Volatile.Read(ref _block).TryTake(out long id) ? ValueTask.FromResult(id) : NextOfNewBlockAsync(cancellationToken);
    }

    /// <summary>Reserves ids in a row, for the caller alone.</summary>
    /// <param name="count">How many: 1 to 1,000,000.</param>
    /// <param name="cancellationToken">Ends the wait; ids that were reserved are lost.</param>
    /// <returns>The ids.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is out of its range.</exception>
    /// <exception cref="RedisKeyTypeException">The key holds another type than a string.</exception>
    /// <exception cref="RedisValueException">It holds a string that is no 64-bit integer.</exception>
    /// <exception cref="InvalidOperationException">Fewer ids are left below 2^63 than were to be reserved.</exception>
    /// <remarks><c>INCRBY</c>, O(1).</remarks>
    public async ValueTask<IdBlock> ReserveAsync(int count, CancellationToken cancellationToken = default)
    {
        if (count is < 1 or > MostOfBlock) throw OutOfRange(nameof(count), count);
        return new IdBlock(await ReserveEndAsync(count, cancellationToken).ConfigureAwait(false) - count + 1, count);
    }

    internal static void Require(string key, int blockSize)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (blockSize is < 1 or > MostOfBlock) throw OutOfRange(nameof(blockSize), blockSize);
    }

    private static ArgumentOutOfRangeException OutOfRange(string name, int value) => new(name, value, $"Ids are reserved 1 to {MostOfBlock:N0} at a time.");

    private ValueTask<long> ReserveEndAsync(int count, CancellationToken cancellationToken) =>
        CounterCalls.ExecuteAsync(_redis, Key, RedisStrings.Increment(Key, (long)count).Command.SafeToRepeat(), Replies.Integer, cancellationToken);

    private async ValueTask<long> NextOfNewBlockAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Block block = Volatile.Read(ref _block);
            if (block.TryTake(out long id)) return id;
            // Whoever finds it used up first reserves the next one; the others wait for that. It belongs to none of them, so no one's token ends it.
            if (block.TryBeginNext(out TaskCompletionSource<Block> next)) _ = ReserveBlockAsync(next);
            Block fresh = await next.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            _ = Interlocked.CompareExchange(ref _block, fresh, block);
        }
    }

    private async Task ReserveBlockAsync(TaskCompletionSource<Block> next)
    {
        try
        {
            long last = await ReserveEndAsync(_blockSize, CancellationToken.None).ConfigureAwait(false);
            next.SetResult(new Block(last - _blockSize + 1, last));
        }
        catch (Exception exception)
        {
            // Those who wait get the error; the next caller tries again, from a block that is as used up as the one before.
            _ = Interlocked.Exchange(ref _block, new Block(1, 0));
            next.SetException(exception);
            _ = next.Task.Exception;
        }
    }

    private sealed class Block(long first, long last)
    {
        private long _next = first;
        private TaskCompletionSource<Block>? _successor;

        public static Block Empty => new(1, 0);

        public bool TryTake(out long id)
        {
            // Looked at first, so that asking a block that is used up does not count on.
            id = Volatile.Read(ref _next);
            if (id > last) return false;
            id = Interlocked.Increment(ref _next) - 1;
            return id <= last;
        }

        public bool TryBeginNext(out TaskCompletionSource<Block> next)
        {
            var mine = new TaskCompletionSource<Block>(TaskCreationOptions.RunContinuationsAsynchronously);
            TaskCompletionSource<Block>? before = Interlocked.CompareExchange(ref _successor, mine, null);
            next = before ?? mine;
            return before is null;
        }
    }
}
