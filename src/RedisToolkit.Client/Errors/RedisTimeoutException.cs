namespace RedisToolkit.Client;

/// <summary>The command's deadline passed. Its figures tell where the time went.</summary>
public sealed class RedisTimeoutException : RedisException
{
    internal RedisTimeoutException(string command, TimeSpan timeout, CommandOutcome outcome, RedisTimeoutDetails details, Exception? inner = null)
        : base(Describe(command, timeout, outcome, details), inner)
    {
        Command = command;
        Timeout = timeout;
        Outcome = outcome;
        Details = details;
    }

    /// <summary>Gets the command's name.</summary>
    public string Command { get; }

    /// <summary>Gets how long the command was allowed to take.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>Gets the state of the connection and of this process when the deadline passed.</summary>
    public RedisTimeoutDetails Details { get; }

    /// <inheritdoc/>
    public override CommandOutcome Outcome { get; }

    /// <inheritdoc/>
    public override bool IsTransient => true;

    private static string Describe(string command, TimeSpan timeout, CommandOutcome outcome, RedisTimeoutDetails details)
    {
        string what = outcome == CommandOutcome.NotSent ? "was not sent" : "was sent and may still be executed; no reply came";
        return $"{command} {what} within {timeout.TotalMilliseconds:0} ms. {details.Explain()} {details}";
    }
}

/// <summary>What a connection and this process were doing when a deadline passed.</summary>
public sealed record RedisTimeoutDetails
{
    /// <summary>Gets the server's address.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Gets a value indicating whether there was a connection.</summary>
    public required bool Connected { get; init; }

    /// <summary>Gets how many commands waited for their replies on the connection.</summary>
    public required int InFlight { get; init; }

    /// <summary>Gets how many commands waited for a connection or for room on it.</summary>
    public required int Waiting { get; init; }

    /// <summary>Gets how many bytes were still to be written to the socket.</summary>
    public required long UnsentBytes { get; init; }

    /// <summary>Gets how many bytes of a reply had arrived that was not whole yet.</summary>
    public required int PartialReplyBytes { get; init; }

    /// <summary>Gets how long ago the last byte arrived, or null if none ever did.</summary>
    public required TimeSpan? SinceLastByte { get; init; }

    /// <summary>Gets how many replies had arrived whose callers had not been resumed yet.</summary>
    public required int RepliesNotResumed { get; init; }

    /// <summary>Gets how many work items waited for a thread of the pool.</summary>
    public required long ThreadPoolQueue { get; init; }

    /// <summary>Gets how many threads the pool had.</summary>
    public required int ThreadPoolThreads { get; init; }

    /// <summary>Gets why there was no connection, if there was none.</summary>
    public string? LastFailure { get; init; }

    /// <summary>Says what the figures mean, most likely cause first.</summary>
    /// <returns>A sentence.</returns>
    public string Explain()
    {
        if (!Connected) return $"There is no connection to {Endpoint}{(LastFailure is null ? "." : ": " + LastFailure)}";
        if (ThreadPoolQueue > 100 || RepliesNotResumed > 100)
            return "Work is queueing for threads of the pool: look for code that blocks on tasks (.Result, .Wait()), or raise ThreadPool.SetMinThreads.";
        if (UnsentBytes > 1024 * 1024) return "Much is waiting to be written to the socket: the network is slow, or the server reads slowly.";
        if (PartialReplyBytes > 1024 * 1024) return "A large reply is arriving: ask for less at a time, or raise RedisClientOptions.CommandTimeout.";
        if (SinceLastByte is { TotalMilliseconds: > 1000 }) return "Nothing has arrived for a while: the server is busy with a slow command (see SLOWLOG), or the network stalls.";
        if (Waiting > 0) return "Commands are waiting for room on the connection: raise RedisClientOptions.MaxInFlightCommands or ConnectionsPerEndpoint, or send fewer at once.";
        return "The server answers others meanwhile: this command is slow (see SLOWLOG), or its timeout is too short.";
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"[{Endpoint}, {(Connected ? "connected" : "not connected")}, in flight {InFlight}, waiting {Waiting}, unsent bytes {UnsentBytes}, partial reply bytes {PartialReplyBytes}, " +
        $"last byte {(SinceLastByte is { } since ? $"{since.TotalMilliseconds:0} ms ago" : "never")}, replies not resumed {RepliesNotResumed}, " +
        $"pool queue {ThreadPoolQueue}, pool threads {ThreadPoolThreads}]";
}
