using Microsoft.Extensions.DependencyInjection;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>The services of one toolkit, which have a key or have none.</summary>
internal static class KeyedServices
{
    public static T Of<T>(this IServiceProvider provider, object? key)
        where T : notnull => key is null ? provider.GetRequiredService<T>() : provider.GetRequiredKeyedService<T>(key);

    public static IRedisClient ClientOf(this IServiceProvider provider, object? key) => provider.Of<IRedisClient>(key);

    public static void AddSingleton<T>(this IServiceCollection services, object? key, Func<IServiceProvider, T> make)
        where T : class
    {
        if (key is null) services.AddSingleton(make);
        else services.AddKeyedSingleton(key, (provider, _) => make(provider));
    }
}
