using RedisToolkit.Client;
using Ser = StackExchange.Redis;

namespace RedisToolkit.StackExchangeRedis;

/// <summary>Says in this library's exceptions what StackExchange.Redis says in its own, which stay inside as the inner exception.</summary>
internal static class Faults
{
    // Only from 2.x on: the command never left its queue.
    private const Ser.CommandStatus WaitingInBacklog = (Ser.CommandStatus)3;

    /// <param name="exception">What was thrown.</param>
    /// <param name="command">The command's name, for messages.</param>
    /// <param name="timeout">How long the command was allowed to take.</param>
    /// <param name="endpoint">The server's address, for messages.</param>
    public static Exception Translate(Exception exception, string command, TimeSpan timeout, string endpoint) => exception switch
    {
        RedisException => exception,
        Ser.RedisServerException refusal => Refused(refusal),
        Ser.RedisConnectionException lost => Lost(lost, command, endpoint),
        Ser.RedisTimeoutException late => TimedOut(late, command, timeout, endpoint),
        Ser.RedisCommandException misused => Misused(misused, command),
        ObjectDisposedException => new RedisConnectionException(
            ConnectionFailure.Disposed, endpoint, $"{command} was not sent: the multiplexer was disposed.", CommandOutcome.NotSent, exception),
        OperationCanceledException => new RedisConnectionException(
            ConnectionFailure.Lost, endpoint, $"StackExchange.Redis gave {command} up. The server may have executed it.", CommandOutcome.Unknown, exception),
        ArgumentException or OutOfMemoryException => exception,
        _ => new RedisConnectionException(ConnectionFailure.Lost, endpoint, $"{command} failed within StackExchange.Redis: {exception.Message}", CommandOutcome.Unknown, exception),
    };

    /// <summary>Gets a value indicating whether the command certainly did not leave this process, and trying again may help.</summary>
    public static bool MaySendLater(Exception translated) => translated is RedisConnectionException { Outcome: CommandOutcome.NotSent, IsTransient: true };

    /// <summary>Gets a value indicating whether a command that does no harm when executed twice may be sent again.</summary>
    public static bool MayRepeat(Exception translated) => translated is RedisConnectionException { IsTransient: true, Failure: not ConnectionFailure.Protocol };

    private static RedisServerException Refused(Ser.RedisServerException refusal) => RedisServerException.FromReply(refusal.Message, refusal);

    private static Exception Lost(Ser.RedisConnectionException lost, string command, string endpoint)
    {
        // What could not be spelled: 1.2.6 looks the name up while it writes.
        if (lost.InnerException is Ser.RedisCommandException misused) return Misused(misused, command);
        CommandOutcome outcome = lost.FailureType == Ser.ConnectionFailureType.UnableToResolvePhysicalConnection || lost.CommandStatus == WaitingInBacklog
            ? CommandOutcome.NotSent
            : CommandOutcome.Unknown;
        string what = outcome == CommandOutcome.NotSent
            ? $"{command} was not sent: the multiplexer has no connection to {endpoint}"
            : $"The connection to {endpoint} broke while {command} waited for its reply; the server may have executed it";
        return new RedisConnectionException(FailureOf(lost), endpoint, $"{what} ({lost.FailureType}: {lost.Message})", outcome, lost);
    }

    private static ConnectionFailure FailureOf(Ser.RedisConnectionException lost) => lost.FailureType switch
    {
        Ser.ConnectionFailureType.AuthenticationFailure => ConnectionFailure.Authentication,
        Ser.ConnectionFailureType.ProtocolFailure => ConnectionFailure.Protocol,
        Ser.ConnectionFailureType.ConnectionDisposed => ConnectionFailure.Disposed,
        Ser.ConnectionFailureType.UnableToConnect => ConnectionFailure.Refused,
        Ser.ConnectionFailureType.UnableToResolvePhysicalConnection => ConnectionFailure.Refused,
        _ => ConnectionFailure.Lost,
    };

    private static RedisTimeoutException TimedOut(Ser.RedisTimeoutException late, string command, TimeSpan timeout, string endpoint)
    {
        CommandOutcome outcome = late.Commandstatus == WaitingInBacklog ? CommandOutcome.NotSent : CommandOutcome.Unknown;
        return new RedisTimeoutException(command, timeout, outcome, Details(endpoint, connected: true, 0, late.Message), late);
    }

    private static Exception Misused(Ser.RedisCommandException misused, string command)
    {
        // These words are the same in all versions; there is nothing else to tell the cases by.
        if (misused.Message.Contains("command-map", StringComparison.Ordinal))
        {
            return new RedisCommandDisabledException(
                command, $"{command} was not sent: the CommandMap of the multiplexer's ConfigurationOptions disables it. Give it the name that the server knows it by there.", misused);
        }

        if (misused.Message.Contains("admin mode", StringComparison.Ordinal))
        {
            return new RedisCommandDisabledException(
                command, $"{command} was not sent: StackExchange.Redis sends it only in admin mode. Set AllowAdmin in the multiplexer's ConfigurationOptions.", misused);
        }

        if (misused.Message.Contains("single slot", StringComparison.Ordinal))
            return new ArgumentException($"{command} was not sent: its keys lie in several slots of the cluster. Give them a common {{hash tag}} so that they share a slot.", misused);
        return new ArgumentException($"{command} was not sent: {misused.Message}", misused);
    }

    public static RedisTimeoutDetails Details(string endpoint, bool connected, int inFlight, string? lastFailure) => new()
    {
        Endpoint = endpoint,
        Connected = connected,
        InFlight = inFlight,
        Waiting = 0,
        UnsentBytes = 0,
        PartialReplyBytes = 0,
        SinceLastByte = null,
        RepliesNotResumed = 0,
        ThreadPoolQueue = ThreadPool.PendingWorkItemCount,
        ThreadPoolThreads = ThreadPool.ThreadCount,
        LastFailure = lastFailure,
    };
}
