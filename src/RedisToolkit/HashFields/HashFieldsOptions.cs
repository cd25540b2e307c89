using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>How fields with a time to live of their own are kept. Make variants with <c>with</c>.</summary>
public sealed record HashFieldsOptions
{
    /// <summary>Gets where the deadlines are kept.</summary>
    /// <value><see cref="HashFieldStorage.Automatic"/> unless set. <see cref="HashFieldStorage.Portable"/> for as long as an upgrade may be rolled back.</value>
    public HashFieldStorage Storage { get; init; }

    /// <summary>Gets how long it is remembered, beyond its own time, that a result of a map was there: so long it reads as expired, not as missing.</summary>
    /// <value>1 ms to 36,500 days; 10 minutes unless set.</value>
    public TimeSpan RememberExpired { get; init; } = TimeSpan.FromMinutes(10);

    internal HashFieldsOptions Validated()
    {
        var faults = new OptionFaults();
        faults.Defined(Storage);
        faults.InRange(RememberExpired, TimeSpan.FromMilliseconds(1), TimeToLive.Longest);
        faults.ThrowIfAny(nameof(HashFieldsOptions));
        return this;
    }
}
