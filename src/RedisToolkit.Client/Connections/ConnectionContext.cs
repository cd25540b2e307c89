namespace RedisToolkit.Client;

/// <summary>What all connections of a client share.</summary>
internal sealed class ConnectionContext
{
    public ConnectionContext(RedisClientOptions options)
    {
        Options = options;
        Clock = new CoarseClock(options.TimeProvider);
        Spelling = new CommandSpelling(options.CommandMap, options.MaxArgumentBytes);
        Limits = new RespLimits(options.MaxReplyBytes, options.MaxReplyDepth, options.MaxReplyElements);
        Log = new ClientLog(options.Loggers);
        SignOfLife = ProbeCommand.For(options.CommandMap) ?? RedisCommand.Create("REDISTOOLKIT.HEARTBEAT");
    }

    public RedisClientOptions Options { get; }

    public CoarseClock Clock { get; }

    public CommandSpelling Spelling { get; }

    public RespLimits Limits { get; }

    public ClientLog Log { get; }

    /// <summary>An attempt to connect failed, the first one being number 0: logs and counts it.</summary>
    public void ConnectFailed(RedisEndpoint endpoint, int attempt, Exception exception, TimeSpan delay)
    {
        Log.ConnectFailed(endpoint, attempt, exception, delay);
        ClientMetrics.ConnectFailed(new ServerIdentity(endpoint, ServerGreeting.Unknown, Options.Database), exception);
    }

    /// <summary>Gets what a server is sent for no other reason than to be answered: PING, or what stands in for it where the command map disables it; at the least a name that no server has, since a refusal is an answer too.</summary>
    public RedisCommand SignOfLife { get; }
}
