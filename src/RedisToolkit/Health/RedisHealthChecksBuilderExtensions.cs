using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>The toolkit among an application's health checks.</summary>
public static class RedisHealthChecksBuilderExtensions
{
    /// <summary>Adds a check that the server answers: <c>services.AddHealthChecks().AddRedisToolkit()</c>.</summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="key">The key that <c>AddRedisToolkit</c> was given; null for the toolkit without one.</param>
    /// <param name="failureStatus">What it reports when there is no answer; null for <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">The check's tags.</param>
    /// <param name="timeout">How long it may take; null for no bound but the client's <see cref="RedisClientOptions.CommandTimeout"/>.</param>
    /// <returns>The health checks.</returns>
    /// <remarks><c>PING</c>, O(1). Its data has <c>latency_ms</c>, or <c>waited_ms</c> when there was no answer.</remarks>
    public static IHealthChecksBuilder AddRedisToolkit(
        this IHealthChecksBuilder builder,
        string name = "redis",
        object? key = null,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(name, provider => new RedisHealthCheck(provider.ClientOf(key), TimeProvider.System), failureStatus, tags, timeout));
    }
}
