using RedisToolkit.Client;
using Ser = StackExchange.Redis;

namespace RedisToolkit.StackExchangeRedis;

/// <summary>
/// Sends commands over an application's own StackExchange.Redis multiplexer, so that everything written against
/// <see cref="IRedisClient"/> can share its connections. It works with any version from 1.2.6 on: the one that the application brings.
/// </summary>
/// <remarks>
/// <para>StackExchange.Redis cannot do all that <see cref="RedisClient"/> does. Blocking commands, shard channels and conditions of one's own
/// are a <see cref="NotSupportedException"/> before anything is sent; <see cref="TrackAsync"/> is a <see cref="RedisTrackingUnavailableException"/>.
/// A cancelled or late command is not taken back: only the wait for it ends. The page <c>docs/stackexchange-redis.md</c> lists all limits.</para>
/// <para>Errors are this library's; those of StackExchange.Redis are their inner exceptions. Arguments must not be changed before the
/// result is there, nor after a wait that ended early: the multiplexer may still be about to send them.</para>
/// </remarks>
/// <example>
/// <code>
/// await using StackExchangeRedisClient redis = StackExchangeRedisClient.Create(multiplexer);
/// await redis.SetAsync("greeting", "hello");
/// </code>
/// </example>
public sealed partial class StackExchangeRedisClient : IRedisClient
{
    private readonly CommandContext _context;
    private readonly CapabilityProbes _probes;
    private int _disposed;

    private StackExchangeRedisClient(MultiplexerSource source, StackExchangeRedisOptions options)
    {
        _context = new CommandContext(source, options);
        _probes = new CapabilityProbes(_context.Clock, () => source.Generation, probe => SendUnchecked(probe, Replies.Done, CancellationToken.None));
        _subscriptions = new Subscriber(_context);
    }

    /// <summary>Gets the options in use.</summary>
    public StackExchangeRedisOptions Options => _context.Options;

    /// <summary>Makes a client over a multiplexer that the application made.</summary>
    /// <param name="multiplexer">The multiplexer. It may have other users.</param>
    /// <param name="options">How callers are treated; null for the defaults.</param>
    /// <returns>The client.</returns>
    /// <exception cref="RedisOptionsException">An option is out of its range; the message lists all that are.</exception>
    public static StackExchangeRedisClient Create(Ser.IConnectionMultiplexer multiplexer, StackExchangeRedisOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(multiplexer);
        StackExchangeRedisOptions validated = (options ?? new StackExchangeRedisOptions()).Validated();
        return new StackExchangeRedisClient(new GivenMultiplexer(multiplexer, validated), validated);
    }

    /// <summary>Makes a client over a pool: each command goes over its least busy multiplexer that is connected.</summary>
    /// <param name="pool">The pool. It may have other users.</param>
    /// <param name="options">How callers are treated; null for the defaults.</param>
    /// <returns>The client.</returns>
    /// <exception cref="RedisOptionsException">An option is out of its range; the message lists all that are.</exception>
    public static StackExchangeRedisClient Create(MultiplexerPool pool, StackExchangeRedisOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(pool);
        StackExchangeRedisOptions validated = (options ?? new StackExchangeRedisOptions()).Validated();
        return new StackExchangeRedisClient(new PooledMultiplexers(pool, validated), validated);
    }

