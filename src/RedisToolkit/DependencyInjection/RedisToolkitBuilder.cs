using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
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
        ArgumentNullException.ThrowIfNull(options);
        return AddJsonRepository(keys, json, _ => options.Validated());
    }

    /// <summary>Adds a repository of entities with the options of a configuration section.</summary>
    /// <typeparam name="TEntity">What is stored.</typeparam>
    /// <typeparam name="TId">What it is found by.</typeparam>
    /// <param name="section">
    /// <c>TimeToLive</c>, which has to be there (<c>30.00:00:00</c>, <c>12h</c> or <c>forever</c>), <c>MaxValueBytes</c>, and <c>Compression</c> with <c>Method</c>,
    /// <c>Level</c> and <c>MinBytes</c>. It is read and checked when the host starts, without reflection.
    /// </param>
    /// <param name="keys">Its keys.</param>
    /// <param name="json">How it is written, from a <c>JsonSerializerContext</c>.</param>
    /// <returns>The builder.</returns>
    public RedisToolkitBuilder AddJsonRepositoryFrom<TEntity, TId>(IConfigurationSection section, KeyTemplate<TEntity, TId> keys, JsonTypeInfo<TEntity> json)
        where TEntity : class
        where TId : IParsable<TId>
    {
        ArgumentNullException.ThrowIfNull(section);
        return AddJsonRepository(keys, json, _ => FeatureSections.JsonRepository(section));
    }

    /// <summary>Adds ids from a counter, to be injected as <c>[FromKeyedServices("shop:order:ids")] IdSequence</c>.</summary>
    /// <param name="key">The counter's key, by which the sequence is asked for too.</param>
    /// <param name="blockSize">How many ids are reserved at a time: 1 to 1,000,000.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The key is empty, or the size is out of its range.</exception>
    public RedisToolkitBuilder AddIdSequence(string key, int blockSize = 1)
    {
        IdSequence.Require(key, blockSize);
        Services.AddKeyedSingleton(key, (provider, _) => new IdSequence(provider.ClientOf(Key), key, blockSize));
        return this;
    }

    /// <summary>Says how hash fields are kept by the <see cref="HashFields"/> and <see cref="ResultMaps"/> that are injected.</summary>
    /// <param name="options">The options; checked when the host starts.</param>
    /// <returns>The builder.</returns>
    public RedisToolkitBuilder ConfigureHashFields(HashFieldsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ToolkitSettings.Add(Services, Key, typeof(HashFields), _ => options.Validated());
        return this;
    }

    /// <summary>Says how hash fields are kept, by a configuration section.</summary>
    /// <param name="section"><c>Storage</c> (<c>Automatic</c> or <c>Portable</c>) and <c>RememberExpired</c>; read and checked when the host starts, without reflection.</param>
    /// <returns>The builder.</returns>
    public RedisToolkitBuilder ConfigureHashFieldsFrom(IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        ToolkitSettings.Add(Services, Key, typeof(HashFields), _ => FeatureSections.HashFields(section));
        return this;
    }

    /// <summary>
    /// Removes hash fields whose time has run out in the background, on servers that do not do it, for as long as the host runs. Of several
    /// instances of the application one does so; where the server expires fields itself, it rests.
    /// </summary>
    /// <param name="options">How; null for the defaults. Checked when the host starts.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="InvalidOperationException">This toolkit has a sweeper already.</exception>
    public RedisToolkitBuilder AddHashFieldSweeper(HashFieldSweeperOptions? options = null) => AddSweeper(_ => (options ?? new HashFieldSweeperOptions()).Validated());

    /// <summary>Removes hash fields whose time has run out in the background, with the options of a configuration section.</summary>
    /// <param name="section"><c>Interval</c>, <c>StepsPerSecond</c> and <c>LeaseKey</c>; read and checked when the host starts, without reflection.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="InvalidOperationException">This toolkit has a sweeper already.</exception>
    public RedisToolkitBuilder AddHashFieldSweeperFrom(IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return AddSweeper(_ => FeatureSections.Sweeper(section));
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

    private RedisToolkitBuilder AddJsonRepository<TEntity, TId>(KeyTemplate<TEntity, TId> keys, JsonTypeInfo<TEntity> json, Func<IServiceProvider, JsonRepositoryOptions> options)
        where TEntity : class
        where TId : IParsable<TId>
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(json);
        Type repository = typeof(JsonRepository<TEntity, TId>);
        ToolkitSettings.Add(Services, Key, repository, options);
        Services.AddSingleton(Key, provider => new JsonRepository<TEntity, TId>(provider.ClientOf(Key), keys, json, ToolkitSettings.Find<JsonRepositoryOptions>(provider, Key, repository)!));
        return this;
    }

    private RedisToolkitBuilder AddSweeper(Func<IServiceProvider, HashFieldSweeperOptions> options)
    {
        if (Services.Any(service => service.ServiceType == typeof(HashFieldSweeper) && Equals(service.ServiceKey, Key)))
            throw new InvalidOperationException("AddHashFieldSweeper was called before on this toolkit; one sweeper is enough for it.");
        ToolkitSettings.Add(Services, Key, typeof(HashFieldSweeper), options);
        Services.AddSingleton(Key, provider => new HashFieldSweeper(
            provider.Of<HashFields>(Key),
            ToolkitSettings.Find<HashFieldSweeperOptions>(provider, Key, typeof(HashFieldSweeper))!,
            provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance,
            provider.GetService<TimeProvider>() ?? TimeProvider.System));
        Services.AddSingleton<IHostedService>(provider => provider.Of<HashFieldSweeper>(Key));
        return this;
    }
}
