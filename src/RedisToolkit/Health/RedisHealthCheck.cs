using Microsoft.Extensions.Diagnostics.HealthChecks;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>Asks the server for a sign of life.</summary>
internal sealed class RedisHealthCheck(IRedisClient redis, TimeProvider time) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        long began = time.GetTimestamp();
        try
        {
            TimeSpan answered = await redis.PingAsync(cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy("The server answers.", new Dictionary<string, object> { ["latency_ms"] = answered.TotalMilliseconds });
        }
        catch (RedisException exception)
        {
            var data = new Dictionary<string, object> { ["waited_ms"] = time.GetElapsedTime(began).TotalMilliseconds };
            return new HealthCheckResult(context.Registration.FailureStatus, exception.Message, exception, data);
        }
    }
}
