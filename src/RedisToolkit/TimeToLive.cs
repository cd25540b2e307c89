using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>
/// How long something is to be kept: a duration, for ever, or as long as it would have been anyway. There is no default: whoever
/// stores something says which, and <c>default(TimeToLive)</c> is refused.
/// </summary>
/// <example><c>TimeToLive.After(TimeSpan.FromHours(1))</c></example>
public readonly struct TimeToLive : IEquatable<TimeToLive>
{
    private readonly Choice _choice;
    private readonly TimeSpan _duration;

    private TimeToLive(Choice choice, TimeSpan duration = default)
    {
        _choice = choice;
        _duration = duration;
    }

    private enum Choice : byte
    {
        None,
        After,
        Forever,
        Unchanged,
    }

    /// <summary>Gets the longest duration.</summary>
    /// <value>36,500 days. What is to outlive that is kept <see cref="Forever"/>.</value>
    public static TimeSpan Longest { get; } = TimeSpan.FromDays(36_500);

    /// <summary>Gets the one that keeps it until it is deleted; a time to live that it had is lost.</summary>
    public static TimeToLive Forever => new(Choice.Forever);

    /// <summary>Gets the one that leaves it the time to live that it has. Only for writes that need something to be there: replace and update.</summary>
    public static TimeToLive Unchanged => new(Choice.Unchanged);

    /// <summary>Gets the duration.</summary>
    /// <value>Null if it is none: <see cref="Forever"/>, <see cref="Unchanged"/>.</value>
    public TimeSpan? Duration => _choice == Choice.After ? _duration : null;

    internal bool IsMissing => _choice == Choice.None;

    internal bool IsForever => _choice == Choice.Forever;

    internal bool IsUnchanged => _choice == Choice.Unchanged;

    /// <summary>Compares two choices.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">Another.</param>
    /// <returns>Whether they are the same.</returns>
    public static bool operator ==(TimeToLive left, TimeToLive right) => left.Equals(right);

    /// <summary>Compares two choices.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">Another.</param>
    /// <returns>Whether they differ.</returns>
    public static bool operator !=(TimeToLive left, TimeToLive right) => !left.Equals(right);

    /// <summary>Keeps it for a while, counted by the server from the write on.</summary>
    /// <param name="duration">1 ms to <see cref="Longest"/>; a part of a millisecond counts as a whole one.</param>
    /// <returns>The choice.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The duration is 0, negative, or longer than <see cref="Longest"/>.</exception>
    public static TimeToLive After(TimeSpan duration)
    {
        if (duration <= TimeSpan.Zero || duration > Longest)
        {
            throw new ArgumentOutOfRangeException(
                nameof(duration), duration, $"A time to live is 1 ms to {Longest.TotalDays:N0} days. To keep something until it is deleted, say TimeToLive.Forever.");
        }

        return new TimeToLive(Choice.After, duration);
    }

    /// <inheritdoc/>
    public bool Equals(TimeToLive other) => _choice == other._choice && _duration == other._duration;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TimeToLive other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_choice, _duration);

    /// <inheritdoc/>
    public override string ToString() => _choice switch
    {
        Choice.After => $"for {_duration:c}",
        Choice.Forever => "for ever",
        Choice.Unchanged => "as it was",
        _ => "not chosen",
    };

    /// <summary>What is sent with a write that may find nothing there.</summary>
    /// <exception cref="ArgumentException">Nothing was chosen, or there may be nothing whose time to live could stay.</exception>
    internal Expiry ForAnyKey(string name)
    {
        if (IsUnchanged)
            throw new ArgumentException("TimeToLive.Unchanged leaves a time to live as it is, and a new key has none: it would be kept for ever. Choose a duration, or TimeToLive.Forever.", name);
        return ForExistingKey(name);
    }

    /// <summary>What is sent with a write that needs something to be there.</summary>
    /// <exception cref="ArgumentException">Nothing was chosen.</exception>
    internal Expiry ForExistingKey(string name) => _choice switch
    {
        Choice.After => Expiry.After(_duration),
        Choice.Forever => Expiry.Never,
        Choice.Unchanged => Expiry.Keep,
        _ => throw new ArgumentException("No time to live was chosen: default(TimeToLive) says nothing. Choose TimeToLive.After(duration) or TimeToLive.Forever.", name),
    };
}
