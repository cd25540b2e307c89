using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>One line that makes everything of the toolkit injectable.</summary>
public static class RedisToolkitServiceCollectionExtensions
{
    /// <summary>Adds the toolkit without saying where the server is; follow it with <see cref="RedisToolkitBuilder.UseClient"/> or <c>UseStackExchangeRedis</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="key">By which its services are asked for, where an application has several servers; null for the only or the main one.</param>
    /// <returns>A builder that says more.</returns>
    /// <exception cref="InvalidOperationException">There is a toolkit with that key, or without one, already.</exception>
    public static RedisToolkitBuilder AddRedisToolkit(this IServiceCollection services, object? key = null) =>
        Add(services, key, static _ => throw new InvalidOperationException(
            "AddRedisToolkit() was called without saying where the server is. Give it a connection string, a configuration section or options, or call UseClient or UseStackExchangeRedis on what it returns."));

    /// <summary>Adds a <see cref="RedisClient"/> and the toolkit on it: <c>services.AddRedisToolkit("localhost:6379")</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="connectionString">As <see cref="RedisClientOptions.Parse"/> reads it.</param>
    /// <param name="with">What a connection string cannot say: <c>options => options with { CommandTimeout = … }</c>; null for nothing.</param>
    /// <param name="key">By which its services are asked for, where an application has several servers; null for the only or the main one.</param>
    /// <returns>A builder that says more.</returns>
    /// <exception cref="FormatException">The connection string is malformed. It quotes no value.</exception>
    /// <exception cref="InvalidOperationException">There is a toolkit with that key, or without one, already.</exception>
    /// <remarks>The options are checked when the host starts; the message lists all faults. The client connects when it is first injected.</remarks>
    public static RedisToolkitBuilder AddRedisToolkit(
        this IServiceCollection services, string connectionString, Func<RedisClientOptions, RedisClientOptions>? with = null, object? key = null)
    {
        RedisClientOptions parsed = RedisClientOptions.Parse(connectionString);
        return AddClient(services, key, _ => (with is null ? parsed : with(parsed)).Validated());
    }

    /// <summary>Adds a <see cref="RedisClient"/> and the toolkit on it, with the settings of a configuration section.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">
    /// <c>ConnectionString</c>, or <c>Endpoints</c> as a list or a text, and every setting that connection strings have by its name in
    /// <see cref="RedisClientOptions"/>: <c>"CommandTimeout": "00:00:02"</c>, <c>"Tls": { "Enabled": true }</c>, <c>"Reconnect": { "MaxDelay": "1s" }</c>,
    /// <c>"CommandMap": { "CONFIG": "CONFIG_abc" }</c>. No reflection reads it.
    /// </param>
    /// <param name="with">What a file cannot say; null for nothing.</param>
    /// <param name="key">By which its services are asked for, where an application has several servers; null for the only or the main one.</param>
    /// <returns>A builder that says more.</returns>
    /// <exception cref="InvalidOperationException">There is a toolkit with that key, or without one, already.</exception>
    /// <remarks>The section is read and checked when the host starts; the message lists all faults and quotes no value. The client connects when it is first injected.</remarks>
    public static RedisToolkitBuilder AddRedisToolkit(
        this IServiceCollection services, IConfigurationSection section, Func<RedisClientOptions, RedisClientOptions>? with = null, object? key = null)
    {
        ArgumentNullException.ThrowIfNull(section);
        return AddClient(services, key, _ => NamedSettings.Read($"The configuration section '{section.Path}'", section.Settings(), with));
    }

    /// <summary>Adds a <see cref="RedisClient"/> and the toolkit on it, with options that code makes.</summary>
    /// <param name="services">The services.</param>
    /// <param name="options">Makes the options, once; may take what it needs from the services.</param>
    /// <param name="key">By which its services are asked for, where an application has several servers; null for the only or the main one.</param>
    /// <returns>A builder that says more.</returns>
    /// <exception cref="InvalidOperationException">There is a toolkit with that key, or without one, already.</exception>
    /// <remarks>The options are made and checked when the host starts; the message lists all faults. The client connects when it is first injected.</remarks>
    public static RedisToolkitBuilder AddRedisToolkit(this IServiceCollection services, Func<IServiceProvider, RedisClientOptions> options, object? key = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        return AddClient(services, key, provider => options(provider).Validated());
    }

    private static RedisToolkitBuilder AddClient(IServiceCollection services, object? key, Func<IServiceProvider, RedisClientOptions> options)
    {
        RedisToolkitBuilder builder = Add(services, key, provider => new RedisClient(ToolkitSettings.Find<RedisClientOptions>(provider, key, typeof(RedisClient))!));
        ToolkitSettings.Add(services, key, typeof(RedisClient), provider => WithLoggers(options(provider), provider));
        return builder;
    }

    private static RedisToolkitBuilder Add(IServiceCollection services, object? key, Func<IServiceProvider, IRedisClient> client)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(service => service.ServiceType == typeof(IRedisClient) && Equals(service.ServiceKey, key)))
        {
            throw new InvalidOperationException(key is null
                ? "AddRedisToolkit was called before, and there is one client without a key. Give the second one a key: AddRedisToolkit(..., key: \"orders\")."
                : $"AddRedisToolkit was called before with the key '{key}'. Give each server a key of its own.");
        }

        if (key is null) services.AddSingleton(client);
        else services.AddKeyedSingleton(key, (provider, _) => client(provider));
        ToolkitSettings.AddValidation(services, key);
        AddFeature(services, key, static (provider, key) => new HashFields(provider.ClientOf(key), ToolkitSettings.Find<HashFieldsOptions>(provider, key, typeof(HashFields))));
        AddFeature(services, key, static (provider, key) => new ResultMaps(provider.Of<HashFields>(key)));
        AddFeature(services, key, static (provider, key) => new Counters(provider.ClientOf(key)));
        AddFeature(services, key, static (provider, key) => new RedisKeyspace(provider.ClientOf(key), provider.GetService<TimeProvider>()));
        AddFeature(services, key, static (provider, key) => new BulkLoader(provider.ClientOf(key), provider.GetService<TimeProvider>()));
        return new RedisToolkitBuilder(services, key);
    }

    private static void AddFeature<T>(IServiceCollection services, object? key, Func<IServiceProvider, object?, T> make)
        where T : class
    {
        // One that the application has registered itself is left alone.
        if (key is null) services.TryAddSingleton(provider => make(provider, null));
        else services.TryAddKeyedSingleton(key, (provider, _) => make(provider, key));
    }

    private static RedisClientOptions WithLoggers(RedisClientOptions options, IServiceProvider provider) =>
        options.LoggerFactory is null && provider.GetService<ILoggerFactory>() is { } loggers ? options with { LoggerFactory = loggers } : options;
}
