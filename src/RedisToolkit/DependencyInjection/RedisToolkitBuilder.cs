using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>What <c>services.AddRedisToolkit(...)</c> returns: says more about the toolkit that was added.</summary>
public sealed class RedisToolkitBuilder
{
    internal RedisToolkitBuilder(IServiceCollection services, object? key)
    {
        Services = services;
        Key = key;
    }

    /// <summary>Gets the services to which the toolkit was added.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Gets the key by which this toolkit's services are asked for; null for the one without a key.</summary>
    public object? Key { get; }

    /// <summary>Uses a client of another kind, or one made in another way.</summary>
    /// <param name="client">Makes the client, once. The container disposes it.</param>
    /// <returns>The builder.</returns>
    public RedisToolkitBuilder UseClient(Func<IServiceProvider, IRedisClient> client)
    {
        ArgumentNullException.ThrowIfNull(client);
        Services.Replace(Key is null
            ? ServiceDescriptor.Singleton(client)
            : ServiceDescriptor.KeyedSingleton(Key, (provider, _) => client(provider)));
        return this;
    }
}
