using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>How fields whose time has run out are removed in the background, on servers that do not do it. Make variants with <c>with</c>.</summary>
public sealed record HashFieldSweeperOptions
{
    private const int LongestKey = 1024;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Gets how long it rests between two sweeps; each time up to a fifth less or more.</summary>
    /// <value>1 s to 1 d; 1 min unless set.</value>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets how many steps it asks of the server in a second: a look at 1,000 keys, or up to 1,000 fields of one hash. Each takes the server about a millisecond.</summary>
    /// <value>1 to 10,000; 100 unless set, with which a million keys are looked at in 10 s.</value>
    public int StepsPerSecond { get; init; } = 100;

    /// <summary>Gets the key by which the instances of an application see to it that one of them sweeps at a time.</summary>
    /// <value>1 to 1,024 bytes; <c>redistoolkit:hash-field-sweeper</c> unless set. Rules for users (ACL) must allow it.</value>
    public string LeaseKey { get; init; } = "redistoolkit:hash-field-sweeper";

    internal HashFieldSweeperOptions Validated()
    {
        var faults = new OptionFaults();
        faults.InRange(Interval, Second, Day);
        faults.InRange(StepsPerSecond, 1, 10_000);
        int bytes = LeaseKey is null ? 0 : System.Text.Encoding.UTF8.GetByteCount(LeaseKey);
        if (bytes is 0 or > LongestKey) faults.Add($"{nameof(LeaseKey)} has {bytes:N0} bytes; allowed are 1 to {LongestKey:N0}");
        faults.ThrowIfAny(nameof(HashFieldSweeperOptions));
        return this;
    }
}
