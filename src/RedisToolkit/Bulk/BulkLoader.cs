using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>
/// Sends what an <see cref="IAsyncEnumerable{T}"/> gives, millions if need be, in batches of which several are under way at the same time. The source is
/// asked for more only when there is room, so memory stays the same however much it has.
/// </summary>
/// <param name="redis">The client. It stays its owner's.</param>
/// <param name="timeProvider">By whose time rates are kept; the system's unless given.</param>
public sealed class BulkLoader(IRedisClient redis, TimeProvider? timeProvider = null)
{
    private const int OfCommand = 16;
    private readonly IRedisClient _redis = redis ?? throw new ArgumentNullException(nameof(redis));
    private readonly TimeProvider _time = timeProvider ?? TimeProvider.System;

    /// <summary>Writes keys and values.</summary>
    /// <param name="entries">The entries; read once, in order, by one reader.</param>
    /// <param name="timeToLive">How long the keys are kept: a <see cref="TimeSpan"/>, or <see cref="TimeToLive.Forever"/> to keep them until somebody deletes them.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the work; what was sent is written.</param>
    /// <returns>What was written. An entry whose key comes twice in the source is written twice.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">More entries failed than <see cref="BulkOptions.MaxFailures"/>; the message tells the first, and how many were written.</exception>
    /// <exception cref="RedisException">The server stayed out of reach; entries of up to <see cref="BulkOptions.BatchesInFlight"/> batches may or may not be written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <remarks>
    /// <c>SET</c>, O(1) for each entry; Redis 2.6, Valkey 7.2. After a lost connection it is sent again, unless <see cref="BulkOptions.When"/> asks for missing keys only: then its
    /// own first try would look like somebody else's key.
    /// </remarks>
    public async Task<BulkResult> LoadAsync(IAsyncEnumerable<BulkEntry> entries, TimeToLive timeToLive, BulkOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entries);
        Expiry forAll = timeToLive.ForAnyKey(nameof(timeToLive));
        BulkOptions checkedOptions = (options ?? new BulkOptions()).Validated();
        return await new BulkRun<BulkEntry>(_redis, Set, static entry => entry.Value.Length + (OfCommand * 4), checkedOptions, _time)
            .RunAsync(entries, cancellationToken).ConfigureAwait(false);

        RedisCommand<bool> Set(BulkEntry entry)
        {
            KeyErrors.Require(entry.Key, nameof(BulkEntry.Key));
            RedisCommand<bool> command = RedisStrings.Set(entry.Key, entry.Value, entry.TimeToLive?.ForAnyKey(nameof(entries)) ?? forAll, checkedOptions.When);
            return checkedOptions.When == SetWhen.KeyIsMissing ? command : command.SafeToRepeat();
        }
    }

    /// <summary>Executes commands of any kind, whose replies matter only if they are errors.</summary>
    /// <param name="commands">The commands; read once, in order, by one reader. None that blocks.</param>
    /// <param name="options">How; null for the defaults. <see cref="BulkOptions.When"/> is of no matter.</param>
    /// <param name="cancellationToken">Ends the work; what was sent is executed.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">More commands failed than <see cref="BulkOptions.MaxFailures"/>; the message tells the first, and how many were executed.</exception>
    /// <exception cref="RedisException">The server stayed out of reach, or a connection was lost and the commands may not be sent again; see <see cref="RedisCommand.SafeToRepeat"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<BulkResult> SendAsync(IAsyncEnumerable<RedisCommand> commands, BulkOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(commands);
        BulkOptions checkedOptions = (options ?? new BulkOptions()).Validated();
        return await new BulkRun<RedisCommand>(_redis, static command => command.Returning(Replies.Done), SizeOf, checkedOptions, _time)
            .RunAsync(commands, cancellationToken).ConfigureAwait(false);
    }

    private static long SizeOf(RedisCommand command)
    {
        long bytes = OfCommand;
        for (int i = 0; i < command.ArgumentCount; i++) bytes += OfCommand + command.GetArgument(i).ToBytes().Length;
        return bytes;
    }
}
