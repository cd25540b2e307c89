namespace RedisToolkit.Client;

/// <summary>
/// One connection that many callers share. Commands go out in the order in which they were accepted, replies come back in the
/// same order, and the first doubt about that order ends the connection and fails everything on it.
/// </summary>
internal sealed class RedisConnection
{
    private readonly InFlightRing _ring;
    private readonly ConnectionReader _reader;
    private readonly Transport _transport;
    private readonly ConnectionContext _context;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _cause;
    private long _lastReceived;
    private long _received;
    private ServerGreeting _greeting = ServerGreeting.Unknown;
    private ServerIdentity _identity;

    public RedisConnection(RedisEndpoint endpoint, Transport transport, ConnectionContext context, int? ringCapacity = null)
    {
        RedisClientOptions options = context.Options;
        Endpoint = endpoint;
        _transport = transport;
        _context = context;
        _ring = new InFlightRing(ringCapacity ?? options.MaxInFlightCommands);
        Resumer = new CallerResumer(this, _ring, context.Clock);
        Writer = new ConnectionWriter(this, _ring, transport, context.Spelling, options.MaxInFlightBytes);
        _reader = new ConnectionReader(this, _ring, transport, context.Limits);
        _lastReceived = OpenedAt = context.Clock.Now;
        _identity = new ServerIdentity(endpoint, _greeting, options.Database);
    }

    public RedisEndpoint Endpoint { get; }

    public ConnectionWriter Writer { get; }

    public CallerResumer Resumer { get; }

    /// <summary>Gets or sets who is told what the server sends unasked; null drops it.</summary>
    public IPushSink? Pushes { get; set; }

    /// <summary>Gets or sets a value indicating whether replies may be checked by markers, where the options ask for it.</summary>
    public bool IsVerifiable { get; set; } = true;

    /// <summary>Gets a value indicating whether a marker that the server echoes goes behind each command.</summary>
    public bool Verifies { get; private set; }

    /// <summary>Gets or sets who has commands waiting for room.</summary>
    public IRoomListener? RoomListener { get; set; }

    /// <summary>Gets or sets what the server said of itself in the handshake.</summary>
    public ServerGreeting Greeting
    {
        get => _greeting;
        set
        {
            _greeting = value;
            _identity = new ServerIdentity(Endpoint, value, _context.Options.Database);
        }
    }

    /// <summary>Gets which server this is, for measurements.</summary>
    public ServerIdentity Identity => _identity;

    /// <summary>Gets or sets what it belongs to, for measurements: <c>shared</c>, <c>dedicated</c> to one holder at a time, or <c>listening</c> to messages.</summary>
    public string Pool { get; set; } = "shared";

    /// <summary>Gets or sets a value indicating whether somebody has it to himself, with or without a command under way.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Gets or sets a value indicating whether its server was left: what is under way may end, and then it is closed.</summary>
    public bool IsLeft { get; set; }

    public bool IsUsed => IsHeld || Load > 0;

    /// <summary>Gets when it was dialled, on the client's coarse clock.</summary>
    public long OpenedAt { get; }

    /// <summary>Gets how many commands failed with it when it ended.</summary>
    public int CommandsFailed { get; private set; }

    /// <summary>Gets how many commands it left to another connection when it ended.</summary>
    public int CommandsPassedOn { get; private set; }

    /// <summary>Gets after how long other credentials must be given; null if these last.</summary>
    public TimeSpan? CredentialsExpireAfter { get; init; }

    /// <summary>Gets a task that ends, without error, when the connection has ended and it is decided what becomes of its commands.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Gets why the connection ended, once it has.</summary>
    public Exception? Cause => Volatile.Read(ref _cause);

    public bool IsBroken => Cause is not null;

    /// <summary>Gets how much is under way, for choosing the least loaded connection.</summary>
    public int Load => _ring.Count;

    public int Unanswered => _ring.Unanswered;

    public int NotResumed => _ring.Answered;

    public int PartialBytes => _reader.PartialBytes;

    /// <summary>Gets when the last byte arrived, on the client's coarse clock.</summary>
    public long LastReceived => Volatile.Read(ref _lastReceived);

    /// <summary>Gets how many bytes have arrived.</summary>
    public long ReceivedBytes => Volatile.Read(ref _received);

    /// <summary>Begins to receive; nothing may be sent before.</summary>
    public void Start() => _reader.Start();

    /// <summary>Checks replies by markers from here on. Nothing may be under way; in a handshake, markers would be refused before the user is known.</summary>
    public void BeginVerifying() => Verifies = IsVerifiable;

    /// <summary>Offers a command.</summary>
    /// <exception cref="ArgumentException">It cannot be spelled.</exception>
    public EnqueueResult TryEnqueue(PendingReply pending) => Writer.TryEnqueue(pending, Verifies ? new IntegrityCheck() : null);

    /// <summary>Ends the connection: what it owes fails with the cause, or is passed on where that is safe.</summary>
    /// <param name="cause">Why; null if the server closed it.</param>
    public void Break(Exception? cause)
    {
        if (IsBroken || Interlocked.CompareExchange(ref _cause, Explain(cause), null) is not null) return;
        Writer.Close();
        // The receive that is under way fails now, and the reading side settles what is left, in order.
        _transport.Abort();
    }

