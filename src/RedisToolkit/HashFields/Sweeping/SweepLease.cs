using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>
/// The right to sweep. It spares work, and nothing else depends on it: two who sweep at the same time do no harm, because each step is atomic.
/// So nobody has to make sure that a holder whose lease ran out has noticed.
/// </summary>
internal sealed class SweepLease(IRedisClient redis, string key)
{
    private static readonly LuaScript Script = LuaScript.FromResource(typeof(SweepLease).Assembly, "RedisToolkit.HashFields.Scripts.lease.lua");
    private readonly string _token = Guid.NewGuid().ToString("N");

    /// <summary>Takes the lease, or prolongs it.</summary>
    /// <returns>False if somebody else holds it.</returns>
    /// <exception cref="RedisKeyTypeException">The key holds something else.</exception>
    public ValueTask<bool> TakeAsync(TimeSpan time, CancellationToken cancellationToken) => CallAsync((long)Math.Ceiling(time.TotalMilliseconds), cancellationToken);

    /// <summary>Gives the lease back, if it is still held.</summary>
    public async ValueTask ReleaseAsync(CancellationToken cancellationToken) => _ = await CallAsync(0, cancellationToken).ConfigureAwait(false);

    private async ValueTask<bool> CallAsync(long milliseconds, CancellationToken cancellationToken)
    {
        try
        {
            // Done twice, it comes to the same.
            return await redis.ExecuteAsync(Script.Call([key], [_token, milliseconds]).SafeToRepeat(), Replies.Boolean, cancellationToken).ConfigureAwait(false);
        }
        catch (RedisServerException refusal) when (KeyErrors.IsWrongType(refusal))
        {
            throw await KeyErrors.ExplainAsync(redis, key, "string", refusal, cancellationToken).ConfigureAwait(false);
        }
    }
}
