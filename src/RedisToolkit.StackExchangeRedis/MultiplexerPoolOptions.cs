using RedisToolkit.Client;

namespace RedisToolkit.StackExchangeRedis;

/// <summary>How a <see cref="MultiplexerPool"/> keeps its multiplexers. Make variants with <c>with</c>.</summary>
public sealed record MultiplexerPoolOptions
{
    /// <summary>Gets how many multiplexers are kept.</summary>
    /// <value>1 to 64; 2 unless set.</value>
    public int Count { get; init; } = 2;

    /// <summary>Gets how long a multiplexer may be without a connection before another takes its place. Until then it may find its way back by itself.</summary>
    /// <value>100 ms to 1 h; 10 s unless set.</value>
    public TimeSpan ReplaceAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets how often the multiplexers are looked at: whether they are connected, and how much they have to do.</summary>
    /// <value>10 ms to 1 min; 100 ms unless set.</value>
    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Gets the clock of all waits.</summary>
    /// <value><see cref="TimeProvider.System"/> unless set.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal MultiplexerPoolOptions Validated()
    {
        var faults = new OptionFaults();
        faults.InRange(Count, 1, 64);
        faults.InRange(ReplaceAfter, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));
        faults.InRange(CheckInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        if (TimeProvider is null) faults.Add($"{nameof(TimeProvider)} is null; allowed is a clock, TimeProvider.System unless set");
        faults.ThrowIfAny(nameof(MultiplexerPoolOptions));
        return this;
    }
}
