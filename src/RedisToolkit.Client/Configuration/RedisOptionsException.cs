namespace RedisToolkit.Client;

/// <summary>Options were given that cannot work. Names every fault at once; nothing was connected or sent.</summary>
public sealed class RedisOptionsException : ArgumentException
{
    internal RedisOptionsException(string options, IReadOnlyList<string> faults)
        : base($"{options} cannot be used: {string.Join("; ", faults)}.") => Faults = faults;

    /// <summary>Gets one sentence per fault: the property's name, its value and what is allowed. Never a secret.</summary>
    public IReadOnlyList<string> Faults { get; }
}
