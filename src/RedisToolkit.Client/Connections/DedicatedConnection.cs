namespace RedisToolkit.Client;

/// <summary>A connection of the dedicated pool, with what the pool needs to know of it.</summary>
internal sealed class DedicatedConnection
{
    private readonly ConnectionContext _context;
    private readonly Heartbeat _heartbeat;
    private readonly long _credentialsUntil;

    public DedicatedConnection(RedisConnection connection, ConnectionContext context)
    {
        Inner = connection;
        connection.Pool = "dedicated";
        _context = context;
        _heartbeat = new Heartbeat(connection, context);
        _credentialsUntil = connection.CredentialsExpireAfter is { } life ? context.Clock.Now + (long)life.TotalMilliseconds : long.MaxValue;
        Commands = new ConnectionCommands(connection, context);
    }

    public RedisConnection Inner { get; }

    public ConnectionCommands Commands { get; }

    public string Purpose { get; private set; } = string.Empty;

    public long HeldSince { get; private set; }

    public long IdleSince { get; private set; }

    /// <summary>Gets or sets a value indicating whether the server is rightly silent.</summary>
    public bool Blocked
    {
        get => _heartbeat.Blocked;
        set => _heartbeat.Blocked = value;
    }

    /// <summary>Gets or sets a value indicating whether state was left behind on it that the next holder must not meet.</summary>
    public bool IsDirty { get; set; }

    /// <summary>Gets a value indicating whether it may be kept for another holder: it works, and its credentials have not run out.</summary>
    public bool IsSound => !IsDirty && !Inner.IsBroken && !Inner.IsLeft && _context.Clock.Now < _credentialsUntil;

    /// <summary>Gets a value indicating whether nothing is owed to the holder any more.</summary>
    public bool IsReusable => IsSound && Inner.Load == 0;

    /// <summary>Gets a value indicating whether an unused one may be taken: it owes no more than the answer to a heartbeat, and that is not overdue.</summary>
    public bool IsResponsive => IsSound && !_heartbeat.IsSuspect;

    public void Hold(string purpose, long now)
    {
        Purpose = purpose;
        HeldSince = now;
        Inner.IsHeld = true;
    }

    public void Rest(long now)
    {
        Blocked = false;
        IdleSince = now;
        Inner.IsHeld = false;
    }

    public void Step(long now)
    {
        Inner.Expire(now);
        _heartbeat.Step(now);
    }

    public void Close(string why) => Inner.Break(new RedisConnectionException(
        ConnectionFailure.Disposed, Inner.Endpoint.ToString(), $"The connection to {Inner.Endpoint} was closed: {why}.", CommandOutcome.Unknown));
}
