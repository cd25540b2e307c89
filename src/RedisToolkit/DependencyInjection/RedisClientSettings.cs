using Microsoft.Extensions.Options;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>Holds a client's options, or why there are none, where the host looks for faults when it starts.</summary>
internal sealed class RedisClientSettings
{
    public RedisClientOptions? Options { get; private set; }

    private IReadOnlyList<string> Faults { get; set; } = [];

    public void Make(Func<RedisClientOptions> options)
    {
        try
        {
            Options = options();
        }
        catch (RedisOptionsException exception)
        {
            Faults = [exception.Message];
        }
    }

    /// <summary>Tells the faults.</summary>
    internal sealed class Validation(string ofClient) : IValidateOptions<RedisClientSettings>
    {
        public ValidateOptionsResult Validate(string? name, RedisClientSettings options)
        {
            if (name != ofClient) return ValidateOptionsResult.Skip;
            return options.Faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(options.Faults);
        }
    }
}