    /// <summary>Makes a client whose multiplexer is made when the first command needs it.</summary>
    /// <param name="factory">Makes the multiplexer; called again for a later command if it failed. Its token is cancelled when the client is disposed.</param>
    /// <param name="options">How callers are treated; null for the defaults.</param>
    /// <returns>The client.</returns>
    /// <exception cref="RedisOptionsException">An option is out of its range; the message lists all that are.</exception>
    public static StackExchangeRedisClient Create(Func<CancellationToken, Task<Ser.IConnectionMultiplexer>> factory, StackExchangeRedisOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(factory);
        StackExchangeRedisOptions validated = (options ?? new StackExchangeRedisOptions()).Validated();
        return new StackExchangeRedisClient(new MadeMultiplexer(factory, validated), validated);
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The command blocks: a <see cref="RedisClient"/> sends it on a connection of its own.</exception>
    public ValueTask<T> ExecuteAsync<T>(RedisCommand command, ReplyReader<T> reply, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reply);
        return ObservedOperation.IsWanted ? ObserveAsync(command, reply, cancellationToken) : SendAsync(command, reply, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// StackExchange.Redis hands out a string only when it is whole: it is held in memory, and then written. The command's timeout bounds
    /// the wait for all of it. For strings that are to be copied in bounded memory, use <see cref="RedisClient"/>.
    /// </remarks>
    public async ValueTask<long?> CopyToAsync(RedisCommand command, Stream destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (!destination.CanWrite) throw new ArgumentException("The destination cannot be written to.", nameof(destination));
        byte[]? bytes = await ExecuteAsync(command.WithoutRepeat(), Replies.Bytes, cancellationToken).ConfigureAwait(false);
        if (bytes is null) return null;
        await destination.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        return bytes.Length;
    }

    /// <summary>Throws: a multiplexer does not pass on the server's invalidations.</summary>
    /// <param name="options">What would be announced.</param>
    /// <param name="listener">Who would be told.</param>
    /// <param name="cancellationToken">Not looked at.</param>
    /// <returns>Never.</returns>
    /// <exception cref="RedisTrackingUnavailableException">Always. Track with a <see cref="RedisClient"/> beside the multiplexer.</exception>
    public ValueTask<RedisTracking> TrackAsync(RedisTrackingOptions? options, IInvalidationListener listener, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return ValueTask.FromException<RedisTracking>(Limits.Tracking());
    }

    /// <inheritdoc/>
    public ValueTask<bool> SupportsAsync(RedisCapability capability, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(capability);
        return _probes.SupportsAsync(capability, cancellationToken);
    }

    /// <summary>Ends subscriptions, refuses new commands, and waits up to <see cref="StackExchangeRedisOptions.DrainTimeout"/> for replies that are owed. The multiplexer is left as it is, unless <see cref="StackExchangeRedisOptions.DisposeMultiplexer"/> says otherwise.</summary>
    /// <returns>When all is ended.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _subscriptions.DisposeAsync().ConfigureAwait(false);
        await _context.Watch.DrainAsync(Options.DrainTimeout, Options.TimeProvider, DisposedMeanwhile).ConfigureAwait(false);
        await _context.Source.DisposeAsync().ConfigureAwait(false);
        _context.Dispose();
    }

    private ValueTask<T> ObserveAsync<T>(in RedisCommand command, ReplyReader<T> reply, CancellationToken cancellationToken) =>
        ObservedOperation.RunAsync(
            command.Header.OperationName,
            Identity,
            command.ArgumentCount,
            batchSize: 0,
            static send => send.Client.SendAsync(send.Command, send.Reply, send.Token),
            (Client: this, Command: command, Reply: reply, Token: cancellationToken));

    private ServerIdentity Identity => _context.Source.Current?.Identity ?? MultiplexerSlot.NotKnown;

    private ValueTask<T> SendAsync<T>(in RedisCommand command, ReplyReader<T> reply, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<T>(cancellationToken);
        if (command.Header.IsSpecial)
        {
            if (CommandTable.Refusal(command.Info) is { } refusal) throw new ArgumentException(refusal, nameof(command));
            if (command.Blocks) throw Limits.Blocking(command.Name);
        }

        return SendUnchecked(command, reply, cancellationToken);
    }

    private ValueTask<T> SendUnchecked<T>(in RedisCommand command, ReplyReader<T> reply, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _disposed) != 0) return ValueTask.FromException<T>(Disposed(command.Name));
        var call = new Call(command, _context.Options.MaxArgumentBytes);
        TimeSpan timeout = command.Timeout ?? _context.Options.CommandTimeout;
        return _context.Source.Current is null
            ? ConnectAndSendAsync(command, call, reply, timeout, cancellationToken)
            : PendingExecution<T>.SendAsync(_context, command, call, reply, timeout, cancellationToken);
    }

    private async ValueTask<T> ConnectAndSendAsync<T>(RedisCommand command, Call call, ReplyReader<T> reply, TimeSpan timeout, CancellationToken cancellationToken)
    {
        TimeSpan left = await _context.ReadyAsync(command.Name, timeout, cancellationToken).ConfigureAwait(false);
        return await PendingExecution<T>.SendAsync(_context, command, call, reply, left, cancellationToken).ConfigureAwait(false);
    }

    private RedisConnectionException DisposedMeanwhile(string what) => new(
        ConnectionFailure.Disposed, Endpoint, $"{what} has no reply: the StackExchangeRedisClient was disposed before it came. The server may have executed it.", CommandOutcome.Unknown);

    private string Endpoint => _context.Source.Current?.Endpoint ?? "the multiplexer's server";

    private static ObjectDisposedException Disposed(string what) =>
        new(nameof(StackExchangeRedisClient), $"{what} was not sent: the StackExchangeRedisClient was disposed.");
}
