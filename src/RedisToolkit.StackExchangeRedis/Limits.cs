using RedisToolkit.Client;

namespace RedisToolkit.StackExchangeRedis;

/// <summary>
/// What cannot be had over a StackExchange.Redis multiplexer, in one place: each with its message, which names what to use instead.
/// The same list, for users, is in <c>docs/stackexchange-redis.md</c>.
/// </summary>
internal static class Limits
{
    private const string Instead = "For this, connect a RedisClient (package RedisToolkit.Client) beside the multiplexer.";

    public static NotSupportedException Blocking(string command) =>
        new($"{command} was not sent: it blocks, and a StackExchange.Redis multiplexer has one connection for all its callers, who would wait behind it. {Instead}");

    public static NotSupportedException ShardChannels() =>
        new($"Nothing was subscribed to: StackExchange.Redis has no shard channels in the versions from 1.2.6 on that this client works with. {Instead}");

    public static RedisTrackingUnavailableException Tracking() =>
        new($"Keys cannot be tracked over a StackExchange.Redis multiplexer: it does not pass on the server's invalidations. {Instead}");

    public static NotSupportedException ConditionOfOnesOwn(string command) =>
        new($"The transaction was not sent: StackExchange.Redis checks only conditions that it knows, and a condition made with Condition.That ({command}) is none of them. Use the named ones, such as Condition.StringEquals. {Instead}");
}