    /// <summary>Ends the connection if nothing is under way on it: no command is lost, since none comes in between.</summary>
    public bool TryBreakIdle(RedisConnectionException cause)
    {
        if (!Writer.TryCloseIdle()) return false;
        Break(cause);
        return true;
    }

    /// <summary>Settles what is out of time.</summary>
    public void Expire(long now)
    {
        int expired = _ring.Expire(now, DescribeTimeout);
        if (expired > 0) ClientMetrics.TimedOut(Identity, expired, CommandOutcome.Unknown);
    }

    public void NoteReceived(int bytes)
    {
        Volatile.Write(ref _lastReceived, _context.Clock.Now);
        Volatile.Write(ref _received, _received + bytes);
    }

    /// <summary>The reply of the ring's next command is complete.</summary>
    public void Answered(PendingReply pending)
    {
        _ring.MarkRead();
        if (!Verifies || pending is IntegrityCheck) _ring.Publish();
    }

    /// <summary>Takes a frame that the server sent unasked.</summary>
    public bool TryTakePush(ReadOnlySpan<byte> frame)
    {
        byte first = frame[0];
        if (first is not (RespPrefix.Push or RespPrefix.Attribute) && !(first == RespPrefix.Array && Pushes is { } sink && sink.TakesArray(frame))) return false;
        var reader = new RespReader(frame);
        if (first == RespPrefix.Attribute && reader.NextKind != RespKind.Push) return false;
        Pushes?.OnPush(frame);
        return true;
    }

    /// <summary>The reading side has ended: nothing arrives any more.</summary>
    public void ReadingEnded()
    {
        Break(null);
        // Another thread may have begun to break it and not have come this far.
        Writer.Close();
        // Before anybody hears of the loss otherwise: who is told that his command failed finds the loss noted, and a
        // connection that takes this one's place cannot be ahead of it.
        Pushes?.OnEnded();
        _ring.Abandon(Fail);
        // Before callers' code runs: it may block until there is another connection, which is opened only after this.
        _ended.TrySetResult();
        ConnectionWatch.Remove(this);
        Resumer.Dispose();
        Resumer.Run();
    }

    public void RoomMade() => RoomListener?.RoomMade(this);

    private bool Fail(PendingReply pending)
    {
        bool wasSent = pending.StartOffset < Writer.HandedOver;
        Exception cause = Cause!;
        if (pending.Resubmitter is { } other && other.TryResubmit(pending, wasSent, cause))
        {
            CommandsPassedOn++;
            return false;
        }

        if (!pending.IsSettled) CommandsFailed++;
        pending.SetError(ForCommand(pending, cause, wasSent));
        return true;
    }

    private Exception ForCommand(PendingReply pending, Exception cause, bool wasSent)
    {
        CommandOutcome outcome = wasSent ? CommandOutcome.Unknown : CommandOutcome.NotSent;
        ConnectionFailure failure = cause is RedisConnectionException known ? known.Failure : ConnectionFailure.Lost;
        string what = wasSent ? "was sent, and it is unknown whether it was executed" : "was not sent";
        return new RedisConnectionException(failure, Endpoint.ToString(), $"{pending.CommandName} {what}: {cause.Message}", outcome, cause);
    }

    private Exception Explain(Exception? cause)
    {
        string endpoint = Endpoint.ToString();
        return cause switch
        {
            RedisServerException refusal => new RedisConnectionException(ConnectionFailure.Handshake, endpoint, $"{endpoint} closed the connection: {refusal.Message}", CommandOutcome.NotSent, refusal),
            RedisProtocolException protocol => new RedisConnectionException(ConnectionFailure.Protocol, endpoint, protocol.Message, CommandOutcome.Unknown, protocol),
            RedisConnectionException known => known,
            null => new RedisConnectionException(ConnectionFailure.Lost, endpoint, $"{endpoint} closed the connection.", CommandOutcome.Unknown),
            _ => new RedisConnectionException(ConnectionFailure.Lost, endpoint, $"The connection to {endpoint} broke: {cause.Message}", CommandOutcome.Unknown, cause),
        };
    }

    private Exception DescribeTimeout(PendingReply pending) => new RedisTimeoutException(pending.CommandName, pending.Timeout, CommandOutcome.Unknown, Details());

    private RedisTimeoutDetails Details() => TimeoutDetails.Of(this, _context, RoomListener?.WaitingCount ?? 0, null);
}

/// <summary>Is told what the server sends unasked, on the reading side, in wire order with the replies.</summary>
internal interface IPushSink
{
    /// <summary>Says whether an array is a push: in RESP2, on a connection that subscribes, where the reply to PING is an array too.</summary>
    bool TakesArray(ReadOnlySpan<byte> frame);

    /// <summary>Takes a push. Must not block and must not throw.</summary>
    void OnPush(ReadOnlySpan<byte> frame);

    /// <summary>No push comes any more. Called once, before the connection's commands fail and <see cref="RedisConnection.Ended"/>. Must not throw.</summary>
    void OnEnded();
}

/// <summary>Is told when a connection can take more commands.</summary>
internal interface IRoomListener
{
    /// <summary>Gets how many commands wait.</summary>
    int WaitingCount { get; }

    /// <summary>There may be room.</summary>
    void RoomMade(RedisConnection connection);
}
