using System.Globalization;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>
/// How long something is to be kept. It is always said, never left out: a duration, an instant, or <see cref="Forever"/>.
/// </summary>
/// <remarks>
/// Durations count from when the server writes, and instants are judged by the server's clock; the clock of this process is never
/// asked. Everything is rounded up to whole milliseconds.
/// </remarks>
/// <example><c>await fields.SetAsync("dash:7", [("cpu", 71, TimeToLive.Seconds(5)), ("owner", "ada", TimeToLive.Hours(1))])</c></example>
public readonly struct TimeToLive : IEquatable<TimeToLive>
{
    private enum Kind : byte
    {
        None,
        Forever,
        Unchanged,
        After,
        At,
    }

    // 2^43 ms: below it all servers take an instant (Redis 8: below 2^46), and so does the fallback for those without field expiry.
    private const long LatestInstant = 1L << 43;
    private readonly Kind _kind;
    private readonly long _milliseconds;

    private TimeToLive(Kind kind, long milliseconds = 0)
    {
        _kind = kind;
        _milliseconds = milliseconds;
    }

    /// <summary>Gets the longest duration: 36,500 days. Servers count to 2^46 ms since 1970 (Redis) or further (Valkey).</summary>
    public static TimeSpan Longest => TimeSpan.FromDays(36_500);

    /// <summary>Gets the one that keeps until it is deleted; a time to live that there was is lost.</summary>
    public static TimeToLive Forever => new(Kind.Forever);

    /// <summary>Gets the one that leaves the time to live that there is. Where something may be new, it is refused, except for hash fields, which are then kept for ever.</summary>
    public static TimeToLive Unchanged => new(Kind.Unchanged);

    /// <summary>Gets the duration.</summary>
    /// <value>Null if it is none: an instant, <see cref="Forever"/>, <see cref="Unchanged"/>.</value>
    public TimeSpan? Duration => _kind == Kind.After ? TimeSpan.FromMilliseconds(_milliseconds) : null;

    internal bool IsMissing => _kind == Kind.None;

    internal bool IsForever => _kind == Kind.Forever;

    internal bool IsUnchanged => _kind == Kind.Unchanged;

    /// <summary>Gets a value indicating whether it ends at all.</summary>
    internal bool Ends => _kind is Kind.After or Kind.At;

    /// <summary>Keeps for a while.</summary>
    /// <param name="timeToLive">1 ms to <see cref="Longest"/>; a part of a millisecond counts as a whole one.</param>
    public static implicit operator TimeToLive(TimeSpan timeToLive) => After(timeToLive);

    /// <summary>Compares what is sent.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">Another.</param>
    /// <returns>Whether both are the same.</returns>
    public static bool operator ==(TimeToLive left, TimeToLive right) => left.Equals(right);

    /// <summary>Compares what is sent.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">Another.</param>
    /// <returns>Whether they differ.</returns>
    public static bool operator !=(TimeToLive left, TimeToLive right) => !left.Equals(right);

    /// <summary>Keeps for a while.</summary>
    /// <param name="duration">1 ms to <see cref="Longest"/>; a part of a millisecond counts as a whole one.</param>
    /// <returns>The time to live.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The duration is 0, negative, or longer than <see cref="Longest"/>.</exception>
    public static TimeToLive After(TimeSpan duration)
    {
        if (duration <= TimeSpan.Zero || duration > Longest)
        {
            throw new ArgumentOutOfRangeException(
                nameof(duration),
                duration,
                "A time to live is 1 ms to 36,500 days (servers count instants in milliseconds below 2^46). For longer, say TimeToLive.Forever; to have nothing, delete it.");
        }

        return new TimeToLive(Kind.After, (duration.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond);
    }

    /// <summary>Keeps until an instant of the server's clock. What is written with one that has passed is gone at once.</summary>
    /// <param name="instant">Later than 1970 and before the year 2248.</param>
    /// <returns>The time to live.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It is earlier or later.</exception>
    public static TimeToLive At(DateTimeOffset instant)
    {
        long milliseconds = instant.ToUnixTimeMilliseconds();
        if (milliseconds is <= 0 or >= LatestInstant)
            throw new ArgumentOutOfRangeException(nameof(instant), instant, "An instant lies after 1970 and before 2^43 ms since then, in the year 2248. For later, say TimeToLive.Forever.");
        return new TimeToLive(Kind.At, milliseconds);
    }

    /// <summary>Keeps for milliseconds.</summary>
    /// <param name="count">More than 0; at most <see cref="Longest"/>.</param>
    /// <returns>The time to live.</returns>
    public static TimeToLive Milliseconds(double count) => Of(count, TimeSpan.FromMilliseconds(1));

    /// <summary>Keeps for seconds.</summary>
    /// <param name="count">More than 0; at most <see cref="Longest"/>.</param>
    /// <returns>The time to live.</returns>
    public static TimeToLive Seconds(double count) => Of(count, TimeSpan.FromSeconds(1));

    /// <summary>Keeps for minutes.</summary>
    /// <param name="count">More than 0; at most <see cref="Longest"/>.</param>
    /// <returns>The time to live.</returns>
    public static TimeToLive Minutes(double count) => Of(count, TimeSpan.FromMinutes(1));

    /// <summary>Keeps for hours.</summary>
    /// <param name="count">More than 0; at most <see cref="Longest"/>.</param>
    /// <returns>The time to live.</returns>
    public static TimeToLive Hours(double count) => Of(count, TimeSpan.FromHours(1));

    /// <summary>Keeps for days of 24 hours.</summary>
    /// <param name="count">More than 0; at most <see cref="Longest"/>.</param>
    /// <returns>The time to live.</returns>
    public static TimeToLive Days(double count) => Of(count, TimeSpan.FromDays(1));

    /// <inheritdoc/>
    public bool Equals(TimeToLive other) => _kind == other._kind && _milliseconds == other._milliseconds;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TimeToLive other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_kind, _milliseconds);

    /// <inheritdoc/>
    public override string ToString() => _kind switch
    {
        Kind.Forever => "for ever",
        Kind.Unchanged => "as it was",
        Kind.After => $"{_milliseconds} ms",
        Kind.At => $"until {DateTimeOffset.FromUnixTimeMilliseconds(_milliseconds):O}",
        _ => "not said",
    };

    /// <summary>Refuses what is no choice at all, and, unless allowed, what is no duration or instant.</summary>
    internal TimeToLive Required(string name, bool orForever, bool orUnchanged)
    {
        if (_kind == Kind.None) throw new ArgumentException("No time to live is said: this is default(TimeToLive). Say a duration, such as TimeToLive.Minutes(5), or TimeToLive.Forever.", name);
        if (IsForever && !orForever) throw new ArgumentException("TimeToLive.Forever is no time to live that could run out here; to take one away, use PersistAsync.", name);
        if (IsUnchanged && !orUnchanged) throw new ArgumentException("TimeToLive.Unchanged has no meaning here: say a duration, such as TimeToLive.Minutes(5).", name);
        return this;
    }

    /// <summary>Spells it as the scripts read it.</summary>
    internal RedisArgument ForScript() => _kind switch
    {
        Kind.After => _milliseconds,
        Kind.At => "@" + _milliseconds.ToString(CultureInfo.InvariantCulture),
        Kind.Unchanged => "keep",
        _ => "never",
    };

    /// <summary>Spells it as an option of a command: <c>PX</c> or <c>PXAT</c>, and a number.</summary>
    internal (RedisArgument Option, RedisArgument Milliseconds) ForCommand() => (_kind == Kind.At ? "PXAT" : "PX", _milliseconds);

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
    internal Expiry ForExistingKey(string name) => _kind switch
    {
        Kind.After => Expiry.After(TimeSpan.FromMilliseconds(_milliseconds)),
        Kind.At => Expiry.At(DateTimeOffset.FromUnixTimeMilliseconds(_milliseconds)),
        Kind.Forever => Expiry.Never,
        Kind.Unchanged => Expiry.Keep,
        _ => throw new ArgumentException("No time to live was chosen: default(TimeToLive) says nothing. Choose TimeToLive.After(duration) or TimeToLive.Forever.", name),
    };

    /// <summary>Spells it as a script passes it on to <c>SET</c>: an option, empty for none, and a number that only some of them have.</summary>
    internal (string Option, long Milliseconds) ForSet() => _kind switch
    {
        Kind.After => ("PX", _milliseconds),
        Kind.At => ("PXAT", _milliseconds),
        Kind.Unchanged => ("KEEPTTL", 0),
        _ => (string.Empty, 0),
    };

    /// <summary>The command that gives it to a key that is there; null for <see cref="Unchanged"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="condition">Null for none; there is none with <see cref="Forever"/>.</param>
    internal RedisCommand<bool>? ForKey(RedisArgument key, string? condition = null) => (_kind, condition) switch
    {
        (Kind.After, null) => RedisKeys.Expire(key, TimeSpan.FromMilliseconds(_milliseconds)),
        (Kind.At, null) => RedisKeys.ExpireAt(key, DateTimeOffset.FromUnixTimeMilliseconds(_milliseconds)),
        (Kind.After, { } option) => RedisCommand.Create("PEXPIRE", key, _milliseconds, option).Returning(Replies.Boolean),
        (Kind.At, { } option) => RedisCommand.Create("PEXPIREAT", key, _milliseconds, option).Returning(Replies.Boolean),
        (Kind.Forever, _) => RedisKeys.Persist(key),
        _ => null,
    };

    private static TimeToLive Of(double count, TimeSpan unit)
    {
        double milliseconds = count * unit.TotalMilliseconds;
        if (!(milliseconds > 0) || milliseconds > Longest.TotalMilliseconds)
            throw new ArgumentOutOfRangeException(nameof(count), count, "A time to live is more than 0 and at most 36,500 days. For longer, say TimeToLive.Forever; to have nothing, delete it.");
        return new TimeToLive(Kind.After, (long)Math.Ceiling(milliseconds));
    }
}
