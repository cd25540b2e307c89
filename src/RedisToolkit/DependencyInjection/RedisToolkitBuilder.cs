using System.Text.Json.Serialization.Metadata;
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

    /// <summary>Adds a repository of entities, to be injected as <see cref="JsonRepository{TEntity, TId}"/>.</summary>
    /// <typeparam name="TEntity">What is stored.</typeparam>
    /// <typeparam name="TId">What it is found by.</typeparam>
    /// <param name="keys">Its keys.</param>
    /// <param name="json">How it is written, from a <c>JsonSerializerContext</c>.</param>
    /// <param name="options">How long it is kept, and the like.</param>
    /// <returns>The builder.</returns>
    public RedisToolkitBuilder AddJsonRepository<TEntity, TId>(KeyTemplate<TEntity, TId> keys, JsonTypeInfo<TEntity> json, JsonRepositoryOptions options)
        where TEntity : class
        where TId : IParsable<TId>
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(options);
        if (Key is null) Services.AddSingleton(provider => new JsonRepository<TEntity, TId>(provider.GetRequiredService<IRedisClient>(), keys, json, options));
        else Services.AddKeyedSingleton(Key, (provider, _) => new JsonRepository<TEntity, TId>(provider.GetRequiredKeyedService<IRedisClient>(Key), keys, json, options));
        return this;
    }

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
