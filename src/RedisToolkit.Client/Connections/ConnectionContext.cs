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
    }

    public RedisClientOptions Options { get; }

    public CoarseClock Clock { get; }

    public CommandSpelling Spelling { get; }

    public RespLimits Limits { get; }

    public ClientLog Log { get; }
}
