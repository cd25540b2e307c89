using Microsoft.Extensions.DependencyInjection;
using Ser = StackExchange.Redis;

namespace RedisToolkit.StackExchangeRedis;

/// <summary>The toolkit over an application's own multiplexer: <c>services.AddRedisToolkit().UseStackExchangeRedis()</c>.</summary>
public static class StackExchangeRedisToolkitBuilderExtensions
{
    /// <summary>Sends over the <c>IConnectionMultiplexer</c> that the application has registered.</summary>
    /// <param name="builder">What <c>AddRedisToolkit</c> returned.</param>
    /// <param name="options">How callers are treated; null for the defaults.</param>
    /// <returns>The builder.</returns>
    public static RedisToolkitBuilder UseStackExchangeRedis(this RedisToolkitBuilder builder, StackExchangeRedisOptions? options = null) =>
        builder.UseStackExchangeRedis(static provider => provider.GetRequiredService<Ser.IConnectionMultiplexer>(), options);

    /// <summary>Sends over a multiplexer of the application.</summary>
    /// <param name="builder">What <c>AddRedisToolkit</c> returned.</param>
    /// <param name="multiplexer">Finds the multiplexer among the services, once. It is not disposed with the client, unless the options say so.</param>
    /// <param name="options">How callers are treated; null for the defaults.</param>
    /// <returns>The builder.</returns>
    public static RedisToolkitBuilder UseStackExchangeRedis(
        this RedisToolkitBuilder builder, Func<IServiceProvider, Ser.IConnectionMultiplexer> multiplexer, StackExchangeRedisOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(multiplexer);
        return builder.UseClient(provider => StackExchangeRedisClient.Create(multiplexer(provider), options));
    }

    /// <summary>Sends over a pool of multiplexers.</summary>
    /// <param name="builder">What <c>AddRedisToolkit</c> returned.</param>
    /// <param name="pool">Finds the pool among the services, once. It is not disposed with the client, unless the options say so.</param>
    /// <param name="options">How callers are treated; null for the defaults.</param>
    /// <returns>The builder.</returns>
    public static RedisToolkitBuilder UseStackExchangeRedis(
        this RedisToolkitBuilder builder, Func<IServiceProvider, MultiplexerPool> pool, StackExchangeRedisOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(pool);
        return builder.UseClient(provider => StackExchangeRedisClient.Create(pool(provider), options));
    }
}
