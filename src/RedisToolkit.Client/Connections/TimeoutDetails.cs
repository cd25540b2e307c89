namespace RedisToolkit.Client;

/// <summary>Collects the figures that a timeout is diagnosed with.</summary>
internal static class TimeoutDetails
{
    public static RedisTimeoutDetails Of(RedisConnection? connection, ConnectionContext context, int waiting, string? lastFailure, string? endpoint = null) => new()
    {
        Endpoint = endpoint ?? connection?.Endpoint.ToString() ?? string.Join(", ", context.Options.Endpoints),
        Connected = connection is { IsBroken: false },
        InFlight = connection?.Unanswered ?? 0,
        Waiting = waiting,
        UnsentBytes = connection?.Writer.UnsentBytes ?? 0,
        PartialReplyBytes = connection?.PartialBytes ?? 0,
        SinceLastByte = connection is null ? null : TimeSpan.FromMilliseconds(context.Clock.Now - connection.LastReceived),
        RepliesNotResumed = connection?.NotResumed ?? 0,
        ThreadPoolQueue = ThreadPool.PendingWorkItemCount,
        ThreadPoolThreads = ThreadPool.ThreadCount,
        LastFailure = lastFailure,
    };
}
