using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>Holds all options of one toolkit, or what is wrong with them, where the host looks for faults when it starts.</summary>
internal sealed class ToolkitSettings
{
    private readonly Dictionary<Type, object> _options = [];
    private readonly Dictionary<Type, string> _faults = [];

    /// <summary>Under which name a toolkit's settings are found.</summary>
    public static string NameOf(object? key) => $"{typeof(ToolkitSettings).FullName}:{key}";

    /// <summary>Gets options that were made; throws if any of this toolkit have faults.</summary>
    /// <param name="provider">The services.</param>
    /// <param name="key">The toolkit's key.</param>
    /// <param name="of">What they are the options of.</param>
    /// <exception cref="OptionsValidationException">There are faults; lists all of them.</exception>
    public static T? Find<T>(IServiceProvider provider, object? key, Type of)
        where T : class => provider.GetRequiredService<IOptionsMonitor<ToolkitSettings>>().Get(NameOf(key))._options.GetValueOrDefault(of) as T;

    /// <summary>Says how options are made and checked: once, when the host starts or they are first needed.</summary>
    public static void Add<T>(IServiceCollection services, object? key, Type of, Func<IServiceProvider, T> make)
        where T : class => services.AddOptions<ToolkitSettings>(NameOf(key)).Configure<IServiceProvider>((settings, provider) => settings.Make(of, () => make(provider)));

    /// <summary>Has the host look for faults when it starts.</summary>
    public static void AddValidation(IServiceCollection services, object? key)
    {
        services.AddOptions<ToolkitSettings>(NameOf(key)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ToolkitSettings>>(new Validation(NameOf(key)));
    }

    private void Make<T>(Type of, Func<T> make)
        where T : class
    {
        _ = _faults.Remove(of);
        try
        {
            _options[of] = make();
        }
        catch (RedisOptionsException exception)
        {
            _faults[of] = exception.Message;
        }
    }

    /// <summary>Tells the faults.</summary>
    private sealed class Validation(string ofToolkit) : IValidateOptions<ToolkitSettings>
    {
        public ValidateOptionsResult Validate(string? name, ToolkitSettings options)
        {
            if (name != ofToolkit) return ValidateOptionsResult.Skip;
            return options._faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(options._faults.Values);
        }
    }
}
