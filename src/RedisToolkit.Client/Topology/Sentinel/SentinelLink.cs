using System.Text;

namespace RedisToolkit.Client;

/// <summary>The connection to one sentinel: it is asked, and its announcements are listened to.</summary>
internal sealed class SentinelLink : IConnectionKeeper, IPushSink, IConnectionPlace, IAsyncDisposable
{
    // A few questions at a time, and a heartbeat.
    private const int RingCapacity = 64;
    private static readonly RedisCommand Subscribe = RedisCommand.Create("SUBSCRIBE", "+switch-master");
    private readonly ConnectionContext _context;
    private readonly ConnectionOpener _opener;
    private readonly FixedServer _server;
    private readonly KeptConnection _kept;
    private readonly string _name;
    private readonly Action _wake;
    private readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SubscribeRequest? _request;
    private Exception? _failure;

    /// <param name="context">What the connections to all sentinels share.</param>
    /// <param name="endpoint">The sentinel.</param>
    /// <param name="name">The name of the primary.</param>
    /// <param name="wake">Called when it announces a change, and when it was not listened to for a while. Must not block.</param>
    public SentinelLink(ConnectionContext context, RedisEndpoint endpoint, string name, Action wake)
    {
        _context = context;
        _opener = new ConnectionOpener(context);
        _server = new FixedServer([endpoint]);
        _name = name;
        _wake = wake;
        _kept = new KeptConnection(context, _ => this, this, RingCapacity);
    }

    public RedisEndpoint Likely => _server.Likely;

    /// <summary>Gets a value indicating whether it is connected.</summary>
    public bool IsUp => _kept.Current is { IsBroken: false };

    /// <summary>Gets a value indicating whether it can announce changes; an old one, which speaks RESP2 only, is merely asked.</summary>
    public bool Announces => _kept.Current is { Greeting.Protocol: >= 3 };

    public void Start() => _kept.Start();

    /// <summary>Asks what it knows. Does not throw, and takes no longer than its timeouts allow.</summary>
    public async Task<SentinelAnswer> AskAsync(Func<RedisEndpoint, RedisEndpoint> translate, CancellationToken cancellationToken)
    {
        var silent = new SentinelAnswer(Likely);
        try
        {
            // When the client is new; later, whoever is not connected does not answer.
            if (!_tried.Task.IsCompleted) await _tried.Task.WaitAsync(_context.Options.ConnectTimeout, _context.Options.TimeProvider, cancellationToken).ConfigureAwait(false);
            if (_kept.Current is { IsBroken: false } connection) return await SentinelAnswer.AskAsync(connection, _context, _name, translate, cancellationToken).ConfigureAwait(false);
            return silent with { Failure = Volatile.Read(ref _failure) ?? new RedisConnectionException(ConnectionFailure.Lost, Likely.ToString(), "The connection is being opened anew.", CommandOutcome.NotSent) };
        }
        catch (Exception failure)
        {
            // Of the user's own translation of addresses, too; whoever asks goes by the others.
            return silent with { Failure = failure };
        }
    }

    public ValueTask<RedisEndpoint> LocateAsync(int attempt, CancellationToken cancellationToken) => _server.LocateAsync(attempt, cancellationToken);

    public Task<RedisConnection> OpenAsync(RedisEndpoint endpoint, Action<RedisConnection>? prepare, int? ringCapacity, CancellationToken cancellationToken) =>
        _opener.OpenAsync(endpoint, _server, prepare, ringCapacity, cancellationToken);

    public void Prepare(RedisConnection connection) => connection.Pushes = this;

    public async Task ServeAsync(RedisConnection connection, CancellationToken ended)
    {
        Volatile.Write(ref _failure, null);
        _ = _tried.TrySetResult();
        if (connection.Greeting.Protocol >= 3)
        {
            TimeSpan timeout = _context.Options.CommandTimeout;
            var request = new SubscribeRequest(Subscribe, _context.SignOfLife, _context.Clock.DeadlineAfter(timeout), timeout);
            Volatile.Write(ref _request, request);
            if (connection.TryEnqueue(request) != EnqueueResult.Accepted) return;
            // One who may not listen still may ask.
            _ = await request.Outcome.ConfigureAwait(false);
        }

        // What it announced before now was not heard.
        _wake();
    }

    public void Failed(RedisEndpoint endpoint, Exception exception)
    {
        Volatile.Write(ref _failure, exception);
        _ = _tried.TrySetResult();
    }

    public void Step(long now)
    {
        // Questions have their deadlines in the connection's ring.
    }

    public bool TakesArray(ReadOnlySpan<byte> frame) => false;

    public void OnPush(ReadOnlySpan<byte> frame)
    {
        var reader = new RespReader(frame);
        if (reader.ReadArrayHeader() != 3 || reader.NextKind != RespKind.BulkString) return;
        ReadOnlySpan<byte> word = reader.ReadSpan();
        if (word.SequenceEqual("subscribe"u8)) Volatile.Read(ref _request)?.NoteConfirmation();
        if (!word.SequenceEqual("message"u8)) return;
        _ = reader.ReadSpan();
        // "name old-host old-port new-host new-port". It is asked rather than believed: the number of the failover is not in it.
        string[] words = Encoding.UTF8.GetString(reader.ReadSpan()).Split(' ');
        if (words[0] == _name) _wake();
    }

    public void OnEnded()
    {
        // Nothing was learned that could be void now; it is asked anew when it is back.
    }

    public ValueTask DisposeAsync() => _kept.DisposeAsync();
}
