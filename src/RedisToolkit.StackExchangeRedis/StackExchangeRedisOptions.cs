using RedisToolkit.Client;

namespace RedisToolkit.StackExchangeRedis;

/// <summary>
/// How a <see cref="StackExchangeRedisClient"/> treats its callers. What concerns connections is set where the multiplexer is made.
/// Make variants with <c>with</c>.
/// </summary>
public sealed record StackExchangeRedisOptions
{
    /// <summary>Gets the deadline of a command as a whole: waiting for a connection, all repeats and the reply.</summary>
    /// <value>1 ms to 1 h; 5 s unless set.</value>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets the number of the logical database.</summary>
    /// <value>0 to 1,000,000; null, the default, means the one that the multiplexer's own settings name (<c>defaultDatabase</c>).</value>
    public int? Database { get; init; }

    /// <summary>Gets how often a command that is safe to repeat is sent again, within its deadline, after its connection was lost.</summary>
    /// <value>0 to 10; 3 unless set. A command that may write is repeated only if it was certainly not sent.</value>
    public int MaxRepeats { get; init; } = 3;

    /// <summary>Gets how long to wait before a command is sent again.</summary>
    /// <value>20 ms, doubled at each failure up to 500 ms, with jitter, unless set.</value>
    public RedisReconnectPolicy Repeat { get; init; } = new();

    /// <summary>Gets how many bytes one argument, a key or a value, may have; a longer one is refused before anything is sent.</summary>
    /// <value>1 KiB to 2,147,483,591; 536,870,912 unless set, the server's own limit (<c>proto-max-bulk-len</c>).</value>
    public int MaxArgumentBytes { get; init; } = 512 << 20;

    /// <summary>Gets how many messages a subscription holds for a slow reader.</summary>
    /// <value>1 to 1,000,000; 1,024 unless set.</value>
    public int SubscriptionBuffer { get; init; } = 1024;

    /// <summary>Gets how long disposing the client waits for replies still owed.</summary>
    /// <value>0 to 5 min; 5 s unless set.</value>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets whether disposing the client also disposes what it sends through: the multiplexer, or the pool.</summary>
    /// <value>
    /// Null, the default, means no for a multiplexer or a pool that was handed over, which may have other users, and yes for a
    /// multiplexer that the client's own factory made.
    /// </value>
    public bool? DisposeMultiplexer { get; init; }

    /// <summary>Gets the clock of all deadlines and waits.</summary>
    /// <value><see cref="TimeProvider.System"/> unless set.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal StackExchangeRedisOptions Validated()
    {
        var faults = new OptionFaults();
        faults.InRange(CommandTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        if (Database is { } database) faults.InRange(database, 0, 1_000_000, nameof(Database));
        faults.InRange(DrainTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        faults.InRange(MaxRepeats, 0, 10);
        faults.InRange(MaxArgumentBytes, 1 << 10, Array.MaxLength);
        faults.InRange(SubscriptionBuffer, 1, 1_000_000);
        if (TimeProvider is null) faults.Add($"{nameof(TimeProvider)} is null; allowed is a clock, TimeProvider.System unless set");
        if (Repeat is null) faults.Add($"{nameof(Repeat)} is null; allowed is a policy, new() for the default");
        else Repeat.CollectFaults(faults, nameof(Repeat));
        faults.ThrowIfAny(nameof(StackExchangeRedisOptions));
        return this;
    }
}
